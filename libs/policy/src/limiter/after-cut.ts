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
  if (!signals.veto) return track(tracking, input, view, signals);
  // Calls from before the cut that were still under way then have ended by now: what they met may have been longer than it seemed.
  const late = state.older === null ? null : delayOf(state.older, input, 1);
  const before: Reading = {
    ...phase.before,
    delayMs: Math.max(phase.before.delayMs, late === null ? 0 : late.delayMs),
  };
  if (worldMoved(before, view, state.serviceMs)) {
    return track({ ...tracking, probes: downSoon(state.probes, input.nowMs) }, input, view, signals);
  }
  const response = responseOf(before, view, state.serviceMs);
  if (response === null || view.inFlight >= CUT_SHOWS * before.inFlight) return track(tracking, input, view, signals);
  if (showsNoQueue(response)) {
    const floor = moveFloor(view.delayMs);
    const serviceMs = (state.serviceMs * view.delayMs) / Math.max(1, state.floor!.ms);
    const undone = setLimit(
      { ...tracking, floor, serviceMs, room: 0 },
      input,
      phase.limitBefore,
      { kind: 'tracking' },
      reasonOf('limit_restored', view),
    );
    return { ...undone, probes: downSoon(undone.probes, input.nowMs) };
  }
  const probed = { ...tracking, probes: afterCutting(state.probes, input.nowMs) };
  if (isTooMuch(view)) return track(probed, input, view, signals);
  // It was a queue, and it is gone. One cohort of rest before anything is read as room.
  return setLimit(probed, input, state.limit, { kind: 'tracking' }, reasonOf('limit_settled', view));
}
