/** What do probes do, and what is learnt from each? Down to see the floor, up to see whether there is room that nobody notices. */
import { look, moveFloor } from './delay-floor';
import { cutOrConfirm } from './cut-limit';
import type { LimiterInput, LimiterState, Phase } from './limiter-state';
import { afterDown, afterUp, DEEP_DOWN_TO, DOWN_TO, UP_TO } from './probe-plan';
import { isTooMuch, kneeOf, readingOf, SURE_ERRORS, type View } from './read-cohort';
import { responseOf } from './response-test';
import { reasonOf, setLimit } from './set-limit';

/** Where even a probe meets a queue the next one goes to this part of it. */
const DEEPER = 0.75;
/** An elasticity of delay above this is a queue, below it is none. */
const HALF = 0.5;

/** Down to a part of the knee, for one cohort. */
export function lookDown(state: LimiterState, input: LimiterInput, view: View, deep: boolean): LimiterState {
  const before = readingOf(view);
  const limit = kneeOf(state, view) * (deep ? DEEP_DOWN_TO : DOWN_TO);
  const phase: Phase = { kind: 'probing_down', before, backTo: state.limit, deep };
  return setLimit(state, input, Math.min(limit, state.limit - 1), phase, reasonOf('limit_probe_down', view));
}

/** What was seen from there is the floor, whichever way it moved; with a queue even there, further down. */
export function afterLookDown(
  state: LimiterState,
  input: LimiterInput,
  view: View,
  phase: Extract<Phase, { kind: 'probing_down' }>,
  random: () => number,
): LimiterState {
  const probes = afterDown(state.probes, input.nowMs, random);
  if (view.atLeast || isTooMuch(view)) {
    // More delay with fewer calls: the bank has changed meanwhile. Cut, and see whether delay follows.
    return cutOrConfirm({ ...state, probes, untested: { before: null, limitBefore: phase.backTo } }, input, view);
  }
  const floor = look(state.floor!, view.delayMs, view.calls);
  const response = responseOf(phase.before, view, state.serviceMs);
  const queued = view.excess < -SURE_ERRORS * view.error && response !== null && response.elasticity > HALF;
  if (queued && state.limit > 2) {
    // Even here there was a queue: the floor is lower still, and so is the knee.
    return setLimit(
      { ...state, floor: moveFloor(view.delayMs), probes },
      input,
      state.limit * DEEPER,
      { ...phase, backTo: state.limit },
      reasonOf('limit_probe_down', view),
    );
  }
  return setLimit(
    { ...state, floor, probes },
    input,
    phase.backTo,
    { kind: 'tracking' },
    reasonOf('limit_probed_down', view),
  );
}

/** Up by half, for one cohort. */
export function lookUp(state: LimiterState, input: LimiterInput, view: View): LimiterState {
  const before = readingOf(view);
  return setLimit(
    state,
    input,
    state.limit * UP_TO,
    { kind: 'probing_up', before, backTo: state.limit },
    reasonOf('limit_probe_up', view),
  );
}

/** No more delay with half more calls: there was room, and the floor is where the delay is. */
export function afterLookUp(
  state: LimiterState,
  input: LimiterInput,
  view: View,
  phase: Extract<Phase, { kind: 'probing_up' }>,
): LimiterState {
  const response = responseOf(phase.before, view, state.serviceMs);
  const free = !view.atLeast && response !== null && response.elasticity + response.error / 2 < HALF;
  const probes = afterUp(state.probes, free);
  if (!free)
    return setLimit({ ...state, probes }, input, phase.backTo, { kind: 'tracking' }, reasonOf('limit_probed_up', view));
  const floor = view.delayMs > state.floor!.ms ? moveFloor(view.delayMs) : state.floor!;
  return setLimit(
    { ...state, probes, floor },
    input,
    state.limit,
    { kind: 'tracking' },
    reasonOf('limit_raised', view),
  );
}
