/** Where limits are changed: revisions, what operators asked for, and the contract above them. Implemented by `#postgres`. */
import type { ChannelContract, ChannelId, EpochMs, LimitRevision, LimitValues, RevisionCause } from '#domain';
import type { LimitChange, PlannedRevision } from '#policy';

/** A change as operators read it. */
export interface LimitChangeRecord extends LimitChange {
  readonly by: string;
  readonly why: string;
  readonly createdAt: EpochMs;
}

/** A revision as operators read it. */
export interface LimitRevisionRecord extends LimitRevision {
  readonly cause: RevisionCause;
  readonly changeId: number | null;
  readonly by: string;
  readonly why: string;
  readonly createdAt: EpochMs;
}

/** Everything about one channel's limits, as of one moment of PostgreSQL's clock. */
export interface LimitsState {
  readonly channelId: ChannelId;
  readonly nowMs: EpochMs;
  readonly contract: ChannelContract;
  /** What holds where no change says otherwise: the newest revision that was set from the contract or by hand. */
  readonly base: LimitValues;
  /** What operators asked for, has not been called off, and has not ended; by id. */
  readonly changes: readonly LimitChangeRecord[];
  readonly inForce: LimitRevisionRecord;
  /** Revisions that lie ahead, by their time. */
  readonly ahead: readonly LimitRevisionRecord[];
  /** The newest revision that was ever written: rises with every change, also one that lies ahead. What `ETag` says. */
  readonly head: number;
}

/** What is to be written. */
export interface LimitsAmendment {
  /** The change that was asked for, under `LimitsToAmend.nextChangeId`. */
  readonly change: Pick<LimitChange, 'changes' | 'effectiveFrom' | 'until' | 'rollsBackTo'> | null;
  /** A change that is called off. */
  readonly callsOff: number | null;
  /** All revisions from now on; those that lay ahead are forgotten. At least one. */
  readonly revisions: readonly PlannedRevision[];
  readonly by: string;
  readonly why: string;
  /** For the audit chain: `limits.changed`, … */
  readonly action: string;
}

/** What a decision to amend goes by. */
export interface LimitsToAmend extends LimitsState {
  readonly nextChangeId: number;
  /** The revision that was asked for, if it is there. */
  readonly revision: LimitRevisionRecord | null;
}

export interface LimitsAmended {
  readonly state: LimitsState;
  /** Of the registry: a process that acts on this version acts on the change (`ChannelRegistry.version`). */
  readonly version: number;
}

export interface LimitsBook {
  /** @returns null: there is no such channel. @throws JournalUnavailable */
  read(channelId: ChannelId): Promise<LimitsState | null>;
  /**
   * Locks the channel, reads, lets `decide` say what to write, and writes it with a link of the audit chain, in one transaction. Two at
   * once are one after the other, and the second sees what the first has written.
   *
   * @param revision to be read for the decision, where it goes by one
   * @returns what was written; what `decide` said instead; null: there is no such channel
   * @throws JournalUnavailable; it may then be written or not, and the head says which
   */
  amend<Refused>(
    channelId: ChannelId,
    revision: number | null,
    decide: (state: LimitsToAmend) => { readonly amend: LimitsAmendment } | { readonly refuse: Refused },
  ): Promise<{ readonly amended: LimitsAmended } | { readonly refused: Refused } | null>;
  /** History, newest first. @param before only older revisions; null: from the newest. @throws JournalUnavailable */
  revisions(channelId: ChannelId, before: number | null, limit: number): Promise<LimitRevisionPage>;
}

export interface LimitRevisionPage {
  readonly revisions: readonly LimitRevisionRecord[];
  readonly hasMore: boolean;
}
