import type { ChannelId, Payment } from '#domain';
import { placeInQueue } from './queue-place';
import { SLOW, flowOf } from './spec-kit/fake-flow';

const flow = flowOf({ 'icbc.quickpay': { wait: SLOW } });
const payment = (head: Partial<Payment['head']>, ahead: number | null = 120): Payment =>
  ({
    acceptance:
      ahead === null ? null : { queue: { ahead, etaMs: { p50: 1, p90: 2 }, asOf: 0 }, suggestions: [], rerouted: null },
    head: { state: 'queued', version: 1, channelId: 'icbc.quickpay' as ChannelId, queuedAt: 10_000, ...head },
  }) as unknown as Payment;

describe('a payment’s place in the queue', () => {
  it('moves up with what has left, whoever came after', () => {
    expect(placeInQueue(payment({}), flow, 10_000)).toMatchObject({ ahead: 120, asOf: 9_800 });
    expect(placeInQueue(payment({}), flow, 10_500)).toMatchObject({ ahead: 70 });
    expect(placeInQueue(payment({}), flow, 12_000)).toMatchObject({ ahead: 0, etaMs: { p50: 250 } });
  });

  it('is a newcomer’s at worst: where it came to another channel, or nobody noted where it began', () => {
    expect(placeInQueue(payment({}, null), flow, 10_000)).toMatchObject({
      ahead: 150,
      etaMs: { p50: 1_750, p90: 2_600 },
    });
    expect(placeInQueue(payment({ version: 2 }, 3), flow, 10_000)).toMatchObject({ ahead: 150 });
    expect(placeInQueue(payment({}, 999), flow, 10_000)).toMatchObject({ ahead: 150 });
  });

  it('is nobody’s who does not wait, and unknown where no controller has spoken', () => {
    expect(placeInQueue(payment({ state: 'processing' }), flow, 10_000)).toBeNull();
    expect(placeInQueue(payment({}), flowOf({}), 10_000)).toBeNull();
  });
});
