/**
 * How congested is a channel, in the one word that payers and merchants see?
 *
 *   closed      nobody is let in: an operator's order, or a breaker that is not closed
 *   congested   payers are turned away, or wait more than half of the longest wait
 *   busy        they wait a little, or the channel runs at nine tenths of what it can
 *
 * Up after two steps, down only after three seconds below a lower mark: a word that flips at every look helps nobody.
 */
import { CONGESTION_LEVELS, type CongestionLevel } from '#domain';

export interface LevelState {
  readonly level: CongestionLevel;
  /** The level that the facts ask for, and since when on end. */
  readonly asked: CongestionLevel;
  readonly askedSinceMs: number;
}

export interface LevelFacts {
  readonly nowMs: number;
  readonly closed: boolean;
  /** Predicted wait in our queue over the longest wait worth offering. */
  readonly waitShare: number;
  /** What leaves over what could leave. */
  readonly use: number;
  /** Smallest share of payers let in, of the tier that goes first. */
  readonly share: number;
}

/** Two steps of the controller: one may be noise. */
const UP_AFTER_MS = 400;
/** A payer decides in about three seconds what to do; until then the page should not change its mind. */
const DOWN_AFTER_MS = 3_000;

/** Where each level begins, and the lower mark below which it ends. */
const MARKS = {
  congested: { wait: { from: 0.5, until: 0.35 } },
  busy: { wait: { from: 0.12, until: 0.06 }, use: { from: 0.9, until: 0.8 } },
} as const;

export function createLevel(nowMs: number, level: CongestionLevel = 'normal'): LevelState {
  return { level, asked: level, askedSinceMs: nowMs };
}

export function stepLevel(state: LevelState, facts: LevelFacts): LevelState {
  const { nowMs } = facts;
  const wanted = levelAsked(state.level, facts);
  // Closing and opening are somebody's decisions, made with care elsewhere: shown at once.
  if (wanted === 'closed' || state.level === 'closed') return createLevel(nowMs, wanted);
  if (wanted === state.level) return createLevel(nowMs, wanted);
  const up = rank(wanted) > rank(state.level);
  const sameWay = state.asked !== state.level && rank(state.asked) > rank(state.level) === up;
  const askedSinceMs = sameWay ? state.askedSinceMs : nowMs;
  if (nowMs - askedSinceMs >= (up ? UP_AFTER_MS : DOWN_AFTER_MS)) return createLevel(nowMs, wanted);
  return { level: state.level, asked: wanted, askedSinceMs };
}

function levelAsked(level: CongestionLevel, { closed, share, use, waitShare }: LevelFacts): CongestionLevel {
  if (closed) return 'closed';
  const { busy, congested } = MARKS;
  const isCongested = level === 'congested' || level === 'closed';
  if (share < 1 || waitShare > (isCongested ? congested.wait.until : congested.wait.from)) return 'congested';
  const isBusy = isCongested || level === 'busy';
  if (waitShare > (isBusy ? busy.wait.until : busy.wait.from)) return 'busy';
  return use > (isBusy ? busy.use.until : busy.use.from) ? 'busy' : 'normal';
}

function rank(level: CongestionLevel): number {
  return CONGESTION_LEVELS.indexOf(level);
}
