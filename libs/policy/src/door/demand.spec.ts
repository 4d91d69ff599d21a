import { type MerchantId, TIER } from '#domain';
import { type Demand, OTHER_MERCHANTS } from '../flow/words';
import { NO_DEMAND, type TierDemand, crowding, stepDemand } from './demand';

const asked = (merchantId: string, offered: number, changes: Partial<Demand> = {}): Demand => ({
  merchantId: merchantId as MerchantId,
  tier: TIER.paying,
  offered,
  admitted: 0,
  expected: 0,
  within: 0,
  ...changes,
});
const after = (ticks: number, counts: readonly Demand[], start: TierDemand = NO_DEMAND): TierDemand => {
  let demand = start;
  for (let tick = 0; tick < ticks; tick += 1) demand = stepDemand(demand, counts, TIER.paying, 200);
  return demand;
};

describe('the demand of a tier', () => {
  it('follows a tenfold jump within half a second for the most part, and a merchant’s part of it slowly', () => {
    const calm = after(100, [asked('m', 20)]);
    expect(calm.perSecond).toBeCloseTo(100, 0);
    const jumped = after(3, [asked('m', 200)], calm);
    expect(jumped.perSecond).toBeGreaterThan(600);
    expect(jumped.merchants[0]!.perSecond).toBeLessThan(400);
  });

  it('is of its own tier alone', () => {
    expect(after(1, [asked('m', 20, { tier: TIER.bulk })])).toEqual(NO_DEMAND);
  });

  it('names a bounded number of merchants, the largest first, and loses nobody’s payments by it', () => {
    const many = Array.from({ length: 300 }, (_, place) => asked(`m_${place}`, place + 1));
    const { merchants, othersPerSecond, perSecond } = after(150, [...many, asked(OTHER_MERCHANTS, 50)]);
    expect(merchants).toHaveLength(64);
    expect(merchants[0]!.merchantId).toBe('m_299');
    const named = merchants.reduce((sum, one) => sum + one.perSecond, 0);
    expect((named + othersPerSecond) / perSecond).toBeCloseTo(1, 1);
  });

  it('forgets merchants who stopped', () => {
    expect(after(200, [], after(20, [asked('m', 20)])).merchants).toEqual([]);
  });

  it('knows how crowded its shares are: a third of the payers may be a tenth of those who ask', () => {
    const turnedAwayComeBack = asked('m', 100, { expected: 30, within: 10 });
    expect(crowding(after(20, [turnedAwayComeBack]))).toBeCloseTo(3, 6);
    expect(crowding(NO_DEMAND)).toBe(1);
    expect(crowding(after(20, [asked('m', 100, { expected: 100, within: 0 })]))).toBe(8);
  });
});
