/**
 * What does "busy" teach? A bank that refuses gives no delay to read, so its refusals are the measure: the calls in flight that were
 * really inside are those in flight less those on their way to a refusal, weighed by the time each took. That level is kept as a
 * ceiling for half a minute, and then tested slowly, because every test costs refused payments.
 */
import type { BusyCeiling, Cohort, LimiterInput } from './limiter-state';

/** One refusal may be a fault of its own, three are a bank that has enough. */
const BUSY_MIN = 3;
/** Below this share of answers it costs less than cutting does. */
const BUSY_SHARE = 0.02;
/** A test past the ceiling may cost this part of the answers: it waits until so many have come that its refusals are no more. */
const TEST_COST = 0.02;
/** Bounds of that wait, ms: a test takes a second, and a bank that comes back must be noticed. */
const WAIT_LEAST_MS = 3_000;
const WAIT_MOST_MS = 30_000;
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

/** A bank that still refuses just after a cut has a limit of another kind, a rate: then a little less than what it takes. */
const REPEATED_MS = 2_000;
const REPEATED_PART = 0.985;

/** The level at which the bank refuses, and the ceiling that this sets. A test that failed goes back to what was proven before it. */
export function cutToTaken(
  inside: number,
  nowMs: number,
  before: BusyCeiling | null,
): { limit: number; ceiling: BusyCeiling } {
  const repeated = before !== null && nowMs - before.atMs < REPEATED_MS;
  const proven = before === null || repeated ? 0 : before.proven;
  const limit = Math.max(1, proven, repeated ? inside * REPEATED_PART : inside);
  const refused = before?.refused ?? 0;
  const notBeforeMs = before?.notBeforeMs ?? nowMs;
  return { limit, ceiling: { limit, proven: 0, atMs: nowMs, refused, notBeforeMs, clean: 0 } };
}

/** The price of what is known so far: every refusal since the last test that was passed. */
export function countRefused(ceiling: BusyCeiling | null, input: LimiterInput): BusyCeiling | null {
  if (ceiling === null) return null;
  let { refused, notBeforeMs } = ceiling;
  for (const call of input.ended) {
    if (call.class !== 'busy') continue;
    refused += 1;
    // A bank may say "in an hour"; that is for the breaker to obey, a ceiling only waits as long as it ever does.
    notBeforeMs = Math.max(notBeforeMs, call.endedMs + Math.min(WAIT_MOST_MS, call.retryAfterMs ?? 0));
  }
  return { ...ceiling, refused, notBeforeMs };
}

/** How far a raise may go under a ceiling: not past it before a test is due, then by small steps that double. */
export function boundedBy(
  ceiling: BusyCeiling | null,
  nowMs: number,
  wanted: number,
  answersPerMs: number,
): { limit: number; ceiling: BusyCeiling | null } {
  if (ceiling === null || wanted <= ceiling.limit) return { limit: wanted, ceiling };
  const priceMs = answersPerMs > 0 ? ceiling.refused / (TEST_COST * answersPerMs) : WAIT_MOST_MS;
  const waitMs = Math.min(WAIT_MOST_MS, Math.max(WAIT_LEAST_MS, priceMs));
  const waits = nowMs < ceiling.notBeforeMs || (ceiling.clean === 0 && nowMs - ceiling.atMs < waitMs);
  if (waits) return { limit: ceiling.limit, ceiling };
  const step = Math.max(1, STEP * ceiling.limit) * 2 ** ceiling.clean;
  if (step > STEP_FREE * ceiling.limit) return { limit: wanted, ceiling: null };
  const past = ceiling.limit + step;
  return {
    limit: Math.min(wanted, past),
    ceiling: { ...ceiling, limit: past, proven: ceiling.limit, refused: 0, clean: ceiling.clean + 1 },
  };
}
