/**
 * What were our forecasts worth? Quantiles of ln(actual / point) over the last minute, in bins of point / round trip.
 *
 * Sampled by *time*, one outcome per bin and 200 ms: all payments of one moment share one error, and 400 payments of half a second say
 * less than 20 of ten seconds (flow-control.md §6: coverage .44 against .90). The bank goes on changing, so the level that is asked of
 * the quantile adapts itself: each outcome above what the payer was told raises it, each one below lowers it a little, until nine of ten
 * stay below (adaptive conformal inference, Gibbs and Candès, 2021).
 */
import { type WaitCorrection, type WaitOutcome } from '../flow/words';
import { BIN_ENDS, PRIOR_CORRECTIONS, binOf, logRatio } from './forecast';
import { censoredQuantile, sortObserved } from './quantile';

/** Long enough for 300 samples, short enough to forget the bank of a minute ago. */
const WINDOW_MS = 70_000;
const SAMPLE_EVERY_MS = 200;
/** Fewer say nothing about a ninth decile. */
const ENOUGH = 20;
/** The quantiles are taken anew so often: they move by a three-hundredth per sample. */
const REFRESH_MS = 1_000;

/** What the p90 is to cover. */
const COVERAGE = 0.9;
/** Step of the adaptation per sample: a lasting excess of a tenth moves the level by .05 in 20 s. */
const STEP = 0.005;
const LEVEL_MIN = 0.5;
const LEVEL_MAX = 0.995;
/** A tick with many outcomes counts more than one with few, within bounds: coverage is counted in payments. */
const WEIGHT_MAX = 4;

/** One outcome: [when it was heard, ln(actual / point), 1 where it is a lower bound]. Short, for there are hundreds of them. */
type Sample = readonly [atMs: number, value: number, censored: 0 | 1];

interface Bin {
  /** Oldest first. */
  readonly samples: readonly Sample[];
  /** The level of the p90's quantile. */
  readonly level: number;
  /** Outcomes in a usual step of the controller. */
  readonly usual: number;
  readonly refreshedMs: number;
}

/** Plain data. */
export interface Calibration {
  readonly bins: readonly Bin[];
  readonly corrections: readonly WaitCorrection[];
}

export function createCalibration(nowMs: number): Calibration {
  const bin: Bin = { samples: [], level: COVERAGE, usual: 1, refreshedMs: nowMs };
  return { bins: BIN_ENDS.map(() => bin), corrections: PRIOR_CORRECTIONS };
}

/** Adds what the doors heard since the last step. @param random draws which outcome of a bin is kept */
export function stepCalibration(
  state: Calibration,
  outcomes: readonly WaitOutcome[],
  nowMs: number,
  random: () => number,
): Calibration {
  const byBin = BIN_ENDS.map((): WaitOutcome[] => []);
  for (const outcome of outcomes) byBin[binOf(outcome.pointMs, outcome.roundTripMs)]?.push(outcome);
  const corrections: WaitCorrection[] = [];
  const bins = state.bins.map((bin, place) => {
    const grown = stepBin(bin, byBin[place]!, nowMs, random);
    const due = nowMs - grown.refreshedMs >= REFRESH_MS;
    corrections.push(due ? correctionFrom(grown, place) : state.corrections[place]!);
    return due ? { ...grown, refreshedMs: nowMs } : grown;
  });
  return { bins, corrections };
}

function stepBin(bin: Bin, outcomes: readonly WaitOutcome[], nowMs: number, random: () => number): Bin {
  // Most bins of most channels: nothing came, at most something is forgotten.
  if (outcomes.length === 0) {
    const samples = addSample(bin.samples, outcomes, nowMs, random);
    return samples === bin.samples ? bin : { ...bin, samples };
  }
  const told = outcomes.filter(({ actualMs, censored, p90Ms }) => !censored || actualMs > p90Ms);
  const missed = told.filter(({ actualMs, p90Ms }) => actualMs > p90Ms).length;
  const usual = bin.usual + (outcomes.length - bin.usual) / 20;
  const weight = told.length > 0 ? Math.min(WEIGHT_MAX, told.length / usual) : 0;
  const excess = told.length > 0 ? missed / told.length - (1 - COVERAGE) : 0;
  const level = Math.min(LEVEL_MAX, Math.max(LEVEL_MIN, bin.level + STEP * weight * excess));
  return { ...bin, samples: addSample(bin.samples, outcomes, nowMs, random), level, usual };
}

function addSample(
  samples: readonly Sample[],
  outcomes: readonly WaitOutcome[],
  nowMs: number,
  random: () => number,
): readonly Sample[] {
  const oldest = samples[0];
  const kept =
    oldest && nowMs - oldest[0] > WINDOW_MS ? samples.filter(([atMs]) => nowMs - atMs <= WINDOW_MS) : samples;
  const newest = kept.at(-1);
  // A tick may come a few milliseconds early.
  if (outcomes.length === 0 || (newest && nowMs - newest[0] < SAMPLE_EVERY_MS * 0.9)) return kept;
  const one = outcomes[Math.min(outcomes.length - 1, Math.floor(random() * outcomes.length))]!;
  const value = Math.round(logRatio(one.actualMs, one.pointMs) * 1_000) / 1_000;
  return [...kept, [nowMs, value, one.censored ? 1 : 0]];
}

function correctionFrom({ level, samples }: Bin, place: number): WaitCorrection {
  if (samples.length < ENOUGH) return PRIOR_CORRECTIONS[place]!;
  const sorted = sortObserved(samples.map(([, value, censored]) => ({ value, censored: censored === 1 })));
  const median = Math.exp(censoredQuantile(sorted, 0.5));
  const p90 = Math.max(median, Math.exp(censoredQuantile(sorted, level)));
  return { upToRoundTrips: BIN_ENDS[place]!, median, p90 };
}
