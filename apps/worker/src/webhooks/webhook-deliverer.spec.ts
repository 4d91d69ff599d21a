import type { TakenWebhook, WebhookWish } from '#dispatch';
import type { WebhookEndpointId } from '#domain';
import { WebhookDeliverer } from './webhook-deliverer';

const endpointId = 'whe_a' as WebhookEndpointId;
const log = { info: jest.fn(), warn: jest.fn(), error: jest.fn() };

/** An outbox with so many deliveries for one endpoint, each to a payment of its own. */
function outboxOf(count: number) {
  let left = count;
  const wishes: WebhookWish[] = [];
  return {
    wishes,
    take: (wish: WebhookWish) => {
      wishes.push(wish);
      const room = Math.min(wish.rooms.get(endpointId) ?? wish.roomElse, wish.max, left);
      left -= room;
      const deliveries = Array.from({ length: room }, () => ({ endpointId }) as TakenWebhook);
      return Promise.resolve({ deliveries, next: '' as const });
    },
  };
}
/** Receivers that answer when the spec says so. */
function heldAnswers() {
  let waiting: ((result: { ok: boolean; elapsedMs: number; released: boolean }) => void)[] = [];
  return {
    deliver: jest.fn(
      () => new Promise<{ ok: boolean; elapsedMs: number; released: boolean }>((resolve) => waiting.push(resolve)),
    ),
    answerAll: () => {
      const answered = waiting;
      waiting = [];
      for (const resolve of answered) resolve({ ok: true, elapsedMs: 20, released: false });
    },
  };
}
const answersAtOnce = () => ({ deliver: jest.fn(() => Promise.resolve({ ok: true, elapsedMs: 1, released: false })) });

describe('the deliverer of webhooks', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('looks again as soon as a permit comes back that others waited for, not in the next idle round', async () => {
    const outbox = outboxOf(100);
    const deliver = heldAnswers();
    const deliverer = new WebhookDeliverer({ outbox, deliver, monotonicMs: () => 0, log });
    deliverer.start();
    // One, two, four, then eight at a time: sixteen rounds of 20 ms.
    for (let round = 0; round < 16; round += 1) {
      await jest.advanceTimersByTimeAsync(20);
      deliver.answerAll();
    }
    expect(deliver.deliver).toHaveBeenCalledTimes(100);
    await deliverer.stop(0);
  });

  it('looks five times a second into an empty outbox, and no longer once it is stopped', async () => {
    const outbox = outboxOf(0);
    const deliverer = new WebhookDeliverer({ outbox, deliver: answersAtOnce(), monotonicMs: () => 0, log });
    deliverer.start();
    await jest.advanceTimersByTimeAsync(1_001);
    expect(outbox.wishes).toHaveLength(6);
    const stopping = deliverer.stop(0);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await stopping).toBe(0);
    expect(outbox.wishes).toHaveLength(6);
  });

  it('goes on when the outbox answers again, and says once that it did not', async () => {
    const outbox = outboxOf(3);
    let down = true;
    const take = (wish: WebhookWish) => (down ? Promise.reject(new Error('gone')) : outbox.take(wish));
    const deliver = answersAtOnce();
    const deliverer = new WebhookDeliverer({ outbox: { take }, deliver, monotonicMs: () => 0, log });
    deliverer.start();
    await jest.advanceTimersByTimeAsync(3_500);
    expect(log.warn).toHaveBeenCalledTimes(1);
    down = false;
    await jest.advanceTimersByTimeAsync(2_000);
    expect(deliver.deliver).toHaveBeenCalledTimes(3);
    await deliverer.stop(0);
  });

  it('keeps its permits when a delivery cannot be handled', async () => {
    const outbox = outboxOf(5);
    const deliver = { deliver: jest.fn(() => Promise.reject(new Error('a bug of ours'))) };
    const deliverer = new WebhookDeliverer({ outbox, deliver, monotonicMs: () => 0, log });
    deliverer.start();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(deliver.deliver).toHaveBeenCalledTimes(5);
    expect(log.error).toHaveBeenCalled();
    await deliverer.stop(0);
  });
});
