/**
 * When does the limit go down, and how far? By delay: most of the way to what was read, all of it if the excess is large and seen twice
 * or by two witnesses. By refusals: to what the bank takes.
 */
import { cutToTaken, takenInside } from './busy-ceiling';
import { FLOW_TICK_MS } from '../flow/words';
import { ACTUATION_MS, inFlightOf } from './cohort';
import type { LimiterInput, LimiterState } from './limiter-state';
import { afterCutting } from './probe-plan';
import { excessByFlow, isTooMuch, LARGE_EXCESS, readCohort, readingOf, targetOf, type View } from './read-cohort';
import { reasonOf, setLimit } from './set-limit';

/** A cut by a moderate excess goes this part of the way: what was read has an error. */
const CUT_PART = 0.7;
/** Never below this part of the limit at once: a reading that asks for more is more likely wrong. */
const CUT_TO_LEAST = 0.35;
/** While calls drain, a further cut must be worth this part at least. */
const FURTHER = 0.9;
/** So much more excess in the flow of answers than in the delays is no noise: four standard errors of either. */
const CHANGING_EXCESS = 0.3;
/** How long a load that made a large queue is remembered, ms: a few settlings. */
const CROWDED_MS = 30_000;

/** A large excess must be seen at two steps before it costs half the limit. */
export function cutOrConfirm(state: LimiterState, input: LimiterInput, view: View): LimiterState {
  const target = targetOf(state, view);
  const large = view.inFlight / (target / (1 + view.headroom)) - 1 > LARGE_EXCESS;
  const confirmed = state.alarms > 0 || (excessByFlow(state, view.inFlight) ?? 0) > LARGE_EXCESS;
  if (large && !confirmed) return { ...state, alarms: 1, reason: reasonOf('limit_excess_seen', view) };
  const limit = state.limit + (large ? 1 : CUT_PART) * (target - state.limit);
  const next = cut(state, input, view, Math.min(limit, state.limit));
  if (!large) return next;
  const crowded = { inFlight: view.inFlight, untilMs: input.nowMs + CROWDED_MS };
  return { ...next, crowded, probes: afterCutting(next.probes, input.nowMs) };
}

function cut(state: LimiterState, input: LimiterInput, view: View, limit: number): LimiterState {
  const limitBefore = Math.max(state.limit, state.untested?.limitBefore ?? 0);
  const before = state.untested?.before ?? readingOf(view);
  // Said once: a bank that stays slower for good looks as if it were changing for ever.
  const changing = state.untested === null && isChanging(state, view);
  const testing = { kind: 'testing', before, limitBefore, changing } as const;
  const wanted = Math.max(1, limit, CUT_TO_LEAST * state.limit);
  const next = setLimit(state, input, wanted, testing, reasonOf('limit_cut_delay', view));
  return { ...next, room: 0, older: { ...state.cohort, untilMs: input.nowMs + ACTUATION_MS } };
}

/** The flow of answers knows of a change before the delays do. */
function isChanging(state: LimiterState, view: View): boolean {
  return (excessByFlow(state, view.inFlight) ?? 0) - view.excess > CHANGING_EXCESS;
}

/** Too few answers of this cohort yet. Calls from before a cut that turn out even later may cut once more. */
export function cutFurther(state: LimiterState, input: LimiterInput): LimiterState {
  const { older, phase } = state;
  if (older === null || phase.kind !== 'testing' || input.underWaySinceMs.length <= Math.round(state.limit))
    return state;
  const view = readCohort(state, older, input);
  if (view === null || !isTooMuch(view)) return state;
  const limit = Math.max(1, targetOf(state, view), CUT_TO_LEAST * phase.limitBefore);
  if (limit >= FURTHER * state.limit) return state;
  const testing = {
    ...phase,
    before: readingOf(view),
    changing: phase.changing || (state.untested === null && isChanging(state, view)),
  };
  return { ...setLimit(state, input, limit, testing, reasonOf('limit_cut_delay', view)), older };
}

/** To what the bank takes, if it refuses; `null` if it does not. `remembered` off: without a ceiling, for trials. */
export function cutByBusy(state: LimiterState, input: LimiterInput, remembered: boolean): LimiterState | null {
  const inside = takenInside(state.cohort, loadAtRefusal(state, input), input.nowMs);
  if (inside === null || inside >= state.limit) return null;
  const { limit, ceiling } = cutToTaken(inside, input.nowMs, state.busyCeiling);
  const reason = reasonOf('limit_cut_busy', null, { busy: state.cohort.busy });
  const next = setLimit(state, input, Math.min(limit, state.limit), { kind: 'tracking' }, reason);
  return { ...next, room: 0, busyCeiling: remembered ? ceiling : null };
}

/** Calls in flight when the bank refused. Just after a raise they are still on their way up, and the limit says it better. */
function loadAtRefusal(state: LimiterState, input: LimiterInput): number {
  const inFlightNow = input.underWaySinceMs.length;
  const fresh = input.nowMs - state.cohort.fromMs < 2 * FLOW_TICK_MS;
  return fresh
    ? Math.max(inFlightNow, Math.round(state.limit))
    : Math.max(inFlightNow, inFlightOf(state.cohort, inFlightNow));
}
