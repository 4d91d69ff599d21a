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
/** A test past the ceiling may cost this part of the answers: it waits until so many have come that its refusals are no more. */
const TEST_COST = 0.02;
/** Bounds of that wait, ms: a test takes a second, and a bank that comes back must be noticed. */
const WAIT_LEAST_MS = 3_000;
const WAIT_MOST_MS = 30_000;
/** Cuts closer together than this are one discovery, ms: a cut takes two steps of the loop to show. */
const SAME_DISCOVERY_MS = 2_000;
/** First step past a ceiling, as a part of it, at least one call; each one that meets no refusal doubles the next. */
const STEP = 0.01;
/** From this step on the ceiling is forgotten: the bank takes more again. */
const STEP_FREE = 0.5;

/** Calls in flight that the bank would have taken, or `null` if it did not refuse enough to tell. */
export function takenInside(cohort: Cohort, inFlight: number, nowMs: number): number | null {
  const answers = cohort.busy + cohort.workedMs.length + cohort.censoredMs.length;
  if (cohort.busy < BUSY_MIN || cohort.busy / answers <= BUSY_SHARE) return null;
  // Little's law for refusals alone: those under way are their rate times what each took.
  const refused = cohort.busyMs / Math.max(1, nowMs - cohort.fromMs);
  return Math.max(1, inFlight - refused);
}

/**
 * The level at which the bank refused, and when to test it: `refused` calls were the price of learning it, together with those of the
 * cuts just before, which were the same discovery.
 */
export function ceilingAt(
  limit: number,
  refused: number,
  answersPerMs: number,
  nowMs: number,
  before: BusyCeiling | null,
): BusyCeiling {
  const spent = refused + (before !== null && nowMs - before.atMs < SAME_DISCOVERY_MS ? before.refused : 0);
  const waitMs = answersPerMs > 0 ? spent / (TEST_COST * answersPerMs) : WAIT_MOST_MS;
  const untilMs = nowMs + Math.min(WAIT_MOST_MS, Math.max(WAIT_LEAST_MS, waitMs));
  return { limit, atMs: nowMs, untilMs, refused: spent, clean: 0 };
}

/** How far a raise may go under a ceiling: not past it while it stands, then by small steps that double. */
export function boundedBy(
  ceiling: BusyCeiling | null,
  nowMs: number,
  wanted: number,
): { limit: number; ceiling: BusyCeiling | null } {
  if (ceiling === null || wanted <= ceiling.limit) return { limit: wanted, ceiling };
  if (nowMs < ceiling.untilMs) return { limit: ceiling.limit, ceiling };
  const step = Math.max(1, STEP * ceiling.limit) * 2 ** ceiling.clean;
  if (step > STEP_FREE * ceiling.limit) return { limit: wanted, ceiling: null };
  const past = ceiling.limit + step;
  return { limit: Math.min(wanted, past), ceiling: { ...ceiling, limit: past, clean: ceiling.clean + 1 } };
}
