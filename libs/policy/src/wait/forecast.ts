/**
 * How long does a payment that comes in now wait for its answer?
 *
 *   in our queue   (waiting + calls under way beyond the limit) / what leaves a second, and until the breaker may let it
 *   at the bank    the median round trip
 *
 * That is the point. What it is worth is learnt from how past points turned out (calibration.ts): payers are told point × median, and
 * point × p90 as the upper end, both by how many round trips the point is long: a payment that need not wait varies as the bank does, one
 * that waits for a thousand others hardly at all.
 */
import type { WaitCorrection } from '../flow/words';

/** Points up to so many round trips share a bin; the last bin has no end. */
export const BIN_ENDS: readonly (number | null)[] = [1.25, 2, 4, 8, null];

/**
 * What is believed before anything was learnt: wide where the bank's own spread counts, narrower where many payments average it out.
 * The widths of banks whose round trips have σ = .5.
 */
export const PRIOR_CORRECTIONS: readonly WaitCorrection[] = BIN_ENDS.map((upToRoundTrips, bin) => ({
  upToRoundTrips,
  median: 1,
  p90: [1.9, 1.8, 1.7, 1.6, 1.5][bin]!,
}));

/** The least that a forecast is about: a millisecond, so that ratios exist. */
const LEAST_MS = 1;

export interface WaitFacts {
  /** Payments that wait before it, in our queue. */
  readonly ahead: number;
  readonly drainPerSecond: number;
  /** Until the breaker or an operator's pause may let anything go, ms; 0: now. */
  readonly opensInMs: number;
}

/** Wait in our queue, ms. With nothing draining it never ends: Infinity. */
export function queueWaitMs({ ahead, drainPerSecond, opensInMs }: WaitFacts): number {
  if (ahead <= 0) return opensInMs;
  return opensInMs + (ahead * 1_000) / drainPerSecond;
}

/** The correction that holds for a point. */
export function correctionOf(
  pointMs: number,
  roundTripMs: number,
  corrections: readonly WaitCorrection[],
): WaitCorrection {
  const found = corrections.find(
    ({ upToRoundTrips }) => upToRoundTrips === null || pointMs <= upToRoundTrips * roundTripMs,
  );
  return found ?? PRIOR_CORRECTIONS.at(-1)!;
}

/** The bin of a point: its place in BIN_ENDS. */
export function binOf(pointMs: number, roundTripMs: number): number {
  return BIN_ENDS.findIndex((end) => end === null || pointMs <= end * Math.max(LEAST_MS, roundTripMs));
}

/** ln(actual / point), of two times that may be 0. */
export function logRatio(actualMs: number, pointMs: number): number {
  return Math.log(Math.max(LEAST_MS, actualMs) / Math.max(LEAST_MS, pointMs));
}
