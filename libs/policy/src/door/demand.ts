/**
 * Who asks to come in, and how much? Rates that follow the counts of the doors: the sum quickly, so that a jump is seen in half a second,
 * a merchant's part slowly, so that chance is not taken for greed.
 *
 *   rate ← rate · e^(−Δ/τ) + count · (1 − e^(−Δ/τ)) / Δ
 */
import type { MerchantId, Tier } from '#domain';
import { type Demand, OTHER_MERCHANTS } from '../flow/words';

/** One tier's demand, payments a second. Plain data. */
export interface TierDemand {
  readonly perSecond: number;
  /** The largest first; at most MERCHANTS of them. */
  readonly merchants: readonly MerchantRate[];
  /** What all other merchants together ask for. */
  readonly othersPerSecond: number;
  /** Payments that the shares should have let in by their size, and those they did, of the last seconds. */
  readonly expected: number;
  readonly within: number;
}

export interface MerchantRate {
  readonly merchantId: MerchantId;
  readonly perSecond: number;
}

export const NO_DEMAND: TierDemand = { perSecond: 0, merchants: [], othersPerSecond: 0, expected: 0, within: 0 };

/** Merchants watched one by one, per channel and tier. The 65th largest of one channel is never the one who crowds it. */
const MERCHANTS = 64;
/** A sum is worth acting on after about 50 payments, but not before half a second nor after four. */
const SUM_PAYMENTS = 50;
const SUM_MS = { least: 500, most: 4_000 };
/** A merchant's part: 20 payments of a heavy one at 8 a second. */
const MERCHANT_MS = 2_500;
/** How crowded the shares are is judged over so long. */
const WITHIN_MS = 1_500;
/** Fewer say nothing about how crowded they are. */
const CROWDING_ENOUGH = 10;
/** Six tries each at three times the demand gather eightfold; below one it is chance, or payers who come more often. */
const CROWDING_MOST = 8;
const CROWDING_LEAST = 0.5;
/** One payment in 20 s is nobody to be named. */
const NEGLIGIBLE_PER_SECOND = 0.05;

export function stepDemand(state: TierDemand, counts: readonly Demand[], tier: Tier, elapsedMs: number): TierDemand {
  if (elapsedMs <= 0) return state;
  const mine = counts.filter((one) => one.tier === tier);
  const offered = mine.reduce((sum, one) => sum + one.offered, 0);
  const sumMs = Math.min(SUM_MS.most, Math.max(SUM_MS.least, (SUM_PAYMENTS * 1_000) / Math.max(1, state.perSecond)));
  const fade = Math.exp(-elapsedMs / Math.max(WITHIN_MS, sumMs));
  const rates = new Map(state.merchants.map(({ merchantId, perSecond }) => [merchantId, perSecond]));
  const fresh = new Map<MerchantId, number>();
  for (const { merchantId, offered: count } of mine) fresh.set(merchantId, (fresh.get(merchantId) ?? 0) + count);
  for (const merchantId of fresh.keys())
    if (merchantId !== OTHER_MERCHANTS && !rates.has(merchantId)) rates.set(merchantId, 0);
  const followed = [...rates].map(([merchantId, perSecond]) => ({
    merchantId,
    perSecond: follow(perSecond, fresh.get(merchantId) ?? 0, elapsedMs, MERCHANT_MS),
  }));
  const named = followed
    .filter(({ perSecond }) => perSecond >= NEGLIGIBLE_PER_SECOND)
    // Equal rates in the order of names: the same input gives the same plan.
    .sort((a, b) => b.perSecond - a.perSecond || (a.merchantId < b.merchantId ? -1 : 1));
  const dropped = named.slice(MERCHANTS).reduce((sum, { perSecond }) => sum + perSecond, 0);
  const others = follow(state.othersPerSecond, fresh.get(OTHER_MERCHANTS) ?? 0, elapsedMs, MERCHANT_MS);
  return {
    perSecond: follow(state.perSecond, offered, elapsedMs, sumMs),
    merchants: named.slice(0, MERCHANTS),
    othersPerSecond: others + dropped,
    expected: state.expected * fade + mine.reduce((sum, one) => sum + one.expected, 0),
    within: state.within * fade + mine.reduce((sum, one) => sum + one.within, 0),
  };
}

/**
 * How many more payments could be let in than the size of the shares says? Whoever was turned away comes back, whoever was let in does
 * not: so among those who ask the former gather, and a third of the cohorts may be a tenth of the payments. 1: evenly spread.
 */
export function crowding({ expected, within }: TierDemand): number {
  if (expected < CROWDING_ENOUGH) return 1;
  return Math.min(CROWDING_MOST, Math.max(CROWDING_LEAST, expected / Math.max(1, within)));
}

/** A rate that follows counts: those of the last τ weigh most. */
export function follow(perSecond: number, count: number, elapsedMs: number, tauMs: number): number {
  const kept = Math.exp(-elapsedMs / tauMs);
  return perSecond * kept + ((count * 1_000) / elapsedMs) * (1 - kept);
}
