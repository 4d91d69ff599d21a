import * as fc from 'fast-check';
import type { ChannelId } from '#domain';
import { RetryBudget } from './retry-budget';

const ICBC = 'icbc.quickpay' as ChannelId;
const CMB = 'cmb.quickpay' as ChannelId;

describe('the budget of second tries', () => {
  it('lets a tenth of a channel’s traffic be second tries, and no more', () => {
    const budget = new RetryBudget();
    for (let n = 0; n < 900; n += 1) budget.tried(ICBC, n);
    const allowed = Array.from({ length: 500 }, () => budget.mayRetry(ICBC, 900)).filter(Boolean);
    expect(allowed).toHaveLength(100);
  });

  it('lets a few go to a quiet channel, and counts each channel by itself', () => {
    const budget = new RetryBudget();
    const tries = (channel: ChannelId) => [1, 2, 3, 4].map(() => budget.mayRetry(channel, 500));
    expect(tries(ICBC)).toEqual([true, true, true, false]);
    expect(tries(CMB)).toEqual([true, true, true, false]);
    expect(budget.mayRetry(ICBC, 10_500)).toBe(true);
  });

  it('is not filled by the traffic of an hour ago', () => {
    const budget = new RetryBudget();
    for (let n = 0; n < 100_000; n += 1) budget.tried(ICBC, n / 100);
    expect(Array.from({ length: 50 }, () => budget.mayRetry(ICBC, 3_600_000)).filter(Boolean)).toHaveLength(3);
  });

  it('holds in every ten seconds, whatever comes when', () => {
    const aMoment = fc.record({ waitMs: fc.nat(3_000), first: fc.nat(40), retries: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(aMoment, { maxLength: 60 }), (moments) => {
        const budget = new RetryBudget();
        const log: { second: number; first: number; again: number }[] = [];
        let nowMs = 0;
        for (const { first, retries, waitMs } of moments) {
          nowMs += waitMs;
          for (let n = 0; n < first; n += 1) budget.tried(ICBC, nowMs);
          const again = Array.from({ length: retries }, () => budget.mayRetry(ICBC, nowMs)).filter(Boolean).length;
          log.push({ second: Math.floor(nowMs / 1_000), first, again });
          const last = log.filter(({ second }) => second > Math.floor(nowMs / 1_000) - 10);
          const allAgain = last.reduce((sum, one) => sum + one.again, 0);
          const all = last.reduce((sum, one) => sum + one.first, allAgain);
          if (again > 0) expect(allAgain).toBeLessThanOrEqual(Math.max(3, 0.1 * all));
        }
      }),
    );
  });
});
