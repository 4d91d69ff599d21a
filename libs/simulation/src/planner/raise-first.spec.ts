import type { Plan, PlannedChannel } from './plan';
import { raiseFirst, shortfalls } from './raise-first';
import { runPlan } from './run-plan';

const channel = (id: string, over: Partial<PlannedChannel['limits']>): PlannedChannel => ({
  id,
  bank: { perSecond: 200, roundTripMs: 200 },
  limits: { ratePerSecond: 1_000, burst: 20, inFlightMax: 500, longestWaitMs: 2_000, timeoutMs: 5_000, ...over },
  forecast: { paying: [[0, 180]], bulk: [[0, 0]] },
});
const plan = (...channels: PlannedChannel[]): Plan => {
  return { name: 'x', about: { en: 'x', 'zh-CN': 'x' }, seconds: 30, countFromS: 10, channels };
};

describe('which limit should be raised first', () => {
  it('is the contract that turns most payments away', () => {
    const result = runPlan(
      plan(
        channel('a.quickpay', { ratePerSecond: 150 }),
        channel('b.quickpay', { ratePerSecond: 90 }),
        channel('c.quickpay', {}),
      ),
    );
    expect(shortfalls(result).map(({ channelId, boundBy }) => [channelId, boundBy])).toEqual([
      ['b.quickpay', 'ratePerSecond'],
      ['a.quickpay', 'ratePerSecond'],
    ]);
    const [first] = raiseFirst(result);
    expect(first).toMatchObject({ limit: 'ratePerSecond' });
    expect(first?.gained).toBeGreaterThan(200);
  });

  it('is the ceiling where the ceiling binds', () => {
    const result = runPlan(plan(channel('a.quickpay', { inFlightMax: 20 })));
    expect(raiseFirst(result)[0]).toMatchObject({ channelId: 'a.quickpay', limit: 'inFlightMax', from: 20, to: 24 });
  });

  it('is none where the bank itself is the bound: no limit makes a bank larger', () => {
    const crowded = { ...channel('a.quickpay', {}), forecast: { paying: [[0, 600]], bulk: [[0, 0]] } } as const;
    const result = runPlan(plan(crowded));
    expect(shortfalls(result)[0]).toMatchObject({ channelId: 'a.quickpay', boundBy: 'bank' });
    expect(raiseFirst(result)).toEqual([]);
  });
});
