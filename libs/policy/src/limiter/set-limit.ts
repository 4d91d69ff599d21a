/** How does the limit move? Every move starts a new cohort, counts as a decision, and has a reason. */
import type { Reason } from '#domain';
import { recentFlow } from './answer-flow';
import { boundedBy } from './busy-ceiling';
import { ACTUATION_MS, newCohort } from './cohort';
import type { LimiterInput, LimiterState, Phase } from './limiter-state';
import { countEpoch } from './probe-plan';
import type { View } from './read-cohort';

/** A load that made a large queue counts as passed from this part of it on. */
const PASSED = 0.95;

/** A reason with the numbers of the view it rests on. */
export function reasonOf(code: string, view: View | null, facts: Record<string, number> = {}): Reason {
  if (view === null) return { code, ...facts };
  const rounded = (value: number): number => Math.round(value * 1000) / 1000;
  return {
    code,
    delay_ms: Math.round(view.delayMs),
    excess: rounded(view.excess),
    error: rounded(view.error),
    calls: view.calls,
    in_flight: Math.round(view.inFlight),
    ...facts,
  };
}

/** A new limit, and a new cohort for it. */
export function setLimit(
  state: LimiterState,
  input: LimiterInput,
  limit: number,
  phase: Phase,
  reason: Reason,
): LimiterState {
  const wanted = Math.max(1, Math.min(limit, input.ceiling));
  const changed = Math.round(wanted) !== Math.round(state.limit);
  return {
    ...state,
    limit: wanted,
    phase,
    reason,
    alarms: 0,
    older: null,
    cohort: newCohort(input.nowMs + (changed ? ACTUATION_MS : 0)),
    // A raise counts as a level that was held once it has survived its first cohort.
    probes: countEpoch(state.probes, input.nowMs, Math.min(state.limit, wanted)),
  };
}

/** Up, as far as a bank that said busy lets it. */
export function raise(
  state: LimiterState,
  input: LimiterInput,
  view: View,
  wanted: number,
  code: string,
): LimiterState {
  const answersPerMs = recentFlow(state.flow)?.perMs ?? 0;
  const bounded = boundedBy(state.busyCeiling, input.nowMs, wanted, answersPerMs);
  return setLimit(
    { ...state, untested: null, busyCeiling: bounded.ceiling },
    input,
    bounded.limit,
    state.phase,
    reasonOf(code, view),
  );
}

/** Up by a factor, by one call at least; but only half way to a load that made a large queue lately, until it has been passed. */
export function grow(state: LimiterState, input: LimiterInput, view: View, factor: number): LimiterState {
  let { crowded } = state;
  if (crowded !== null && (input.nowMs >= crowded.untilMs || view.inFlight > PASSED * crowded.inFlight)) crowded = null;
  const most = crowded === null ? Infinity : (state.limit + crowded.inFlight) / 2;
  const wanted = Math.max(Math.min(state.limit * factor, most), state.limit + 1);
  return raise({ ...state, crowded }, input, view, wanted, 'limit_raised');
}

/** The source has no more to send: nothing is learnt about the knee. */
export function holdUnused(state: LimiterState, input: LimiterInput, view: View): LimiterState {
  return { ...setLimit(state, input, state.limit, state.phase, reasonOf('limit_not_needed', view)), room: 0 };
}
