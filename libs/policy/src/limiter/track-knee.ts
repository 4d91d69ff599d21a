/**
 * Where to, when nothing is wrong? Up fast until the first queue; from then on the limit follows the knee, a little above it. Noise is
 * followed by parts. That there is no queue at all is evidence which adds up over decisions, and speeds growth up.
 */
import { firstFloor, look } from './delay-floor';
import { cutOrConfirm } from './cut-limit';
import type { Floor, LimiterInput, LimiterSignals, LimiterState } from './limiter-state';
import { lookDown, lookUp } from './probe';
import { isDeepDue, isDownDue, isUpDue } from './probe-plan';
import { isTooMuch, SURE_ERRORS, targetOf, type View } from './read-cohort';
import { grow, holdUnused, raise, reasonOf } from './set-limit';

/** The limit goes this part of the way to what was read: a reading's error is as large as the headroom. */
const TRACK_PART = 0.4;
/** On the way up, per decision: five of them from ten calls to the size of a large bank. */
const START_FACTOR = 2;
/** The way up ends with the first excess of this, two standard errors clear of chance. */
const FIRST_EXCESS = 0.3;
/** In use below this part of the limit: the source has no more, and nothing is learnt about the knee. */
const IN_USE = 0.8;
/**
 * A limit is doubled only if the calls that came back had met so much of it. A spike fills a limit that was long too large in a moment, and
 * those calls know nothing of it: doubling let in twice what the bank could take (bulk-spike, seed 107: .5 % of paying customers lost).
 * Right after a doubling calls have met half of the limit or more. .8 would save seeds 100 and 112 too, and takes a third longer to come
 * back after a cut (limiter, seed 163087093: 6.2 s for 4.8).
 */
const MET = 0.6;
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

/** One decision with the bank as it was a moment ago. */
export function track(state: LimiterState, input: LimiterInput, view: View, signals: LimiterSignals): LimiterState {
  const floor = state.floor!;
  if (state.phase.kind === 'starting' && !view.atLeast && view.excess - SURE_ERRORS * view.error <= FIRST_EXCESS) {
    return growAtStart(state, input, view, floor);
  }
  if (Math.round(state.limit) <= 1 && view.excess > view.headroom / 2) {
    // There is no less than one, so its answer is worth waiting for: a new cohort would only forget when it began.
    const answered = !view.atLeast && input.ended.some((call) => call.class === 'worked');
    return answered ? beginAgain(state, input, view) : { ...state, reason: reasonOf('limit_excess_seen', view) };
  }
  if (view.atLeast || isTooMuch(view)) return cutOrConfirm(state, input, view);
  const seen =
    view.excess < -SURE_ERRORS * view.error ? { ...state, floor: look(floor, view.delayMs, view.calls) } : state;
  if (!isInUse(state, input, view)) {
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
  // Old evidence does not outweigh a view that speaks against it.
  const grown = evidence > 0 ? GROWTH.find((rule) => room > rule.above) : undefined;
  if (grown !== undefined) return grow({ ...steady, room }, input, view, grown.factor);
  const limit = state.limit + TRACK_PART * (targetOf(state, view) - state.limit);
  return raise({ ...steady, room }, input, view, limit, 'limit_tracked');
}

/** On the way up there is no queue yet: every cohort is a look at the floor, and each a better one than the last. */
function growAtStart(state: LimiterState, input: LimiterInput, view: View, floor: Floor): LimiterState {
  const free = view.excess < SURE_ERRORS * view.error;
  const seen = free ? { ...state, floor: look(floor, view.delayMs, view.calls) } : state;
  const met = isInUse(state, input, view) && view.inFlight >= MET * Math.round(state.limit);
  return met ? grow(seen, input, view, START_FACTOR) : holdUnused(seen, input, view);
}

/**
 * One call at a time does not queue behind its like: what it meets is the bank as it is now, however long, and the way up begins anew. Without
 * this a bank that had become 2.5 times slower was left at one call for ever (rehearsal double11-midnight: a fifth of the goodput).
 */
function beginAgain(state: LimiterState, input: LimiterInput, view: View): LimiterState {
  const serviceMs = (state.serviceMs * view.delayMs) / Math.max(1, state.floor?.ms ?? view.delayMs);
  const anew: LimiterState = {
    ...state,
    phase: { kind: 'starting' },
    floor: firstFloor(view.delayMs, view.calls),
    serviceMs,
    serviceSamples: 0,
    room: 0,
    untested: null,
  };
  return grow(anew, input, { ...view, excess: 0 }, START_FACTOR);
}

/** The first delay ever seen is the floor, for want of a better one. */
export function firstReading(state: LimiterState, input: LimiterInput, view: View): LimiterState {
  return isInUse(state, input, view) ? grow(state, input, view, START_FACTOR) : holdUnused(state, input, view);
}

function isInUse(state: LimiterState, input: LimiterInput, view: View): boolean {
  return Math.max(view.inFlight, input.underWaySinceMs.length) >= IN_USE * Math.round(state.limit);
}
