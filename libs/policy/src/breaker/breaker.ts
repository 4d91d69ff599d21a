/**
 * Is this channel dead, and if it was, may payments go again?
 *
 *             no life (signs-of-life.ts)              back-off over, or released
 *   closed ───────────────────────────▶ open ─────────────────────────────────▶ half_open
 *      ▲                                  ▲  two probes dead                       │  three probes alive
 *      │ as wide as before                ├────────────────────────────────────────┤
 *      └────────────── ramping ◀──────────┼────────────────────────────────────────┘
 *                      6 → 12 → 24 …      │  half of a round dead
 *                      a round trip each  │                      an operator's hold, from anywhere ──▶ isolated ──▶ half_open
 *
 * For dead channels only: slow and busy ones are the limiter's. Nothing is failed for an open breaker; its payments wait or go elsewhere.
 * Several probes, since with one a single slow reply reopens a healthy channel (Sentinel); calls begun before the opening prove nothing
 * about now, so their late answers neither close it (opossum) nor count as probes. Nothing here waits for an event that may never come:
 * a probe that was lost with its worker is simply not counted, and the next payment is the next probe.
 */
import { type ChannelHold, HOLD_EFFECTS, type Reason } from '#domain';
import type { BreakerStateName, BreakerView } from '../flow/words';
import type { EndedCall } from '../limiter/limiter';
import {
  type CallUnderWay,
  type Death,
  type SignsOfLife,
  createSigns,
  deadLately,
  deathOf,
  observe,
  silentAfterMs,
  spoke,
  startAfresh,
} from './signs-of-life';

/** Plain data that survives JSON, restarts and a change of controller. Times on the controller's clock. */
export interface BreakerState {
  readonly name: BreakerStateName;
  readonly sinceMs: number;
  readonly reason: Reason;
  readonly signs: SignsOfLife;
  /** Openings in this outage; what the back-off goes by. */
  readonly tries: number;
  /** Begin of the outage; null: there is none. */
  readonly outageMs: number | null;
  /** Open: until when. */
  readonly untilMs: number | null;
  /** Half open and ramping: the calls of this round. */
  readonly round: Round | null;
  /** Most calls under way of late while it was closed; the ramp leads back to it. */
  readonly busiest: number;
  readonly steppedMs: number;
}

interface Round {
  readonly sinceMs: number;
  readonly permits: number;
  readonly alive: number;
  readonly dead: number;
}

export interface BreakerInput {
  readonly nowMs: number;
  /** Payments' calls that ended since the last step. */
  readonly ended: readonly EndedCall[];
  /** When each call under way began, and how old it was when its worker was last heard: a dead worker's calls do not hang, they are gone. */
  readonly underWaySinceMs: readonly number[];
  readonly underWayAgeMs: readonly number[];
  /** What an operator has ordered. */
  readonly hold: ChannelHold | null;
}

export interface BreakerStep {
  readonly state: BreakerState;
  readonly view: BreakerView;
  /** Most calls under way over all workers while it is not closed; 0: nothing is sent; null: no bound of the breaker's. */
  readonly permits: number | null;
  /** The bank is back from an outage, since a minute at most: it has answered calls begun after it. Null: there was none of late. */
  readonly back: BackFromOutage | null;
}

export interface BackFromOutage {
  /** Calls begun since it is back that brought nothing in the last ten seconds. */
  readonly dead: number;
}

/** With three, one slow or lost reply among them decides nothing. */
const PROBES = 3;
const PROBES_DEAD = 2;
/** First look after an opening: most outages that end at all end within seconds, and a probe costs at most three unknown payments. */
const WAIT_FIRST_MS = 1_000;
/** A bank that is back is found within half a minute, however long it was away. */
const WAIT_MAX_MS = 30_000;
/** ± a quarter, so that the channels of one fibre do not knock at the same moment. */
const WAIT_JITTER = 0.25;
/** Closed for so long, it is a new outage when it opens again. */
const CALM_MS = 60_000;
/** Half of a round dead: what comes through is not worth the unknown outcomes. Below a tenth dead it widens, between it stays. */
const ROUND_DEAD = 0.5;
const ROUND_WELL = 0.1;
/** A round with few calls is over after so many round trips, at least two seconds: at night nothing fills it. */
const ROUND_TRIPS_MAX = 4;
const ROUND_MIN_MS = 2_000;
/** A ramp without a death for so long is over, also if nobody came to fill it. */
const RAMP_MAX_MS = 60_000;
/** A ramp that ends below this is no ramp. */
const RAMP_TO_MIN = 8;

export function createBreaker(nowMs: number): BreakerState {
  return {
    name: 'closed',
    sinceMs: nowMs,
    reason: { code: 'breaker_closed' },
    signs: createSigns(nowMs),
    tries: 0,
    outageMs: null,
    untilMs: null,
    round: null,
    busiest: 0,
    steppedMs: nowMs,
  };
}

/** @param random chance from 0 to 1, drawn once at each opening */
export function stepBreaker(state: BreakerState, input: BreakerInput, random: () => number): BreakerStep {
  const { ended, hold, nowMs } = input;
  const seen: BreakerState = {
    ...state,
    signs: observe(state.signs, ended),
    busiest: busiestOf(state, input.underWaySinceMs.length, nowMs),
    steppedMs: nowMs,
  };
  const next = move(seen, input, random);
  const sends = hold === null || HOLD_EFFECTS[hold].sends;
  return { state: next, view: viewOf(next, nowMs), permits: sends ? permitsOf(next) : 0, back: backOf(next, nowMs) };
}

function move(state: BreakerState, input: BreakerInput, random: () => number): BreakerState {
  const { hold, nowMs } = input;
  if (hold !== null && !HOLD_EFFECTS[hold].sends && !HOLD_EFFECTS[hold].admits) {
    return state.name === 'isolated' && state.reason['hold'] === hold ? state : isolate(state, hold, nowMs);
  }
  switch (state.name) {
    case 'closed': {
      const death = deathOf(state.signs, underWayAfter(input, state.signs.lifeMs), nowMs);
      if (death) return open(state, death, nowMs, random);
      return state.tries > 0 && nowMs - state.sinceMs >= CALM_MS ? { ...state, tries: 0 } : state;
    }
    case 'open':
      return nowMs < (state.untilMs ?? nowMs) ? state : halfOpen(state, nowMs);
    case 'isolated':
      // Nobody knows how the bank has fared meanwhile: it is tried first.
      return halfOpen(state, nowMs);
    case 'half_open':
      return probe(state, input, random);
    case 'ramping':
      return ramp(state, input, random);
  }
}

function probe(state: BreakerState, input: BreakerInput, random: () => number): BreakerState {
  const round = counted(state.round!, input, state.signs);
  if (round.dead + round.hanging >= PROBES_DEAD) {
    const reason = { code: 'breaker_probe_failed', dead: round.dead + round.hanging, alive: round.alive } as const;
    return open(state, reason, input.nowMs, random);
  }
  if (round.alive < PROBES) return { ...state, round: plain(round) };
  return {
    ...state,
    name: 'ramping',
    sinceMs: input.nowMs,
    reason: { code: 'breaker_ramping', probes: round.alive },
    round: newRound(input.nowMs, PROBES * 2),
  };
}

function ramp(state: BreakerState, input: BreakerInput, random: () => number): BreakerState {
  const { nowMs } = input;
  const round = counted(state.round!, input, state.signs);
  const dead = round.dead + round.hanging;
  const calls = round.alive + dead;
  const death = deathOf(state.signs, underWayAfter(input, state.signs.lifeMs), nowMs);
  if (death) return open(state, death, nowMs, random);
  const isOld = nowMs - round.sinceMs >= Math.max(ROUND_MIN_MS, ROUND_TRIPS_MAX * state.signs.roundTripMs);
  if (calls < round.permits / 2 && !(isOld && calls > 0)) {
    const isLong = nowMs - state.sinceMs >= RAMP_MAX_MS && dead === 0;
    return isLong ? close(state, nowMs) : { ...state, round: plain(round) };
  }
  if (dead >= PROBES_DEAD && dead >= ROUND_DEAD * calls) {
    return open(state, { code: 'breaker_ramp_failed', dead, calls }, nowMs, random);
  }
  if (dead > ROUND_WELL * calls) return { ...state, round: newRound(nowMs, round.permits) };
  if (round.permits >= Math.max(RAMP_TO_MIN, state.busiest)) return close(state, nowMs);
  return { ...state, round: newRound(nowMs, round.permits * 2) };
}

type Cause =
  Death | { readonly code: 'breaker_probe_failed' | 'breaker_ramp_failed'; readonly [fact: string]: string | number };

function open(state: BreakerState, cause: Cause, nowMs: number, random: () => number): BreakerState {
  const tries = state.tries + 1;
  const waitMs = Math.min(WAIT_FIRST_MS * 2 ** Math.min(tries - 1, 10), WAIT_MAX_MS);
  return {
    ...state,
    name: 'open',
    sinceMs: nowMs,
    reason: { ...cause, tries },
    signs: startAfresh(state.signs, nowMs),
    tries,
    outageMs: state.outageMs ?? nowMs,
    untilMs: nowMs + waitMs * (1 - WAIT_JITTER + 2 * WAIT_JITTER * random()),
    round: null,
  };
}

function halfOpen(state: BreakerState, nowMs: number): BreakerState {
  return {
    ...state,
    name: 'half_open',
    sinceMs: nowMs,
    reason: { code: 'breaker_probing', probes: PROBES, after: state.name },
    signs: startAfresh(state.signs, nowMs),
    untilMs: null,
    round: newRound(nowMs, PROBES),
  };
}

function close(state: BreakerState, nowMs: number): BreakerState {
  const outageMs = Math.round(nowMs - (state.outageMs ?? nowMs));
  return {
    ...state,
    name: 'closed',
    sinceMs: nowMs,
    reason: { code: 'breaker_recovered', outage_ms: outageMs },
    signs: startAfresh(state.signs, nowMs),
    outageMs: null,
    round: null,
  };
}

function isolate(state: BreakerState, hold: ChannelHold, nowMs: number): BreakerState {
  const reason: Reason = { code: 'breaker_isolated', hold };
  return { ...state, name: 'isolated', sinceMs: nowMs, reason, untilMs: null, round: null };
}

function newRound(nowMs: number, permits: number): Round {
  return { sinceMs: nowMs, permits, alive: 0, dead: 0 };
}

/** The round with the calls that ended, and how many of those under way hang. Only calls begun in the round count. */
function counted(round: Round, input: BreakerInput, signs: SignsOfLife): Round & { hanging: number } {
  const mine = input.ended.filter(({ startedMs }) => startedMs >= round.sinceMs).map(spoke);
  const hangsFromMs = silentAfterMs(signs);
  return {
    ...round,
    alive: round.alive + mine.filter((alive) => alive === true).length,
    dead: round.dead + mine.filter((alive) => alive === false).length,
    hanging: underWayAfter(input, -Infinity).filter(
      ({ ageMs, startedMs }) => startedMs >= round.sinceMs && ageMs >= hangsFromMs,
    ).length,
  };
}

/** Calls begun after a moment: of thousands under way only those begun since the last sign of life can hang. */
function underWayAfter({ underWayAgeMs, underWaySinceMs }: BreakerInput, afterMs: number): readonly CallUnderWay[] {
  const calls: CallUnderWay[] = [];
  for (let place = 0; place < underWaySinceMs.length; place += 1) {
    const startedMs = underWaySinceMs[place]!;
    if (startedMs > afterMs) calls.push({ startedMs, ageMs: underWayAgeMs[place] ?? 0 });
  }
  return calls;
}

/** Those that hang are counted again at the next step; they have not ended. */
function plain({ alive, dead, permits, sinceMs }: Round): Round {
  return { sinceMs, permits, alive, dead };
}

function permitsOf({ name, round }: BreakerState): number | null {
  if (name === 'closed') return null;
  return round?.permits ?? 0;
}

/** A ramp begins with three answers, so a bank that is ramping has answered. */
function backOf({ name, reason, signs, sinceMs }: BreakerState, nowMs: number): BackFromOutage | null {
  const recovered = name === 'closed' && reason.code === 'breaker_recovered' && nowMs - sinceMs < CALM_MS;
  return name === 'ramping' || recovered ? { dead: deadLately(signs, nowMs) } : null;
}

function viewOf({ name, reason, sinceMs, untilMs }: BreakerState, nowMs: number): BreakerView {
  const reopensInMs = name === 'open' && untilMs !== null ? Math.max(0, untilMs - nowMs) : null;
  return { state: name, forMs: nowMs - sinceMs, reopensInMs, reason };
}

/** The most under way, fading within a minute. */
function busiestOf({ busiest, name, steppedMs }: BreakerState, underWay: number, nowMs: number): number {
  if (name !== 'closed') return busiest;
  const faded = busiest * Math.max(0, 1 - (nowMs - steppedMs) / CALM_MS);
  return Math.max(underWay, faded);
}
