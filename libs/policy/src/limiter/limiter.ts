/**
 * How many calls may be under way at this bank? One step per controller tick; about one decision per round trip.
 *
 * A decision reads the delay of calls begun under the present limit, above the floor of a bank without a queue, in mean service times:
 * the excess w. By Little's law N / (1 + w) of the N calls in flight are being worked on, and that is the knee; the limit stands a
 * little above it, so that the bank never idles. The rest guards this against being wrong: busy answers, the response test, probes,
 * the flow of answers, standstills. Searched for by simulation in the live shape; design and figures in docs/backpressure.md.
 */
import type { Reason } from '#domain';
import { afterCut } from './after-cut';
import { addFlow } from './answer-flow';
import { countRefused } from './busy-ceiling';
import { gather, newCohort } from './cohort';
import { cutByBusy, cutFurther } from './cut-limit';
import { age, firstFloor } from './delay-floor';
import { ALL_SIGNALS, type LimiterInput, type LimiterSignals, type LimiterState } from './limiter-state';
import { learnService, meanRoundTrip } from './mean-service';
import { afterLookDown, afterLookUp } from './probe';
import { newProbePlan } from './probe-plan';
import { readCohort, type View } from './read-cohort';
import { freeze } from './standstill';
import { firstReading, track } from './track-knee';

export { ALL_SIGNALS } from './limiter-state';
export type { EndedCall, LimiterInput, LimiterSignals, LimiterState } from './limiter-state';

/** Mean over lower quartile of a service time of moderate spread, for the first guess: the first answers are the quick ones. */
const MEAN_OVER_QUARTILE = 1.5;

export interface LimiterStep {
  readonly state: LimiterState;
  /** Calls that may be under way: an integer, at least 1, at most the operator's ceiling. */
  readonly limit: number;
  readonly reason: Reason;
}

/** A limiter that knows nothing yet. `initial`: the limit to start from, for instance what this hour brought yesterday. */
export function createLimiter({ initial, nowMs }: { initial: number; nowMs: number }): LimiterState {
  const limit = Math.max(1, initial);
  return {
    atMs: nowMs,
    limit,
    phase: { kind: 'starting' },
    cohort: newCohort(nowMs),
    older: null,
    floor: null,
    serviceMs: 0,
    serviceSamples: 0,
    roundTripSumMs: 0,
    roundTrips: 0,
    flow: [],
    lastAnswerMs: nowMs,
    frozenSinceMs: null,
    room: 0,
    alarms: 0,
    busyCeiling: null,
    untested: null,
    crowded: null,
    probes: newProbePlan(nowMs, limit),
    reason: { code: 'limit_starting' },
  };
}

/**
 * One step. Pure: equal arguments give equal results. `random` jitters the times of probes and nothing else.
 * @param input what came in since the last step; `nowMs` never goes back
 */
export function stepLimiter(
  state: LimiterState,
  input: LimiterInput,
  random: () => number,
  signals: LimiterSignals = ALL_SIGNALS,
): LimiterStep {
  const next = decide(observe(state, input), input, random, signals);
  const limit = Math.max(1, Math.min(Math.round(next.limit), Math.floor(input.ceiling)));
  // What the ceiling cuts off is not kept: growth behind it would be blind.
  const kept = { ...next, limit: Math.max(1, Math.min(next.limit, input.ceiling)) };
  return { state: kept, limit, reason: kept.reason };
}

function observe(state: LimiterState, input: LimiterInput): LimiterState {
  let { roundTripSumMs, roundTrips, lastAnswerMs } = state;
  for (const call of input.ended) {
    lastAnswerMs = Math.max(lastAnswerMs, call.endedMs);
    if (call.class !== 'worked') continue;
    roundTripSumMs += call.endedMs - call.startedMs;
    roundTrips += 1;
  }
  const elapsedMs = Math.max(0, input.nowMs - state.atMs);
  return {
    ...state,
    atMs: input.nowMs,
    roundTripSumMs,
    roundTrips,
    lastAnswerMs,
    flow: elapsedMs === 0 ? state.flow : addFlow(state.flow, input, elapsedMs),
    floor: state.floor === null ? null : age(state.floor, elapsedMs / 1000),
    busyCeiling: countRefused(state.busyCeiling, input),
    cohort: gather(state.cohort, input, state.limit),
    older: state.older === null ? null : gather(state.older, input, state.limit),
  };
}

function decide(state: LimiterState, input: LimiterInput, random: () => number, signals: LimiterSignals): LimiterState {
  const frozen = freeze(state, input);
  if (frozen !== null) return frozen;
  const refused = signals.busy ? cutByBusy(state, input, signals.ceiling) : null;
  if (refused !== null) return refused;
  const view = signals.delay ? readCohort(state, state.cohort, input) : readWithoutDelay(state, input);
  if (view === null) return cutFurther(state, input);
  if (state.floor === null) {
    const serviceMs = Math.max(MEAN_OVER_QUARTILE * view.delayMs, meanRoundTrip(state));
    return firstReading({ ...state, floor: firstFloor(view.delayMs, view.calls), serviceMs }, input, view);
  }
  const learnt = learnService(state, view);
  switch (state.phase.kind) {
    case 'testing':
      return afterCut(learnt, input, view, state.phase, signals);
    case 'probing_down':
      return afterLookDown(learnt, input, view, state.phase, random);
    case 'probing_up':
      return afterLookUp(learnt, input, view, state.phase);
    case 'starting':
    case 'tracking':
      return track(learnt, input, view, signals);
  }
}

/** For trials: a limiter that is blind to delay sees a bank without a queue. */
function readWithoutDelay(state: LimiterState, input: LimiterInput): View | null {
  const view = readCohort(state, state.cohort, input);
  return view === null ? null : { ...view, atLeast: false, excess: 0, delayMs: state.floor?.ms ?? view.delayMs };
}
