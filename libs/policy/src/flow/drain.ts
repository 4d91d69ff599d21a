/**
 * How many payments a second leave the queue while there is one?
 *
 *   while something waits     what ended: the bank is as busy as we let it be, so its answers are its capacity
 *   while nothing waits       limit / mean round trip (Little's law): what it would be
 *
 * What the last queue showed is not remembered as a bound on the second: once too low, it would keep the queue empty and so itself
 * (scenario herd, seed 2: half the goodput).
 *
 * Never above the contract rate, and never below limit / timeout: by then every slot is free again, whatever the bank does.
 */

/** One step of the controller, as the drain sees it. */
interface DrainTick {
  readonly elapsedMs: number;
  readonly ended: number;
}

/** Plain data: the unbroken run of steps in which something waited, newest last. */
export interface DrainMeter {
  readonly ticks: readonly DrainTick[];
}

export const EMPTY_DRAIN: DrainMeter = { ticks: [] };

/** Ends enough for a rate that is right to a sixth (1/√40). */
const ENDS = 40;
/** Eight ticks: noise of a single one weighs an eighth. */
const AT_LEAST_MS = 1_600;
/** A slow channel is looked at for so long: older than that the bank may be another. */
const AT_MOST_MS = 10_000;

/** A change is believed after two ticks. */
const RECENT_TICKS = 2;
const STANDSTILL_MS = 1_000;
/** Standard errors of a count that is chance alone; and what reports that come in one tick or the next make of an even stream. */
const ERRORS = 3;
const UNEVEN = { two: 0.5, more: 0.4 };
/** After so long a queue is judged by what ended alone. */
const TRUSTED_MS = 600;

export interface DrainFacts {
  readonly elapsedMs: number;
  readonly ended: number;
  /** Something waited before and after, and the channel was open: what ended is what can end. */
  readonly saturated: boolean;
}

export function stepDrain(meter: DrainMeter, { elapsedMs, ended, saturated }: DrainFacts): DrainMeter {
  if (!saturated || elapsedMs <= 0) return saturated ? meter : EMPTY_DRAIN;
  const ticks = [...meter.ticks, { elapsedMs, ended }];
  let first = ticks.length;
  let ms = 0;
  let ends = 0;
  while (first > 0 && (ms < AT_LEAST_MS || ends < ENDS) && ms < AT_MOST_MS) {
    first -= 1;
    ms += ticks[first]!.elapsedMs;
    ends += ticks[first]!.ended;
  }
  return { ticks: withoutAnotherBank(ticks.slice(first)) };
}

/** What ended before the bank changed says nothing about it now: the longest end of the run that cannot be chance is kept alone. */
function withoutAnotherBank(ticks: readonly DrainTick[]): readonly DrainTick[] {
  for (let first = 1; first <= ticks.length - RECENT_TICKS; first += 1) {
    if (differ(ticks.slice(0, first), ticks.slice(first))) return ticks.slice(first);
  }
  return ticks;
}

function differ(before: readonly DrainTick[], after: readonly DrainTick[]): boolean {
  const ends = endsOf(after);
  const ms = lengthOf(after);
  // A standstill is waited out for a second: banks pause, and go on as before.
  if (ends === 0 && ms < STANDSTILL_MS) return false;
  const expected = (endsOf(before) * ms) / lengthOf(before);
  const uneven = after.length === RECENT_TICKS ? UNEVEN.two : UNEVEN.more;
  return Math.abs(ends - expected) > Math.max(ERRORS * Math.sqrt(Math.max(1, expected)), uneven * expected);
}

function endsOf(ticks: readonly DrainTick[]): number {
  return ticks.reduce((sum, { ended }) => sum + ended, 0);
}

function lengthOf(ticks: readonly DrainTick[]): number {
  return ticks.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0);
}

export interface DrainBounds {
  /** Calls that may be under way now. */
  readonly limit: number;
  readonly meanRoundTripMs: number;
  readonly timeoutMs: number;
  /** The contract's, payments a second. */
  readonly ratePerSecond: number;
}

/** @returns payments a second, above 0 while the limit is */
export function drainPerSecond({ ticks }: DrainMeter, bounds: DrainBounds): number {
  const { limit, meanRoundTripMs, ratePerSecond, timeoutMs } = bounds;
  if (limit <= 0) return 0;
  const byLittle = (limit * 1_000) / Math.max(1, meanRoundTripMs);
  const ms = lengthOf(ticks);
  const measured = ms > 0 ? (endsOf(ticks) * 1_000) / ms : byLittle;
  // The first ticks of a queue know little of it yet.
  const trust = Math.min(1, ms / TRUSTED_MS);
  const drain = trust * measured + (1 - trust) * byLittle;
  return Math.min(ratePerSecond, Math.max(drain, (limit * 1_000) / timeoutMs));
}
