/**
 * How many jobs to take now: permit before payment. A payment that cannot go stays in its queue, untouched; a worker never holds one
 * without a permit for it.
 *
 *   free  = limit − in flight
 *   take  = min(free, waiting, 64), if nothing is being taken already and something happened since the last take came back short
 *
 * A take comes back short when the queue is empty, paused, or at the limit that all workers share; asking again at once would spin, so
 * the next event opens it: a wake-up, a job that ended (it may have freed the shared limit), the slow poll. One (state, event) at a
 * time, no clock and no sockets, so that the invariant is checked by the million.
 */

/** One lane of one channel, as this worker sees it. */
export interface QueueState {
  /** Jobs in the worker's hands; each holds a permit until it ends. */
  readonly inFlight: number;
  /** Jobs asked for and not answered yet; each holds a permit too. 0: no take under way. */
  readonly asked: number;
  /** Something happened since a take was sent, so that another one may bring jobs. */
  readonly open: boolean;
}

export type QueueEvent =
  /** Somebody added jobs, or the slow poll found some. */
  | { readonly kind: 'woken' }
  | { readonly kind: 'asked'; readonly jobs: number }
  /** The take was answered; `jobs` of what it brought. */
  | { readonly kind: 'took'; readonly jobs: number }
  /** A job begins, out of a take or of the journal. */
  | { readonly kind: 'started' }
  /** A job ended, well or badly: its permit is back. */
  | { readonly kind: 'ended' };

/** Most jobs of one queue in one take: what a worker starts in one tick, some 10 ms of its CPU. */
export const TAKE_MAX = 64;

export const IDLE: QueueState = { inFlight: 0, asked: 0, open: false };

export function after(state: QueueState, event: QueueEvent): QueueState {
  switch (event.kind) {
    case 'woken':
      return { ...state, open: true };
    case 'asked':
      return { ...state, asked: event.jobs, open: false };
    case 'took':
      return { ...state, asked: 0, open: state.open || event.jobs >= state.asked };
    case 'started':
      return { ...state, inFlight: state.inFlight + 1 };
    case 'ended':
      return { ...state, inFlight: state.inFlight - 1, open: true };
  }
}

/** Permits not in use. A limit that shrank below what is in flight leaves none; nothing is taken back. */
export function freePermits(state: QueueState, limit: number): number {
  return Math.max(Math.floor(limit) - state.inFlight - state.asked, 0) || 0;
}

/** @param waiting how many jobs are known to wait; a hint, and a wrong one costs one empty take or one poll */
export function jobsToTake(state: QueueState, limit: number, waiting: number): number {
  if (!state.open || state.asked > 0) return 0;
  return Math.max(Math.min(freePermits(state, limit), waiting, TAKE_MAX), 0);
}
