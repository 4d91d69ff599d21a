/**
 * Is anybody there? What the calls of a channel prove about its being alive or dead, and nothing about its being slow: capacity is the
 * limiter's business. A bank that answers is alive, whatever it answers: a decline, *busy*, a success.
 *
 *                 last sign of life
 *   ─────────────────────┼───────────────────────────▶
 *     begun before it,    │  begun after it, dead: counts. So many in a row, with nothing between them: no life.
 *     dead: proves nothing│  (one reset of the bank's front door ends hundreds of calls at once, and says nothing about the next)
 *
 * Our own refusals say nothing about anybody.
 */
import type { EndedCall } from '../limiter/limiter';

/** Plain data. Times on the controller's clock. */
export interface SignsOfLife {
  /** Calls begun before it prove nothing: the last opening, or the moment at which payments could go again. */
  readonly freshMs: number;
  /** When the bank last answered anything. */
  readonly lifeMs: number;
  /** Mean round trip of its answers, ms; 0: never heard. */
  readonly roundTripMs: number;
  /** Dead calls begun after the last sign of life. */
  readonly run: DeadRun | null;
  /** The last ten seconds, oldest first. */
  readonly seconds: readonly LifeSecond[];
}

interface DeadRun {
  readonly calls: number;
  /** Begin of the first, end of the last. */
  readonly fromMs: number;
  readonly toMs: number;
}

interface Counting {
  readonly second: number;
  alive: number;
  dead: number;
}

type LifeSecond = Readonly<Counting>;

/** A call that has not ended. */
export interface CallUnderWay {
  readonly startedMs: number;
  /** When its worker was last heard. */
  readonly ageMs: number;
}

/** Why a channel is taken for dead. */
export type Death =
  | { readonly code: 'breaker_no_life'; readonly calls: number; readonly for_ms: number }
  | { readonly code: 'breaker_mostly_dead'; readonly dead: number; readonly calls: number }
  | { readonly code: 'breaker_silent'; readonly calls: number; readonly silent_ms: number };

/** A drop in twenty by chance makes five in a row once in three million calls. */
const RUN_CALLS = 5;
/** A front door that changes over refuses for a few hundred ms; an outage lasts longer than half a second. */
const RUN_SPAN_MS = 500;
/** Above this share of dead calls the channel makes more unknown outcomes than payments; below, the limiter cuts. */
const MOSTLY_DEAD = 0.8;
const MOSTLY_DEAD_CALLS = 20;
/** In so many of the last seconds, so that one reset of everything under way is not taken for it. */
const MOSTLY_DEAD_SECONDS = 3;
const SECONDS = 10;
/** Calls that hang become deaths only at their timeout, ten seconds and more. Five that hang ten round trips say it sooner. */
const SILENT_CALLS = 5;
const SILENT_ROUND_TRIPS = 10;
/** No pause of a bank that works is longer, as far as known: the models of flow-control.md §6 pause for half a second. */
const SILENT_MIN_MS = 3_000;
/** Weight of one answer in the mean: some fifty answers back. */
const ROUND_TRIP_WEIGHT = 0.02;

export function createSigns(nowMs: number): SignsOfLife {
  return { freshMs: nowMs, lifeMs: nowMs, roundTripMs: 0, run: null, seconds: [] };
}

/** `true`: the bank spoke. `false`: nothing came back. `null`: it says nothing. */
export function spoke(call: Pick<EndedCall, 'class'>): boolean | null {
  switch (call.class) {
    case 'worked':
    case 'declined':
    case 'busy':
      return true;
    case 'dropped':
    case 'unreachable':
      return false;
    case 'ignored':
      return null;
  }
}

export function observe(signs: SignsOfLife, ended: readonly EndedCall[]): SignsOfLife {
  if (ended.length === 0) return signs;
  let { lifeMs, roundTripMs, run } = signs;
  const seconds = signs.seconds.map((one) => ({ ...one }));
  for (const call of inOrder(ended)) {
    const alive = spoke(call);
    if (alive === null || call.startedMs < signs.freshMs) continue;
    count(seconds, Math.floor(call.endedMs / 1_000), alive);
    if (alive) {
      const tookMs = call.endedMs - call.startedMs;
      roundTripMs = roundTripMs === 0 ? tookMs : roundTripMs + ROUND_TRIP_WEIGHT * (tookMs - roundTripMs);
      lifeMs = Math.max(lifeMs, call.endedMs);
      // An answer whose report was late, from before the run, does not break it.
      if (run && call.endedMs >= run.fromMs) run = null;
    } else if (call.startedMs > lifeMs) {
      run = {
        calls: (run?.calls ?? 0) + 1,
        fromMs: Math.min(run?.fromMs ?? call.startedMs, call.startedMs),
        toMs: Math.max(run?.toMs ?? call.endedMs, call.endedMs),
      };
    }
  }
  return { ...signs, lifeMs, roundTripMs, run, seconds };
}

/** As they ended. One worker lists them so; only what several workers listed has to be sorted. */
function inOrder(ended: readonly EndedCall[]): readonly EndedCall[] {
  for (let place = 1; place < ended.length; place += 1) {
    if (ended[place]!.endedMs < ended[place - 1]!.endedMs) return [...ended].sort((a, b) => a.endedMs - b.endedMs);
  }
  return ended;
}

/** Begins to count anew, with the calls begun from now on. */
export function startAfresh(signs: SignsOfLife, nowMs: number): SignsOfLife {
  return { ...signs, freshMs: nowMs, run: null, seconds: [] };
}

export function deathOf(signs: SignsOfLife, underWay: readonly CallUnderWay[], nowMs: number): Death | null {
  const { run, seconds } = signs;
  if (run && run.calls >= RUN_CALLS && run.toMs - run.fromMs >= RUN_SPAN_MS) {
    return { code: 'breaker_no_life', calls: run.calls, for_ms: Math.round(nowMs - run.fromMs) };
  }
  const last = lately(seconds, nowMs);
  const dead = deadOf(last);
  const calls = last.reduce((sum, one) => sum + one.dead + one.alive, 0);
  const deadSeconds = last.filter((one) => one.dead > one.alive).length;
  if (dead >= MOSTLY_DEAD_CALLS && dead >= MOSTLY_DEAD * calls && deadSeconds >= MOSTLY_DEAD_SECONDS) {
    return { code: 'breaker_mostly_dead', dead, calls };
  }
  const hanging = underWay.filter(({ startedMs }) => startedMs > signs.lifeMs && startedMs >= signs.freshMs);
  if (hanging.length < SILENT_CALLS) return null;
  const silentMs = hanging.reduce((most, { ageMs }) => Math.max(most, ageMs), 0);
  if (silentMs < silentAfterMs(signs)) return null;
  return { code: 'breaker_silent', calls: hanging.length, silent_ms: Math.round(silentMs) };
}

/** Calls of the last ten seconds that brought nothing, of those that count. */
export function deadLately({ seconds }: SignsOfLife, nowMs: number): number {
  return deadOf(lately(seconds, nowMs));
}

/** A call that hangs longer than this hangs; Infinity where no answer was ever timed, and only the call's own deadline can tell. */
export function silentAfterMs({ roundTripMs }: SignsOfLife): number {
  return roundTripMs === 0 ? Infinity : Math.max(SILENT_MIN_MS, SILENT_ROUND_TRIPS * roundTripMs);
}

function lately(seconds: readonly LifeSecond[], nowMs: number): readonly LifeSecond[] {
  return seconds.filter(({ second }) => second > Math.floor(nowMs / 1_000) - SECONDS);
}

function deadOf(seconds: readonly LifeSecond[]): number {
  return seconds.reduce((sum, one) => sum + one.dead, 0);
}

/** In place, for a second may bring thousands of calls. One from before what is remembered is not counted. */
function count(seconds: Counting[], second: number, alive: boolean): void {
  const last = seconds.at(-1);
  if (!last || second > last.second) {
    if (seconds.length >= SECONDS) seconds.shift();
    seconds.push({ second, alive: 0, dead: 0 });
  }
  const newest = seconds[seconds.length - 1]!;
  const one = newest.second === second ? newest : seconds.find((known) => known.second === second);
  if (!one) return;
  if (alive) one.alive += 1;
  else one.dead += 1;
}
