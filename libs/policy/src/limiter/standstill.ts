/**
 * Does the bank stand still? Work that stops altogether for half a second is a pause (garbage collection, a log switch), and after it
 * everything is as before: what its calls took says nothing about the bank's size. So the limit is held, for a while.
 */
import { isSilent, seenMs } from './answer-flow';
import { newCohort } from './cohort';
import type { LimiterInput, LimiterState } from './limiter-state';

/** A standstill that lasts longer than this, or two service times, is an outage and no pause, ms. */
const PAUSE_MOST_MS = 1_500;

/** The state in a standstill or just after one; `null` where there is none. */
export function freeze(state: LimiterState, input: LimiterInput): LimiterState | null {
  const silent = input.underWaySinceMs.length > 0 && isSilent(state.lastAnswerMs, seenMs(input), state.flow);
  if (!silent) {
    if (state.frozenSinceMs === null) return null;
    return {
      ...state,
      frozenSinceMs: null,
      cohort: newCohort(input.nowMs),
      older: null,
      reason: { code: 'limit_thawed' },
    };
  }
  const sinceMs = state.frozenSinceMs ?? input.nowMs;
  if (input.nowMs - sinceMs > Math.max(PAUSE_MOST_MS, 2 * state.serviceMs)) return null;
  return { ...state, frozenSinceMs: sinceMs, reason: { code: 'limit_frozen', since_ms: input.nowMs - sinceMs } };
}
