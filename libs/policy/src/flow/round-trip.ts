/**
 * How long does the bank take now? A histogram whose old calls fade, so that quantiles cost nothing per call and the state stays small
 * whatever the rate.
 *
 *   bucket i holds round trips of 1.09^i … 1.09^(i+1) ms: 128 of them reach one minute, and a quantile is off by at most 4 %
 *   weight of a call = exp(−age / 5 s), or exp(−age / 60 s) while fewer than 40 are left: a slow channel keeps its memory
 */
import type { EndedCall } from '../limiter/limiter-state';

const BUCKETS = 128;
const RATIO = Math.log(1.09);
const FADES_MS = 5_000;
const FADES_SLOWLY_MS = 60_000;
/** Below so many calls a median is off by more than a tenth (1.25 σ/√n at σ = .5), so the old ones are kept longer. */
const ENOUGH = 40;

/** Plain data. Weights, not counts: they fade. */
export interface RoundTrips {
  /** Calls that were answered, by length. */
  readonly weights: readonly number[];
  readonly total: number;
  /** Mean over everything that held a slot, also silence: what Little's law needs. */
  readonly meanMs: number;
  readonly meanWeight: number;
}

/** @param guessMs what to believe before the first call */
export function createRoundTrips(guessMs: number): RoundTrips {
  return { weights: new Array<number>(BUCKETS).fill(0), total: 0, meanMs: guessMs, meanWeight: 0 };
}

/** Lets `elapsedMs` pass and adds the calls that ended meanwhile. */
export function stepRoundTrips(state: RoundTrips, elapsedMs: number, ended: readonly EndedCall[]): RoundTrips {
  const fade = Math.exp(-elapsedMs / (state.total > ENOUGH ? FADES_MS : FADES_SLOWLY_MS));
  const weights = state.weights.map((weight) => weight * fade);
  let total = state.total * fade;
  let meanWeight = state.meanWeight * fade;
  let sum = state.meanMs * meanWeight;
  for (const { class: kind, endedMs, startedMs } of ended) {
    if (kind === 'ignored') continue;
    const roundTripMs = Math.max(0, endedMs - startedMs);
    sum += roundTripMs;
    meanWeight += 1;
    if (kind !== 'worked') continue;
    weights[bucketOf(roundTripMs)]! += 1;
    total += 1;
  }
  return { weights, total, meanMs: meanWeight > 0 ? sum / meanWeight : state.meanMs, meanWeight };
}

/** @returns the round trip that a share of the answers did not exceed, ms; the mean while none was answered */
export function roundTripQuantile({ meanMs, total, weights }: RoundTrips, share: number): number {
  if (total < 1e-6) return meanMs;
  let left = share * total;
  for (let bucket = 0; bucket < weights.length; bucket += 1) {
    const weight = weights[bucket]!;
    if (weight >= left && weight > 0) return Math.exp((bucket + left / weight) * RATIO);
    left -= weight;
  }
  return meanMs;
}

function bucketOf(roundTripMs: number): number {
  if (roundTripMs <= 1) return 0;
  return Math.min(BUCKETS - 1, Math.floor(Math.log(roundTripMs) / RATIO));
}
