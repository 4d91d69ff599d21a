import * as fc from 'fast-check';
import { LEASE_FULL_MS, leaseAfter, leaseShare } from './lease-after';
import { shareOut, shareOutAll } from './share-out';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

describe('sharing a whole number of slots', () => {
  it('gives those who want little all of it, and the rest evenly to those who want more', () => {
    expect(shareOut(100, [80, 10, 60])).toEqual([45, 10, 45]);
    expect(shareOut(2, [Infinity, Infinity, Infinity])).toEqual([1, 1, 0]);
    expect(shareOut(10, [2, 3])).toEqual([2, 3]);
    expect(shareOutAll(10, [2, 3])).toEqual([5, 5]);
  });

  it('loses none, gives nobody more than wanted, and leaves nobody two behind another who got more', () => {
    const wants = fc.array(fc.oneof(fc.nat({ max: 400 }), fc.constant(Infinity)), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.nat({ max: 10_000 }), wants, (total, wanted) => {
        const shares = shareOut(total, wanted);
        expect(sum(shares)).toBe(Math.min(total, sum(wanted)));
        expect(sum(shareOutAll(total, wanted))).toBe(total);
        const most = Math.max(...shares);
        shares.forEach((share, place) => {
          expect(Number.isInteger(share) && share >= 0 && share <= wanted[place]!).toBe(true);
          if (share < wanted[place]!) expect(share).toBeGreaterThanOrEqual(most - 1);
        });
      }),
    );
  });
});

describe('a lease that nobody renews', () => {
  const lease = { inFlight: { pay: 40, inquiry: 4, giving_back: 2 }, ratePerSecond: 100 };

  it('holds in full while a controller may only be changing', () => {
    expect(leaseAfter(lease, LEASE_FULL_MS)).toEqual(lease);
  });

  it('keeps well over 70 % through a minute without Redis, and never grows with age', () => {
    const minute = Array.from({ length: 61 }, (_, second) => leaseShare(second * 1_000));
    expect(sum(minute) / 61).toBeGreaterThan(0.85);
    expect(leaseAfter(lease, 60_000)).toEqual({ inFlight: { pay: 30, inquiry: 4, giving_back: 2 }, ratePerSecond: 75 });
    fc.assert(
      fc.property(fc.nat(2e6), fc.nat(2e6), (a, b) => {
        expect(leaseShare(Math.max(a, b))).toBeLessThanOrEqual(leaseShare(Math.min(a, b)));
      }),
    );
  });

  it('never opens a channel that was closed, and never closes one by silence', () => {
    const one = { inFlight: { pay: 1, inquiry: 4, giving_back: 2 }, ratePerSecond: 0 };
    expect(leaseAfter(one, 1e9)).toEqual(one);
    expect(leaseAfter(lease, 1e9)).toMatchObject({ inFlight: { pay: 10 }, ratePerSecond: 25 });
  });
});
