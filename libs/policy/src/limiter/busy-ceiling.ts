/**
 * What does "busy" teach? A bank that refuses gives no delay to read, so its refusals are the measure: the calls in flight that were
 * really inside are those in flight less those on their way to a refusal, weighed by the time each took. That level is kept as a
 * ceiling for half a minute, and then tested slowly, because every test costs refused payments.
 */
import type { BusyCeiling, Cohort } from './limiter-state';

/** One refusal may be a fault of its own, three are a bank that has enough. */
const BUSY_MIN = 3;
/** Below this share of answers it costs less than cutting does. */
const BUSY_SHARE = 0.02;
/** How long a ceiling stands, ms: at two epochs a second a retest every half minute costs under 1 % of the answers. */
const CEILING_MS = 30_000;
/** Step past a ceiling that has run out, per epoch; doubled with each epoch from this many clean ones on. */
const STEP = 0.015;
const CLEAN_BEFORE_DOUBLING = 4;

/** Calls in flight that the bank would have taken, or `null` if it did not refuse enough to tell. */
export function takenInside(cohort: Cohort, inFlight: number, nowMs: number): number | null {
  const answers = cohort.busy + cohort.workedMs.length + cohort.censoredMs.length;
  if (cohort.busy < BUSY_MIN || cohort.busy / answers <= BUSY_SHARE) return null;
  // Little's law for refusals alone: those under way are their rate times what each took.
  const refused = cohort.busyMs / Math.max(1, nowMs - cohort.fromMs);
  return Math.max(1, inFlight - refused);
}

export function ceilingAt(limit: number, nowMs: number): BusyCeiling {
  return { limit, untilMs: nowMs + CEILING_MS, clean: 0 };
}

/** How far a raise may go under a ceiling: not past it while it stands, a small step past it afterwards. */
export function boundedBy(
  ceiling: BusyCeiling | null,
  nowMs: number,
  wanted: number,
): { limit: number; ceiling: BusyCeiling | null } {
  if (ceiling === null || wanted <= ceiling.limit) return { limit: wanted, ceiling };
  if (nowMs < ceiling.untilMs) return { limit: ceiling.limit, ceiling };
  const step = STEP * 2 ** Math.max(0, ceiling.clean + 1 - CLEAN_BEFORE_DOUBLING);
  const past = Math.max(ceiling.limit * (1 + step), ceiling.limit + 1);
  // A step of a third is no step any more: the bank takes more again, and growth is free.
  if (step > 0.3) return { limit: wanted, ceiling: null };
  return { limit: Math.min(wanted, past), ceiling: { ...ceiling, limit: past, clean: ceiling.clean + 1 } };
}
