import { type ChannelHold, type StandingOrder, nextTurnOf, nextWindow, orderAt } from './channel-order';
import type { ChannelId } from './ids';

const ICBC = 'icbc.quickpay' as ChannelId;
const NOW = 1_000_000;
const order = (hold: ChannelHold, changes: Partial<StandingOrder> = {}): StandingOrder => {
  const startsAt = changes.startsAt ?? NOW - 1_000;
  return {
    id: 1,
    target: ICBC,
    hold,
    by: 'Li Wei',
    why: 'test',
    startsAt,
    drainsAt: startsAt,
    endsAt: null,
    ...changes,
  };
};
const holdAt = (orders: readonly StandingOrder[], atMs = NOW) => orderAt(ICBC, orders, atMs)?.hold ?? null;

describe('the order in force', () => {
  it('is the strongest of those that stand, whichever came last', () => {
    expect(holdAt([])).toBeNull();
    expect(holdAt([order('kill'), order('isolate'), order('drain')])).toBe('kill');
    expect(holdAt([order('maintenance', { endsAt: NOW + 1 }), order('isolate')])).toBe('isolate');
  });

  it('of two alike is the one that lasts longer: a shorter one ends nothing', () => {
    const orders = [order('isolate', { endsAt: NOW + 10, why: 'short' }), order('isolate', { why: 'for good' })];
    expect(orderAt(ICBC, orders, NOW)).toMatchObject({ why: 'for good', until: null });
  });

  it('stops a channel altogether that is drained and paused at once, until one of the two ends', () => {
    const both = [order('pause', { endsAt: NOW + 50 }), order('drain', { endsAt: NOW + 10 })];
    expect(orderAt(ICBC, both, NOW)).toMatchObject({ hold: 'isolate', until: NOW + 10 });
    expect(holdAt(both, NOW + 10)).toBe('pause');
  });

  it('begins and ends with its window, to the millisecond, and drains before it', () => {
    const window = order('maintenance', { startsAt: NOW + 100, drainsAt: NOW + 40, endsAt: NOW + 200 });
    const seen = [39, 40, 99, 100, 199, 200].map((after) => holdAt([window], NOW + after));
    expect(seen).toEqual([null, 'drain', 'drain', 'maintenance', 'maintenance', null]);
    expect([NOW, NOW + 40, NOW + 100, NOW + 200].map((at) => nextTurnOf([window], at) - NOW)).toEqual([
      40,
      100,
      200,
      Infinity,
    ]);
    expect(nextWindow([window], NOW)).toEqual({ startsAt: NOW + 100, endsAt: NOW + 200 });
    expect(nextWindow([window], NOW + 100)).toBeNull();
  });
});
