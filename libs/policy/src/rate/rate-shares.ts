/**
 * The contract's rate over several workers: each sends by itself within its share, and in no second do all together exceed the whole,
 * also while the shares change, while messages are lost, and when a worker is never heard again.
 *
 *   share of A   ── 10 ──┐lowered      ┌ A says so       the window has passed: nothing sent under 10 is in it any more
 *                        └─ 5 ─────────┴────────────────┐
 *   share of B   ── 0 ──────────────────────────────────┴─ 5      and only now B may have it
 *
 * The same holds for calls under way, shares of a limit, with no window and with the calls that have not ended.
 *
 * So a larger share is given only out of what surely nobody uses: the rate less, for each worker, the largest share that it may still
 * act on. A share that was replaced but whose replacement was not acknowledged counts as a deaf worker would use it (lease-after.ts).
 */
import { shareOut, shareOutAll } from '../lease/share-out';
import { tightened } from '../lease/lease-after';
import { RATE_WINDOW_MS } from './sliding-rate';

/** Plain data, so that another controller can go on with it. */
export interface RateShares {
  /** Shares that each worker may act on, oldest first; the last is the one in force. */
  readonly given: Readonly<Record<string, readonly GivenShare[]>>;
  /** Where the shares are going. */
  readonly plan: SharePlan;
}

interface SharePlan {
  readonly madeMs: number;
  readonly ratePerSecond: number;
  /** By worker that was heard. */
  readonly shares: Readonly<Record<string, number>>;
}

interface GivenShare {
  readonly share: number;
  /** The snapshot in which it was given first. */
  readonly seq: number;
  /** When another one took its place in our snapshots; `null`: in force. */
  readonly replacedMs: number | null;
  /** When we heard that the worker acts on a later one; what it sent before is in the window until that has passed. */
  readonly endedMs: number | null;
}

export interface RateWorker {
  readonly workerId: string;
  /** The newest snapshot it says it acts on. */
  readonly acknowledgedSeq: number;
  /** Heard of in the last seconds; a silent one gets nothing new and what it has is drawn in. */
  readonly heard: boolean;
  /** Of calls under way: as many as its last report tells. They may still be there when its share is smaller. */
  readonly inUse?: number;
  /** Payments a second it could use; Infinity: as many as it gets. */
  readonly wanted: number;
}

export interface RateSharesInput {
  readonly nowMs: number;
  /** Of the snapshot that these shares will go out in. */
  readonly seq: number;
  /** How long what was used under a share still counts; left out: the rate's window. */
  readonly windowMs?: number;
  /** The contract's rate in force; or whatever else is shared. */
  readonly ratePerSecond: number;
  /** All workers that are known. One that is left out is known to have ended (it said so), and sends nothing any more. */
  readonly workers: readonly RateWorker[];
}

export const NO_RATE_SHARES: RateShares = { given: {}, plan: { madeMs: 0, ratePerSecond: 0, shares: {} } };

/** What moves from one worker to another is idle for a window and a half: so it moves for a quarter of a share, and not all the time. */
const WORTH_MOVING = 0.25;
const PLAN_STANDS_MS = 5_000;
/** Longest that a snapshot is under way; one that is older when it comes is not acted on, ms. Redis delivers in one or two. */
const DELIVERY_MS = 1_000;
/** A worker silent for so long has ended without a word; a process that lived on would have been found by people. */
const FORGET_AFTER_MS = 15 * 60_000;
/** Shares of one worker that are remembered; with more the two oldest become one, the larger, which errs to the safe side. */
const SHARES_MAX = 8;

/**
 * @returns what each worker may send in any second, and the state to step next. A worker that finds no share of its own in a snapshot
 *   has none: it sends nothing until it is given one
 */
export function stepRateShares(
  state: RateShares,
  { nowMs, seq, ratePerSecond, windowMs = RATE_WINDOW_MS, workers }: RateSharesInput,
): { readonly state: RateShares; readonly shares: Readonly<Record<string, number>> } {
  const known = new Set(workers.map(({ workerId }) => workerId));
  const left = Object.keys(state.given)
    .filter((workerId) => !known.has(workerId))
    .map((workerId) => ({ workerId, past: ended(state.given[workerId]!, nowMs, windowMs) }));
  // Of nobody at all we hear when Redis is away: they go on with what they have, and so do we.
  const isDeaf = !workers.some(({ heard }) => heard);
  const places = workers.map((worker) => ({
    worker: { ...worker, heard: worker.heard || isDeaf },
    past: stillUsed(state.given[worker.workerId] ?? [], worker, nowMs, windowMs),
  }));
  const plan = isDeaf ? state.plan : planOf(state.plan, places, ratePerSecond, nowMs);
  const wished = places.map(({ past, worker }) => (isDeaf ? inForce(past) : (plan.shares[worker.workerId] ?? 0)));
  // What each may have sent in the last window, or may send without hearing of a change.
  const used = places.map(({ past, worker }) => Math.max(mostUsable(past, nowMs, windowMs), worker.inUse ?? 0));
  const now = places.map(({ past, worker }, place) => (worker.heard ? Math.min(wished[place]!, inForce(past)) : 0));
  const kept = now.map((share, place) => Math.max(share, used[place]!));
  const leaving = left.reduce((sum, { past }) => sum + mostUsable(past, nowMs, windowMs), 0);
  const free = ratePerSecond - leaving - kept.reduce((sum, share) => sum + share, 0);
  const lacking = places.map(({ worker }, place) => (worker.heard ? Math.max(0, wished[place]! - kept[place]!) : 0));
  const more = shareOut(free, lacking);
  const given: Record<string, readonly GivenShare[]> = {};
  for (const { past, workerId } of left) if (past.length > 0) given[workerId] = past;
  const shares: Record<string, number> = {};
  places.forEach(({ past, worker }, place) => {
    const share = worker.heard ? Math.min(wished[place]!, kept[place]!) + more[place]! : 0;
    const after = giving(past, share, seq, nowMs);
    if (after.length > 0) given[worker.workerId] = after;
    shares[worker.workerId] = share;
  });
  return { state: { given, plan }, shares };
}

interface Place {
  readonly worker: RateWorker;
  readonly past: readonly GivenShare[];
}

/** The plan that stands, unless somebody came or went, the rate changed, or it has become unfair. */
function planOf(plan: SharePlan, places: readonly Place[], ratePerSecond: number, nowMs: number): SharePlan {
  const heard = places.filter(({ worker }) => worker.heard);
  const isSame =
    plan.ratePerSecond === ratePerSecond &&
    heard.length === Object.keys(plan.shares).length &&
    heard.every(({ worker }) => plan.shares[worker.workerId] !== undefined);
  if (isSame && nowMs - plan.madeMs < PLAN_STANDS_MS) return plan;
  const parts = shareOutAll(
    ratePerSecond,
    heard.map(({ worker }) => worker.wanted),
  );
  const shares = Object.fromEntries(heard.map(({ worker }, place) => [worker.workerId, parts[place]!]));
  const isFair = Object.entries(shares).every(([workerId, share]) => {
    const now = plan.shares[workerId] ?? 0;
    return Math.abs(now - share) <= Math.max(1, now * WORTH_MOVING);
  });
  if (isSame && isFair) return plan;
  return { madeMs: nowMs, ratePerSecond, shares };
}

/** The shares that can still matter, with what the worker's acknowledgement says of them. */
function stillUsed(
  past: readonly GivenShare[],
  worker: RateWorker,
  nowMs: number,
  windowMs: number,
): readonly GivenShare[] {
  const [only, another] = past;
  if (only?.replacedMs === null && only.endedMs === null && another === undefined) return past;
  return past
    .map((share, place) => {
      const next = past[place + 1];
      const isOver = next !== undefined && worker.acknowledgedSeq >= next.seq;
      return isOver && share.endedMs === null ? { ...share, endedMs: nowMs } : share;
    })
    .filter((share) => !isPast(share, nowMs, windowMs));
}

/** A worker that ended: only what it sent last is still in the window. */
function ended(past: readonly GivenShare[], nowMs: number, windowMs: number): readonly GivenShare[] {
  return past
    .map((share) => ({ ...share, endedMs: share.endedMs ?? nowMs, replacedMs: share.replacedMs ?? nowMs }))
    .filter((share) => !isPast(share, nowMs, windowMs));
}

function isPast({ endedMs, replacedMs }: GivenShare, nowMs: number, windowMs: number): boolean {
  if (endedMs !== null) return nowMs - endedMs >= windowMs;
  return replacedMs !== null && nowMs - replacedMs >= FORGET_AFTER_MS;
}

function mostUsable(past: readonly GivenShare[], nowMs: number, windowMs: number): number {
  return past.reduce((most, share) => Math.max(most, usable(share, nowMs, windowMs)), 0);
}

/** Payments that may be sent in a second under this share, by a worker that may not have heard that it was replaced. */
function usable({ endedMs, replacedMs, share }: GivenShare, nowMs: number, windowMs: number): number {
  if (replacedMs === null || endedMs !== null) return share;
  // The last snapshot with this share may have been under way a while, and a whole window may have been sent under it since.
  return tightened(share, Math.max(0, nowMs - replacedMs - DELIVERY_MS - windowMs));
}

function inForce(past: readonly GivenShare[]): number {
  const last = past.at(-1);
  return last && last.replacedMs === null ? last.share : 0;
}

function giving(past: readonly GivenShare[], share: number, seq: number, nowMs: number): readonly GivenShare[] {
  const last = past.at(-1);
  if (last?.replacedMs === null && last.share === share) return past;
  if (past.length === 0 && share === 0) return past;
  const before = past.map((one) => (one.replacedMs === null ? { ...one, replacedMs: nowMs } : one));
  const after = [...before, { share, seq, replacedMs: null, endedMs: null }];
  if (after.length <= SHARES_MAX) return after;
  const [oldest, second, ...rest] = after as [GivenShare, GivenShare, ...GivenShare[]];
  return [{ ...second, share: Math.max(oldest.share, second.share), endedMs: second.endedMs }, ...rest];
}
