/**
 * What the processes tell each other about flow: workers and doors report, one controller decides, everybody acts on its last word.
 *
 *   worker ──WorkerReport──▶                                   ──ChannelFlow.limits, rate, breaker──▶ worker
 *                            controller: stepSite, every 200 ms
 *   door   ──DoorReport────▶                                   ──ChannelFlow.door, wait, level─────▶ door
 *
 * A door is an API process, where payments ask to come in. All of it is plain data that survives JSON, so it can be sent, stored and
 * replayed byte for byte. Times inside a report are ages on the sender's monotonic clock ("so many ms ago"), because clocks of two
 * machines have nothing to do with each other; the receiver subtracts them from its own.
 */
import type { ChannelHold, ChannelId, CongestionLevel, MerchantId, Reason, Tier } from '#domain';

/** Between two reports of a process and two steps of the controller, ms: the loop that flow-control.md §6 was searched with. */
export const FLOW_TICK_MS = 200;

/** What is limited apart: sending payments, asking about them, and money going back. The last two have reserved shares. */
export const OPERATIONS = ['pay', 'inquiry', 'giving_back'] as const;
export type Operation = (typeof OPERATIONS)[number];

/**
 * How one call ended, as capacity sees it. `worked`: charged, found, or a page for the payer. `declined`: a clear no for the payer's
 * reasons, a working bank that was quicker than usual. `busy`: the bank says that it has too much. `dropped`: silence, reset, or words
 * nobody understands. `unreachable`: no byte of the request left. `ignored`: our own refusal, which says nothing about the bank.
 */
export const CALL_CLASSES = ['worked', 'declined', 'busy', 'dropped', 'unreachable', 'ignored'] as const;
export type CallClass = (typeof CALL_CLASSES)[number];

/** One call that ended since the last report. */
export interface CallEnd {
  readonly endedAgoMs: number;
  /** From the first byte of the request to the last of the answer, or to our deadline. */
  readonly rttMs: number;
  readonly class: CallClass;
  /** How long the bank asks us to stay away (its Retry-After), where it does. */
  readonly retryAfterMs?: number;
}

/** Most ends listed in one report of a channel and operation: 2,500 calls a second of one worker. More tell a limiter nothing. */
export const CALL_ENDS_MAX = 512;

/** One worker's calls over one channel and operation since its last report. */
export interface CallReport {
  readonly channelId: ChannelId;
  readonly operation: Operation;
  /** Calls begun since the last report. */
  readonly started: number;
  readonly ended: readonly CallEnd[];
  /** How many ended, where that is more than a report may list (CALL_ENDS_MAX): of those, every n-th is listed. */
  readonly endedInAll?: number;
  /** Age of each call under way, ms, oldest first. */
  readonly underWayMs: readonly number[];
}

export interface WorkerReport {
  readonly workerId: string;
  /** Rises by one; a gap says that a report was lost. */
  readonly seq: number;
  /** The newest snapshot this worker acts on: who has acknowledged a change. */
  readonly snapshotSeq: number;
  /** Its term. Without it the snapshot counts as unheard: nobody else is given what this worker may still use. */
  readonly snapshotTerm?: number;
  /** Its last report: it sends nothing any more, and what it was leased is free. */
  readonly leaving?: true;
  /** The newest revision of limits this worker acts on, by channel. */
  readonly revisions: Readonly<Record<ChannelId, number>>;
  readonly calls: readonly CallReport[];
  /** Payments in its hands that Redis' queues handed out, by channel: Redis counts what a dead worker held for seconds longer. */
  readonly taken?: Readonly<Record<ChannelId, number>>;
  /** Version of limits and orders it acts on (`ChannelRegistry.version`): who has acknowledged an operator's change. */
  readonly registryVersion?: number;
}

/** Payments of one merchant and tier that asked to come in at one door since its last report. */
export interface Demand {
  readonly merchantId: MerchantId;
  readonly tier: Tier;
  readonly offered: number;
  readonly admitted: number;
  /** Of those the share of payers was asked about: how many it should have let in by its size, and how many it did. */
  readonly expected: number;
  readonly within: number;
}

/** How one prediction turned out. Payments that ended otherwise than by the bank's answer are censored: they waited at least so long. */
export interface WaitOutcome {
  /** What was predicted when it came in: queue and bank, before any correction, ms. */
  readonly pointMs: number;
  /** The median round trip of that prediction, ms. */
  readonly roundTripMs: number;
  /** What the payer was told as the upper end, ms. */
  readonly p90Ms: number;
  /** From acceptance to the bank's answer, or to the end without one, ms. */
  readonly actualMs: number;
  readonly censored: boolean;
}

/** Merchants beyond what one report names are counted together under this name. */
export const OTHER_MERCHANTS = '*' as MerchantId;

/** The plan of a door that the controller has not heard of yet. */
export const UNHEARD_DOOR = '*';

export interface ChannelDemand {
  readonly channelId: ChannelId;
  readonly demand: readonly Demand[];
  /** Payments that offers of this door may still bring, by expectation: open offers × how likely each is taken. */
  readonly reserved: number;
  readonly waits: readonly WaitOutcome[];
}

export interface DoorReport {
  readonly doorId: string;
  readonly seq: number;
  readonly snapshotSeq: number;
  readonly channels: readonly ChannelDemand[];
  /** As in WorkerReport. */
  readonly registryVersion?: number;
}

/** What the controller counts in the channel's queue. `null` from a queue that cannot be asked (Redis gone): the last counts stand. */
export interface QueueCount {
  readonly channelId: ChannelId;
  readonly waiting: number;
  /** Attempts whose fate is unknown and which still hold a slot at the bank. */
  readonly heldByUnknown: number;
}

export const BREAKER_STATES = ['closed', 'open', 'half_open', 'ramping', 'isolated'] as const;
export type BreakerStateName = (typeof BREAKER_STATES)[number];

export interface BreakerView {
  readonly state: BreakerStateName;
  /** How long it has been so, ms. */
  readonly forMs: number;
  /** When payments may go again at the earliest, ms from now; `null` where nobody knows (isolated) or they may go. */
  readonly reopensInMs: number | null;
  readonly reason: Reason;
}

export interface LaneLimit {
  /** The operator's ceiling. */
  readonly configured: number;
  /** What the limiter found. */
  readonly adaptive: number;
  /** What holds: the least of both, less what unknowns hold, 0 behind an open breaker. An integer. */
  readonly effective: number;
  readonly reason: Reason;
}

/** How long a payment that comes in now waits for its answer, queue and bank together, ms. */
export interface WaitForecast {
  /** Backlog over drain, plus the bank's median round trip: the uncorrected point. */
  readonly pointMs: number;
  /** Median of the bank's round trip. */
  readonly roundTripMs: number;
  /** Payments a second that leave the queue while there is one. */
  readonly drainPerSecond: number;
  /** Until the breaker or an operator's pause lets anything go, ms; 0: now, or nobody knows. */
  readonly opensInMs: number;
  /** Corrections learnt from past predictions, by bin of wait / round trip: point × median, point × p90 (and p5..p95 interval). */
  readonly corrections: readonly WaitCorrection[];
}

export interface WaitCorrection {
  /** Holds for points up to so many round trips; the last bin has no end (null). */
  readonly upToRoundTrips: number | null;
  readonly median: number;
  /** Upper bound of the one-sided 90 % interval, which is what payers are told. */
  readonly p90: number;
}

/**
 * Who is let in while demand exceeds what can be served: of each tier's payers a share, by stable cohort, and less of the merchants
 * that ask for more than their fair share. 1: everybody.
 */
export interface DoorPlan {
  readonly tiers: Readonly<Record<Tier, TierPlan>>;
  /** Admissions this door may make at once when it hears this, all tiers; the bound on what stale data can do. */
  readonly budget: number;
  /** Of these, admissions of bulk: all doors' together leave the queue short enough for those who pay. */
  readonly bulkBudget: number;
  /** Admissions a second that it may add to that while no newer snapshot comes: its part of what leaves the queue. Tightens with age. */
  readonly ratePerSecond: number;
  /** Expected payments this door's open offers may bring on top, those it has made already among them: headroom that it may reserve. */
  readonly offerBudget: number;
}

export interface TierPlan {
  /** Share of payers let in where the merchant is not named below. */
  readonly share: number;
  /** Merchants whose share differs. */
  readonly merchants: Readonly<Record<MerchantId, number>>;
  /** Longest predicted wait in our queue at which this tier is still let in, ms: bulk yields first. */
  readonly longestWaitMs: number;
}

/** One channel as of one step of the controller. */
export interface ChannelFlow {
  readonly channelId: ChannelId;
  /** Revision of the operator's limits it was decided under. */
  readonly revision: number;
  readonly level: CongestionLevel;
  /** What an operator has ordered, above all that is decided here. */
  readonly hold: ChannelHold | null;
  readonly breaker: BreakerView;
  readonly limits: Readonly<Record<Operation, LaneLimit>>;
  /** Contract rate in force, payments in any second. */
  readonly ratePerSecond: number;
  readonly inFlight: number;
  readonly heldByUnknown: number;
  /** Calls that could start at once: what is free of the limit, but no more than the contract's burst. */
  readonly freeSlots: number;
  readonly backlog: number;
  readonly wait: WaitForecast;
  /** Share of the channel's answers of the last minutes that were a bank at work. */
  readonly successRate: number;
  readonly answers: number;
  /** Payments a second it could take beyond what it has. */
  readonly headroomPerSecond: number;
  readonly doors: Readonly<Record<string, DoorPlan>>;
  readonly workers: Readonly<Record<string, WorkerLease>>;
  /** Why it is as it is: the most telling reason of breaker, limit, rate and door. */
  readonly reason: Reason;
}

/** What one worker may do by itself, also while nobody can be asked. The leases of all workers add up to no more than the whole. */
export interface WorkerLease {
  /** Calls under way, by operation, when Redis does not hold the sum. */
  readonly inFlight: Readonly<Record<Operation, number>>;
  /** Payments it may send in any second. */
  readonly ratePerSecond: number;
}

/** The controller's word. Whoever hears two follows the higher term, then the higher seq. */
export interface FlowSnapshot {
  readonly controllerId: string;
  /** Rises with each election. */
  readonly term: number;
  readonly seq: number;
  readonly channels: readonly ChannelFlow[];
  /** Every process heard of lately, and what it acts on. */
  readonly hands?: readonly Hand[];
}

/** A process as the controller last heard of it. */
export interface Hand {
  readonly id: string;
  readonly kind: 'worker' | 'door';
  /** Since its last report, ms. */
  readonly silentMs: number;
  /** Of the newest snapshot it acts on. */
  readonly snapshotSeq: number;
  /** Of limits and orders; null: it did not say. */
  readonly registryVersion: number | null;
}
