import type { Clock } from '#dispatch';
import type { Payment, PaymentState } from '#domain';
import { isFinal } from '#domain';
import type { PaymentFeed, PaymentsListener } from '#postgres';
import { DeadlineWheel } from './deadline-wheel';
import { PaymentWaits } from './payment-waits';
import { PaymentWatch } from './payment-watch';

const ID = 'pay_1';

function waits() {
  let payment = { id: ID, head: { state: 'queued', version: 1 } } as Payment;
  let tell: PaymentsListener = () => undefined;
  let reset: () => void = () => undefined;
  const feed: PaymentFeed = {
    subscribe: (listener) => ((tell = listener), () => undefined),
    onReset: (listener) => ((reset = listener), () => undefined),
  };
  const read = jest.fn(() => Promise.resolve(payment));
  const watch = new PaymentWatch({ read }, feed, { warn: () => undefined }, 10);
  const wheel = new DeadlineWheel(0);
  const all = new PaymentWaits(watch, wheel, { monotonicMs: () => 0 } as Clock);
  const move = (state: PaymentState): void => {
    payment = { ...payment, head: { ...payment.head, state, version: payment.head.version + 1 } };
  };
  return {
    read,
    watch,
    wait: (knownQueued: boolean) =>
      all.until({
        id: ID,
        read,
        enough: isFinal,
        knownQueued: () => knownQueued,
        patienceMs: 1_000,
        onGone: () => undefined,
      }),
    move,
    moveAndTell: (state: PaymentState) => (move(state), tell([ID], [state])),
    tellWithoutState: () => tell([ID], [null]),
    reset: () => reset(),
    patienceEnds: () => wheel.tick(2_000),
  };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a long-poll', () => {
  it('reads once for the end of a payment whose acceptance is fresh, and not on the way', async () => {
    const { moveAndTell, read, wait } = waits();
    const answer = wait(true);
    moveAndTell('processing');
    await turn();
    expect(read).not.toHaveBeenCalled();
    moveAndTell('succeeded');
    expect((await answer).head).toMatchObject({ state: 'succeeded', version: 3 });
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('answers with the payment as it stands when the patience ends, not as it stood at the begin', async () => {
    for (const knownQueued of [true, false]) {
      const { moveAndTell, patienceEnds, wait } = waits();
      const answer = wait(knownQueued);
      await turn();
      moveAndTell('processing');
      patienceEnds();
      expect((await answer).head).toMatchObject({ state: 'processing', version: 2 });
    }
  });

  it('reads after every notification that does not say the state, and after missed ones', async () => {
    const { move, read, reset, tellWithoutState, wait, watch } = waits();
    const answer = wait(true);
    move('processing');
    tellWithoutState();
    await turn();
    expect(read).toHaveBeenCalledTimes(1);
    move('failed');
    reset();
    expect((await answer).head.state).toBe('failed');
    expect(watch.size).toBe(0);
  });

  it('shares the notification with a stream, which hears of every step', async () => {
    const { moveAndTell, wait, watch } = waits();
    const heard: string[] = [];
    watch.watch(
      ID,
      ({ head }) => void heard.push(head.state),
      () => true,
    );
    const answer = wait(true);
    for (const state of ['processing', 'unknown', 'succeeded'] as const) {
      moveAndTell(state);
      await turn();
    }
    expect((await answer).head.state).toBe('succeeded');
    expect(heard).toEqual(['processing', 'unknown', 'succeeded']);
  });
});
