/**
 * How many payments a second leave the queue while there is one?
 *
 *   while something waits     what ended: the bank is as busy as we let it be, so its answers are its capacity
 *   while nothing waits       limit / mean round trip (Little's law): what it would be
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
/** One second at least; a fifth of it was noise of single ticks. */
const AT_LEAST_MS = 1_000;
/** A slow channel is looked at for so long: older than that the bank may be another. */
const AT_MOST_MS = 10_000;

/** The last ticks against those before: three, for a report may come in one tick or the next. */
const RECENT_MS = 600;
const STANDSTILL_MS = 1_000;
/** Standard errors of a count that is chance alone; and what uneven reports make of an even stream, as a part of it. */
const ERRORS = 3;
const UNEVEN = 0.4;

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

/** What ended before the bank changed says nothing: when the last ticks cannot be chance, only they are kept. */
function withoutAnotherBank(ticks: readonly DrainTick[]): readonly DrainTick[] {
  let first = ticks.length;
  let ms = 0;
  let ends = 0;
  while (first > 0 && ms < RECENT_MS) {
    first -= 1;
    ms += ticks[first]!.elapsedMs;
    ends += ticks[first]!.ended;
  }
  const before = ticks.slice(0, first);
  const beforeMs = before.reduce((sum, tick) => sum + tick.elapsedMs, 0);
  // A standstill is waited out for a second: banks pause, and go on as before.
  if (beforeMs < RECENT_MS || (ends === 0 && ms < STANDSTILL_MS)) return ticks;
  const expected = (before.reduce((sum, tick) => sum + tick.ended, 0) * ms) / beforeMs;
  const chance = Math.max(ERRORS * Math.sqrt(Math.max(1, expected)), UNEVEN * expected);
  return Math.abs(ends - expected) > chance ? ticks.slice(first) : ticks;
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
  const ms = ticks.reduce((sum, tick) => sum + tick.elapsedMs, 0);
  const ended = ticks.reduce((sum, tick) => sum + tick.ended, 0);
  const measured = ms > 0 ? (ended * 1_000) / ms : byLittle;
  // The first second of a queue knows little of it yet.
  const trust = Math.min(1, ms / AT_LEAST_MS);
  const drain = trust * measured + (1 - trust) * byLittle;
  return Math.min(ratePerSecond, Math.max(drain, (limit * 1_000) / timeoutMs));
}
