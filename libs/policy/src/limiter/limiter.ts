/**
 * How many calls may be under way at this bank? One step per controller tick; about one decision per round trip.
 *
 * A decision reads the delay of calls begun under the present limit, above the floor of a bank without a queue, in mean service times:
 * the excess w. By Little's law N / (1 + w) of the N calls in flight are being worked on, and that is the knee; the limit stands a
 * little above it, so that the bank never idles. The rest guards this against being wrong: busy answers, the response test, probes,
 * the flow of answers, standstills. Searched for by simulation in the live shape; design and figures in docs/backpressure.md.
 */
import type { Reason } from '#domain';
import type { DelayEstimate } from './delay-quantile';
import { FLOW_TICK_MS } from '../flow/words';
import { addFlow, isSilent, recentFlow, seenMs } from './answer-flow';
import { boundedBy, countRefused, cutToTaken, takenInside } from './busy-ceiling';
import { ACTUATION_MS, delayOf, gather, inFlightOf, newCohort } from './cohort';
import { age, firstFloor, FLOOR_UNSURE, look, moveFloor, quartileVariance } from './delay-floor';
import type { Cohort, Floor, LimiterInput, LimiterState, Phase, Reading } from './limiter-state';
import {
  afterCutting,
  afterDown,
  afterUp,
  countEpoch,
  DEEP_DOWN_TO,
  DOWN_TO,
  downSoon,
  isDeepDue,
  isDownDue,
  isUpDue,
  newProbePlan,
  UP_TO,
} from './probe-plan';
import { responseOf, showsNoQueue, worldMoved } from './response-test';

export type { EndedCall, LimiterInput, LimiterState } from './limiter-state';

/** The signals a decision rests on. All are on in the product; a trial switches one off to show what it is for. */
export interface LimiterSignals {
  readonly delay: boolean;
  readonly busy: boolean;
  readonly veto: boolean;
  readonly ceiling: boolean;
  readonly probe: boolean;
}

export const ALL_SIGNALS: LimiterSignals = { delay: true, busy: true, veto: true, ceiling: true, probe: true };

export interface LimiterStep {
  readonly state: LimiterState;
  /** Calls that may be under way: an integer, at least 1, at most the operator's ceiling. */
  readonly limit: number;
  readonly reason: Reason;
}

/** Above the knee by this part, so that a queue of one tenth shows and the bank never idles; more where few calls carry more noise. */
const HEADROOM = 0.1;
const HEADROOM_OF_FEW = 0.5;
/** Calls that a decision rests on, fewer where fewer are in flight: waiting for more would take several round trips. */
const NEED = 60;
/** A cut goes this part of the way, and all of it from a large excess on; never below this part of the limit at once. */
const CUT_PART = 0.7;
const LARGE_EXCESS = 0.4;
/** An excess is one from so many standard errors on; below, the limit follows what is read by this part. */
const CUT_ERRORS = 2;
const TRACK_PART = 0.4;
/** The way up ends with the first excess of this, two standard errors clear of chance. */
const FIRST_EXCESS = 0.2;
/** How long a load that made a large queue is remembered, ms: growth goes half way to it at most, until it has been passed. */
const CROWDED_MS = 30_000;
const CUT_TO_LEAST = 0.35;
/** In use below this part of the limit: the source has no more, and nothing is learnt about the knee. */
const IN_USE = 0.8;
/** Growth by the log-likelihood that there is no queue. */
const GROWTH = [
  { above: 6, factor: 1.7 },
  { above: 4, factor: 1.3 },
  { above: 2, factor: 1.12 },
];
/** The excess that is told from none. */
const EXCESS_SHOWN = 0.1;
/** One decision may not say more than this, however many calls it rests on: calls that share a moment share its errors. */
const EVIDENCE_MAX = 3;
/** Part of a decision's mean round trip that enters the mean service time, after the first ten. */
const SERVICE_GAIN = 0.1;

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

/** What a cohort says, in the terms of a decision. */
interface View extends Reading {
  readonly calls: number;
  readonly atLeast: boolean;
  /** Excess delay in mean service times. */
  readonly excess: number;
  readonly headroom: number;
}

function decide(state: LimiterState, input: LimiterInput, random: () => number, signals: LimiterSignals): LimiterState {
  const inFlightNow = input.underWaySinceMs.length;
  const frozen = freeze(state, input);
  if (frozen !== null) return frozen;

  const inside = signals.busy ? takenInside(state.cohort, loadAtRefusal(state, input, inFlightNow), input.nowMs) : null;
  if (inside !== null && inside < state.limit) return cutByBusy(state, input, inside, signals);

  const view = signals.delay
    ? readCohort(state, state.cohort, input, inFlightNow)
    : readWithoutDelay(state, input, inFlightNow);
  if (view === null) return whileGathering(state, input, inFlightNow);
  if (state.floor === null) {
    const floored = {
      ...state,
      floor: firstFloor(view.delayMs, view.calls),
      serviceMs: Math.max(view.delayMs, meanRoundTrip(state)),
    };
    return inFlightNow < IN_USE * Math.round(state.limit)
      ? holdUnused(floored, input, view)
      : grow(floored, input, view, 2);
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

/** Calls in flight when the bank refused. Just after a raise they are still on their way up, and the limit says it better. */
function loadAtRefusal(state: LimiterState, input: LimiterInput, inFlightNow: number): number {
  const fresh = input.nowMs - state.cohort.fromMs < 2 * FLOW_TICK_MS;
  return fresh
    ? Math.max(inFlightNow, Math.round(state.limit))
    : Math.max(inFlightNow, inFlightOf(state.cohort, inFlightNow));
}

// ---- Reading ----

function needFor(limit: number): number {
  return Math.max(1, Math.min(NEED, Math.round(limit)));
}

function readCohort(state: LimiterState, cohort: Cohort, input: LimiterInput, inFlightNow: number): View | null {
  const estimate = delayOf(cohort, input, needFor(state.limit));
  if (estimate === null) return null;
  const inFlight = Math.max(1, inFlightOf(cohort, inFlightNow));
  // That a delay is longer than so much only counts where it is too long already.
  if (estimate.atLeast && !tooLong(state, estimate)) return null;
  const floor = state.floor ?? moveFloor(estimate.delayMs);
  const serviceMs = Math.max(1, state.serviceMs === 0 ? estimate.delayMs : state.serviceMs);
  return {
    delayMs: estimate.delayMs,
    calls: estimate.calls,
    atLeast: estimate.atLeast,
    inFlight,
    error: Math.sqrt(quartileVariance(estimate.calls) + Math.min(floor.variance, FLOOR_UNSURE) + 1e-4),
    excess: (estimate.delayMs - floor.ms) / serviceMs,
    headroom: Math.max(HEADROOM, HEADROOM_OF_FEW / Math.sqrt(state.limit)),
  };
}

function tooLong(state: LimiterState, estimate: DelayEstimate): boolean {
  return state.floor !== null && estimate.delayMs - state.floor.ms > LARGE_EXCESS * state.serviceMs;
}

/** For trials: a limiter that is blind to delay sees a bank without a queue. */
function readWithoutDelay(state: LimiterState, input: LimiterInput, inFlightNow: number): View | null {
  const view = readCohort(state, state.cohort, input, inFlightNow);
  return view === null ? null : { ...view, excess: 0, delayMs: state.floor?.ms ?? view.delayMs };
}

function meanRoundTrip(state: LimiterState): number {
  return state.roundTrips === 0 ? 0 : state.roundTripSumMs / state.roundTrips;
}

/** The mean time in service: mean round trip less the excess. Learnt while the excess is small and therefore well known. */
function learnService(state: LimiterState, view: View): LimiterState {
  const fresh = { ...state, roundTripSumMs: 0, roundTrips: 0 };
  const calm = state.phase.kind === 'tracking' || state.phase.kind === 'starting';
  if (!calm || state.roundTrips === 0 || state.floor === null || Math.abs(view.excess) > LARGE_EXCESS) return fresh;
  const samples = state.serviceSamples + 1;
  const gain = Math.max(SERVICE_GAIN, 1 / (samples + 1));
  const seen = Math.max(1, meanRoundTrip(state) - Math.max(0, view.delayMs - state.floor.ms));
  return { ...fresh, serviceMs: state.serviceMs + gain * (seen - state.serviceMs), serviceSamples: samples };
}

// ---- Moves ----

function reasonOf(code: string, view: View | null, facts: Record<string, number> = {}): Reason {
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
function set(state: LimiterState, input: LimiterInput, limit: number, phase: Phase, reason: Reason): LimiterState {
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

function grow(state: LimiterState, input: LimiterInput, view: View, factor: number): LimiterState {
  let { crowded } = state;
  if (crowded !== null && (input.nowMs >= crowded.untilMs || view.inFlight > 0.95 * crowded.inFlight)) crowded = null;
  const wanted =
    crowded === null ? state.limit * factor : Math.min(state.limit * factor, (state.limit + crowded.inFlight) / 2);
  const bounded = boundedBy(
    state.busyCeiling,
    input.nowMs,
    Math.max(wanted, state.limit + 1),
    recentFlow(state.flow)?.perMs ?? 0,
  );
  const next = { ...state, crowded, busyCeiling: bounded.ceiling };
  return set(next, input, bounded.limit, state.phase, reasonOf('limit_raised', view));
}

function holdUnused(state: LimiterState, input: LimiterInput, view: View): LimiterState {
  return { ...set(state, input, state.limit, state.phase, reasonOf('limit_not_needed', view)), room: 0 };
}

function cut(state: LimiterState, input: LimiterInput, view: View, limit: number): LimiterState {
  const before: Reading = { delayMs: view.delayMs, error: view.error, inFlight: view.inFlight };
  const wanted = Math.max(1, limit, CUT_TO_LEAST * state.limit);
  const next = set(
    state,
    input,
    wanted,
    { kind: 'testing', before, limitBefore: state.limit },
    reasonOf('limit_cut_delay', view),
  );
  return { ...next, room: 0, older: { ...state.cohort, untilMs: input.nowMs + ACTUATION_MS } };
}

function cutByBusy(state: LimiterState, input: LimiterInput, inside: number, signals: LimiterSignals): LimiterState {
  const { limit, ceiling } = cutToTaken(inside, input.nowMs, state.busyCeiling);
  const reason = reasonOf('limit_cut_busy', null, { busy: state.cohort.busy });
  const next = set(state, input, Math.min(limit, state.limit), { kind: 'tracking' }, reason);
  return { ...next, room: 0, busyCeiling: signals.ceiling ? ceiling : null };
}

// ---- The decisions ----

/** A bank that stands still is waited for: what its calls took then says nothing about its size. */
function freeze(state: LimiterState, input: LimiterInput): LimiterState | null {
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
  if (input.nowMs - sinceMs > Math.max(1_500, 2 * state.serviceMs)) return null;
  return { ...state, frozenSinceMs: sinceMs, reason: { code: 'limit_frozen', since_ms: input.nowMs - sinceMs } };
}

/** Too few answers of this cohort yet. Calls from before a cut that turn out even later may cut once more. */
function whileGathering(state: LimiterState, input: LimiterInput, inFlightNow: number): LimiterState {
  if (state.older === null || state.phase.kind !== 'testing' || inFlightNow <= Math.round(state.limit)) return state;
  const view = readCohort(state, state.older, input, inFlightNow);
  if (view === null || view.excess <= view.headroom + CUT_ERRORS * view.error) return state;
  const target = targetOf(state, view);
  if (target >= 0.9 * state.limit) return state;
  const before: Reading = { delayMs: view.delayMs, error: view.error, inFlight: view.inFlight };
  const limit = Math.max(1, target, CUT_TO_LEAST * state.phase.limitBefore);
  if (limit >= state.limit) return state;
  const next = set(state, input, limit, { ...state.phase, before }, reasonOf('limit_cut_delay', view));
  return { ...next, older: state.older };
}

/** Where the limit belongs by what was read: the knee and a little. Little's law bounds an excess that delays exaggerate. */
function targetOf(state: LimiterState, view: View): number {
  return kneeOf(state, view) * (1 + view.headroom);
}

function kneeOf(state: LimiterState, view: View): number {
  const byFlow = excessByFlow(state);
  let excess = Math.max(-0.3, view.excess);
  if (byFlow !== null && excess > 0) {
    // Delays of calls that have ended tell of the past; where they say that the bank slows, the flow says by how much now.
    if (excess > LARGE_EXCESS) excess = Math.max(excess, Math.min(byFlow, 2 * excess + 0.5));
    excess = Math.min(excess, Math.max(0, 1.15 * byFlow + 0.1));
  }
  return view.inFlight / (1 + excess);
}

/** The excess by Little's law: calls in flight over those that the present flow of answers keeps at work. */
function excessByFlow(state: LimiterState): number | null {
  const flow = recentFlow(state.flow);
  return flow === null || state.serviceMs === 0 ? null : flow.inFlight / (flow.perMs * state.serviceMs) - 1;
}

function track(state: LimiterState, input: LimiterInput, view: View, signals: LimiterSignals): LimiterState {
  const floor = state.floor!;
  if (state.phase.kind === 'starting' && !view.atLeast && view.excess - CUT_ERRORS * view.error <= FIRST_EXCESS) {
    return growAtStart(state, input, view, floor);
  }
  if (view.atLeast || view.excess > view.headroom + CUT_ERRORS * view.error) return cutOrConfirm(state, input, view);
  const seen =
    view.excess < -CUT_ERRORS * view.error ? { ...state, floor: look(floor, view.delayMs, view.calls) } : state;
  if (Math.max(view.inFlight, input.underWaySinceMs.length) < IN_USE * Math.round(state.limit)) {
    return holdUnused({ ...seen, floor: look(floor, view.delayMs, view.calls) }, input, view);
  }
  const steady: LimiterState = { ...seen, phase: { kind: 'tracking' } };
  if (signals.probe && isDownDue(state.probes, input.nowMs))
    return lookDown(steady, input, view, isDeepDue(state.probes));
  if (signals.probe && isUpDue(state.probes, input.nowMs) && state.busyCeiling === null)
    return lookUp(steady, input, view);
  const variance = view.error ** 2;
  const shown = Math.max(EXCESS_SHOWN, view.headroom);
  const evidence = (shown / variance) * (shown / 2 - view.excess);
  const room = Math.max(0, state.room + Math.max(-EVIDENCE_MAX, Math.min(EVIDENCE_MAX, evidence)));
  const grown = GROWTH.find((rule) => room > rule.above);
  if (grown !== undefined) return grow({ ...steady, room }, input, view, grown.factor);
  const target = targetOf(state, view);
  if (target > state.limit) {
    const bounded = boundedBy(
      state.busyCeiling,
      input.nowMs,
      state.limit + TRACK_PART * (target - state.limit),
      recentFlow(state.flow)?.perMs ?? 0,
    );
    return set(
      { ...steady, room, busyCeiling: bounded.ceiling },
      input,
      bounded.limit,
      { kind: 'tracking' },
      reasonOf('limit_tracked', view),
    );
  }
  const limit = state.limit + TRACK_PART * (target - state.limit);
  return set({ ...steady, room }, input, limit, { kind: 'tracking' }, reasonOf('limit_tracked', view));
}

/** On the way up there is no queue yet: every cohort is a look at the floor, and each a better one than the last. */
function growAtStart(state: LimiterState, input: LimiterInput, view: View, floor: Floor): LimiterState {
  const free = view.excess < CUT_ERRORS * view.error;
  const seen = free ? { ...state, floor: look(floor, view.delayMs, view.calls) } : state;
  const inUse = Math.max(view.inFlight, input.underWaySinceMs.length) >= IN_USE * Math.round(state.limit);
  return inUse ? grow(seen, input, view, 2) : holdUnused(seen, input, view);
}

/** A large excess must be seen at two steps before it costs half the limit. */
function cutOrConfirm(state: LimiterState, input: LimiterInput, view: View): LimiterState {
  const target = targetOf(state, view);
  const large = view.inFlight / (target / (1 + view.headroom)) - 1 > LARGE_EXCESS;
  const confirmed = state.alarms > 0 || (excessByFlow(state) ?? 0) > LARGE_EXCESS;
  if (large && !confirmed) return { ...state, alarms: 1, reason: reasonOf('limit_excess_seen', view) };
  const limit = state.limit + (large ? 1 : CUT_PART) * (target - state.limit);
  const next = cut(state, input, view, Math.min(limit, state.limit));
  return large ? { ...next, crowded: { inFlight: view.inFlight, untilMs: input.nowMs + CROWDED_MS } } : next;
}

/** Did the delay follow the cut? If not, it was no queue: the floor has moved, and the cut is undone. */
function afterCut(
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
  if (response === null || view.inFlight >= 0.8 * before.inFlight) return track(tracking, input, view, signals);
  if (showsNoQueue(response)) {
    const floor = moveFloor(view.delayMs);
    const serviceMs = (state.serviceMs * view.delayMs) / Math.max(1, state.floor!.ms);
    const undone = set(
      { ...tracking, floor, serviceMs, room: 0 },
      input,
      phase.limitBefore,
      { kind: 'tracking' },
      reasonOf('limit_restored', view),
    );
    return { ...undone, probes: downSoon(undone.probes, input.nowMs) };
  }
  const probed = { ...tracking, probes: afterCutting(state.probes, input.nowMs) };
  if (view.excess > view.headroom + CUT_ERRORS * view.error) return track(probed, input, view, signals);
  // It was a queue, and it is gone. One cohort of rest before anything is read as room.
  return set(probed, input, state.limit, { kind: 'tracking' }, reasonOf('limit_settled', view));
}

function lookDown(state: LimiterState, input: LimiterInput, view: View, deep: boolean): LimiterState {
  const before: Reading = { delayMs: view.delayMs, error: view.error, inFlight: view.inFlight };
  const limit = kneeOf(state, view) * (deep ? DEEP_DOWN_TO : DOWN_TO);
  const phase: Phase = { kind: 'probing_down', before, backTo: state.limit, deep };
  return set(state, input, Math.min(limit, state.limit - 1), phase, reasonOf('limit_probe_down', view));
}

function afterLookDown(
  state: LimiterState,
  input: LimiterInput,
  view: View,
  phase: Extract<Phase, { kind: 'probing_down' }>,
  random: () => number,
): LimiterState {
  const probes = afterDown(state.probes, input.nowMs, random);
  if (view.excess > view.headroom + CUT_ERRORS * view.error) {
    // More delay with fewer calls: the bank has changed meanwhile. Cut, and see whether delay follows.
    return cutOrConfirm({ ...state, probes }, input, view);
  }
  const floor = look(state.floor!, view.delayMs, view.calls);
  const response = responseOf(phase.before, view, state.serviceMs);
  const queued = view.excess < -2 * view.error && response !== null && response.elasticity > 0.5;
  if (queued && state.limit > 2) {
    // Even here there was a queue: the floor is lower still, and so is the knee.
    return set(
      { ...state, floor: moveFloor(view.delayMs), probes },
      input,
      state.limit * 0.75,
      { ...phase, backTo: state.limit },
      reasonOf('limit_probe_down', view),
    );
  }
  return set(
    { ...state, floor, probes },
    input,
    phase.backTo,
    { kind: 'tracking' },
    reasonOf('limit_probed_down', view),
  );
}

function lookUp(state: LimiterState, input: LimiterInput, view: View): LimiterState {
  const before: Reading = { delayMs: view.delayMs, error: view.error, inFlight: view.inFlight };
  return set(
    state,
    input,
    state.limit * UP_TO,
    { kind: 'probing_up', before, backTo: state.limit },
    reasonOf('limit_probe_up', view),
  );
}

function afterLookUp(
  state: LimiterState,
  input: LimiterInput,
  view: View,
  phase: Extract<Phase, { kind: 'probing_up' }>,
): LimiterState {
  const response = responseOf(phase.before, view, state.serviceMs);
  const free = response !== null && response.elasticity + response.error / 2 < 0.5;
  const probes = afterUp(state.probes, free);
  if (!free)
    return set({ ...state, probes }, input, phase.backTo, { kind: 'tracking' }, reasonOf('limit_probed_up', view));
  const floor = view.delayMs > state.floor!.ms ? moveFloor(view.delayMs) : state.floor!;
  return set({ ...state, probes, floor }, input, state.limit, { kind: 'tracking' }, reasonOf('limit_raised', view));
}
