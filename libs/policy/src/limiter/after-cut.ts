/** Did the delay follow the cut? If not, it was no queue: the floor has moved, and the cut is undone. */
import { delayOf } from './cohort';
import { moveFloor } from './delay-floor';
import type { LimiterInput, LimiterSignals, LimiterState, Phase, Reading } from './limiter-state';
import { afterCutting, downSoon } from './probe-plan';
import { isTooMuch, type View } from './read-cohort';
import { responseOf, showsNoQueue, worldMoved } from './response-test';
import { reasonOf, setLimit } from './set-limit';
import { track } from './track-knee';

/** A cut must have taken effect by so much for its response to tell. */
const CUT_SHOWS = 0.8;

export function afterCut(
  state: LimiterState,
  input: LimiterInput,
  view: View,
  phase: Extract<Phase, { kind: 'testing' }>,
  signals: LimiterSignals,
): LimiterState {
  const tracking: LimiterState = { ...state, phase: { kind: 'tracking' }, older: null };
  // Without enough answers nothing speaks for an undoing.
  if (!signals.veto || view.atLeast) return track(tracking, input, view, signals);
  // Calls from before the cut that were still under way then have ended by now: what they met may have been longer than it seemed.
  const own = (state.untested?.before ?? null) === null; // with an untested cut before, what was before that one counts
  const late = state.older === null || !own ? null : delayOf(state.older, input, 1);
  const before: Reading = {
    ...phase.before,
    delayMs: Math.max(phase.before.delayMs, late === null ? 0 : late.delayMs),
  };
  if (phase.changing || worldMoved(before, view, state.serviceMs)) {
    // The bank changed meanwhile, and the two delays do not compare. What is still too long is cut again, and tested again.
    if (!isTooMuch(view)) return settle(tracking, input, view);
    const untested = { before: null, limitBefore: phase.limitBefore };
    return track({ ...tracking, untested }, input, view, signals);
  }
  const response = responseOf(before, view, state.serviceMs);
  if (response === null || view.inFlight >= CUT_SHOWS * before.inFlight) {
    return track({ ...tracking, untested: { before, limitBefore: phase.limitBefore } }, input, view, signals);
  }
  if (showsNoQueue(response)) return undo(tracking, input, view, phase.limitBefore);
  return isTooMuch(view) ? track(tracking, input, view, signals) : settle(tracking, input, view);
}

/** It was no queue: back to where the limit was, with the floor where it is now. A deep look soon, in case this was wrong. */
function undo(state: LimiterState, input: LimiterInput, view: View, limitBefore: number): LimiterState {
  const serviceMs = (state.serviceMs * view.delayMs) / Math.max(1, state.floor?.ms ?? view.delayMs);
  const moved: LimiterState = { ...state, floor: moveFloor(view.delayMs), serviceMs, room: 0, untested: null };
  const undone = setLimit(moved, input, limitBefore, moved.phase, reasonOf('limit_restored', view));
  return { ...undone, probes: downSoon(undone.probes, input.nowMs) };
}

/** It was a queue, and it is gone. One cohort of rest before anything is read as room, and no looks until the dust has settled. */
function settle(state: LimiterState, input: LimiterInput, view: View): LimiterState {
  const settled: LimiterState = { ...state, untested: null, probes: afterCutting(state.probes, input.nowMs) };
  return setLimit(settled, input, state.limit, state.phase, reasonOf('limit_settled', view));
}
