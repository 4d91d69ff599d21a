/**
 * What the controller of a site knows: plain data that survives JSON, so that a successor can go on from it and a trace can be replayed
 * byte for byte. All times in it are *site time*: the controller's monotonic clock, moved so that it runs on where a predecessor's
 * stopped.
 */
import type { ChannelHold, ChannelId, ChannelLimits, Tier } from '#domain';
import type { BreakerState } from '../breaker/breaker';
import type { TierDemand } from '../door/demand';
import type { LimiterState } from '../limiter/limiter-state';
import type { RateShares } from '../rate/rate-shares';
import type { Calibration } from '../wait/calibration';
import type { DrainMeter } from './drain';
import type { LatelyWorked } from './lately-worked';
import type { LevelState } from './level';
import type { RoundTrips } from './round-trip';
import type { SuccessCounts } from './success';
import type { DoorReport, QueueCount, WorkerReport } from './words';

/** A report with the time at which it came, on the controller's clock. */
export interface Heard<Report> {
  readonly receivedMs: number;
  readonly report: Report;
}

/** What the operator says about a channel, as of this step. */
export interface SiteChannel {
  readonly channelId: ChannelId;
  readonly enabled: boolean;
  readonly limits: ChannelLimits;
  /** The order in force. */
  readonly hold: ChannelHold | null;
  /** When the order ends by itself, ms from now; null: no order, or no end. */
  readonly holdEndsInMs: number | null;
}

/** Everything that one step of the controller goes by. */
export interface SiteInput {
  /** The controller's monotonic clock. */
  readonly nowMs: number;
  readonly controllerId: string;
  readonly term: number;
  /** Of the snapshot that this step makes. */
  readonly seq: number;
  readonly channels: readonly SiteChannel[];
  /** Since the last step, in the order in which they came. */
  readonly workers: readonly Heard<WorkerReport>[];
  readonly doors: readonly Heard<DoorReport>[];
  /** Null: the queues could not be asked; the last counts stand. */
  readonly queues: readonly QueueCount[] | null;
}

export interface SiteState {
  /** Site time less the controller's clock. */
  readonly offsetMs: number;
  /** Site time of the last step. */
  readonly nowMs: number;
  readonly workers: Readonly<Record<string, WorkerState>>;
  readonly doors: Readonly<Record<string, DoorUseState>>;
  readonly channels: Readonly<Record<ChannelId, ChannelState>>;
}

export interface WorkerState {
  readonly seq: number;
  readonly heardMs: number;
  /** The newest snapshot it acts on (`snapshotStamp`). */
  readonly acknowledged: number;
  /** When each call under way began, by lane (channel and operation), oldest first. */
  readonly underWay: Readonly<Record<string, readonly number[]>>;
  /** Calls begun a second lately, by channel. */
  readonly startsPerSecond: Readonly<Record<ChannelId, number>>;
}

export interface DoorUseState {
  readonly seq: number;
  readonly heardMs: number;
  readonly offeredPerSecond: Readonly<Record<ChannelId, number>>;
  readonly reserved: Readonly<Record<ChannelId, number>>;
}

export interface ChannelState {
  readonly limiter: LimiterState;
  readonly breaker: BreakerState;
  readonly rateShares: RateShares;
  /** The same for calls under way: shares of the limit. */
  readonly inFlightShares: RateShares;
  readonly drain: DrainMeter;
  readonly roundTrips: RoundTrips;
  readonly success: SuccessCounts;
  readonly latelyWorked: LatelyWorked;
  readonly calibration: Calibration;
  readonly demand: Readonly<Record<Tier, TierDemand>>;
  readonly level: LevelState;
  readonly waiting: number;
  readonly heldByUnknown: number;
  /** What the last step gave: calls under way, and starts a second that were seen. */
  readonly effective: number;
  readonly startedPerSecond: number;
}

/** Snapshots in the order in which they were said, over all terms: no term says a billion. */
export function snapshotStamp(term: number, seq: number): number {
  return term * 1e9 + seq;
}

/** A site of which nothing is known yet. @param nowMs the controller's monotonic clock */
export function createSite(nowMs: number): SiteState {
  return { offsetMs: 0, nowMs, workers: {}, doors: {}, channels: {} };
}

/**
 * Goes on from a predecessor's state.
 * @param ageMs how long ago that state was made @param nowMs this controller's monotonic clock
 */
export function resumeSite(state: SiteState, ageMs: number, nowMs: number): SiteState {
  return { ...state, offsetMs: state.nowMs + ageMs - nowMs };
}
