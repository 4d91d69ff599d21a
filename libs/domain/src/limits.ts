/**
 * The numbers an operator owns, per channel, and those the bank's contract sets above them.
 *
 * Each change is a new revision; nothing is overwritten. A revision may lie ahead: the one in force is the newest whose time has come, a
 * function of the revisions and the clock, so that a schedule begins and an override ends by itself everywhere at once.
 */
import type { ChannelId } from './ids';
import type { EpochMs } from './time';

/** What an operator may set. */
export interface LimitValues {
  /** Payments in any second, as the bank counts them. */
  readonly ratePerSecond: number;
  /** Requests that may arrive at once above the rate. */
  readonly burst: number;
  /** Most requests at the bank at one time, over all workers. */
  readonly inFlightMax: number;
  /** Longest wait in our queue that is worth offering, ms. About 2 s where payers have alternatives (flow-control.md §6). */
  readonly longestWaitMs: number;
  /** Deadline of one call to the bank, ms. After it the outcome is unknown. */
  readonly timeoutMs: number;
  /** Amount caps of one payment, minor units. */
  readonly amountMin: number;
  readonly amountMax: number;
}

export interface ChannelLimits extends LimitValues {
  readonly channelId: ChannelId;
  /** Rises with every change; stored with each payment and attempt that was decided under it. */
  readonly revision: number;
}

/** What the bank has agreed to: no operator sets a limit above it, only a new contract does. */
export type ChannelContract = Pick<LimitValues, 'ratePerSecond' | 'burst' | 'inFlightMax' | 'amountMin' | 'amountMax'>;

export const REVISION_CAUSES = ['set', 'change', 'override', 'rollback', 'return', 'called_off', 'replanned'] as const;
/**
 * Why there is a revision. `set`: from the contract, or by hand. `return`: an override has ended. `called_off`: a change was ended before
 * its time. `replanned`: the values stay, but revisions that lay ahead were written anew behind this one.
 */
export type RevisionCause = (typeof REVISION_CAUSES)[number];

/** Whose word a revision is, and how long it holds. */
export interface LimitsOrigin {
  readonly cause: RevisionCause;
  readonly by: string;
  readonly why: string;
  readonly since: EpochMs;
  /** When the next one follows by itself; `null`: it holds for good. */
  readonly until: EpochMs | null;
}

/** A revision with the time from which it holds. */
export interface LimitRevision extends ChannelLimits {
  readonly effectiveFrom: EpochMs;
}

/** The newest whose time has come. @param revisions in any order, with at least one whose time has come */
export function revisionAt<Revision extends LimitRevision>(revisions: readonly Revision[], nowMs: EpochMs): Revision {
  const come = revisions.filter(({ effectiveFrom }) => effectiveFrom <= nowMs);
  // A clock that stepped back must not leave a channel without limits: the oldest stands in.
  if (come.length === 0) return revisions.reduce((a, b) => (a.revision < b.revision ? a : b));
  return come.reduce((a, b) => (a.revision > b.revision ? a : b));
}
