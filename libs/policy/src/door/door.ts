/**
 * What a door knows: the controller's last word about each channel, and what it has done itself since. Plain data, but moved in place: a
 * copy for every payment would cost more than the decision.
 *
 *   ahead   payments that wait before a newcomer, as far as this door can tell: the snapshot's backlog, plus what it let in since, less its
 *           part of what left. Below 0: calls that could start at once
 *   left    admissions it may still make: the snapshot's budget, plus its part of what leaves each second, less what it let in. That part
 *           tightens while no newer snapshot comes
 */
import { type ChannelId, type MerchantId, TIER, type Tier } from '#domain';
import { leaseShare } from '../lease/lease-after';
import {
  type ChannelFlow,
  type DoorPlan,
  FLOW_TICK_MS,
  type FlowSnapshot,
  UNHEARD_DOOR,
  type WaitOutcome,
} from '../flow/words';

export interface DoorState {
  readonly doorId: string;
  /** The snapshot it acts on; 0: none has come. */
  snapshotSeq: number;
  /** Rises with every report. */
  reportSeq: number;
  readonly channels: Record<ChannelId, DoorChannel>;
}

export interface DoorChannel {
  flow: ChannelFlow;
  plan: DoorPlan;
  heardMs: number;
  ahead: number;
  left: number;
  leftForBulk: number;
  /** When `ahead` and `left` were last moved. */
  movedMs: number;
  /** Of the cohort on the edge of a share, the part that has come up so far, by tier. */
  readonly edge: Record<Tier, number>;
  /** Since the last report. */
  readonly demand: Record<string, DoorDemand>;
  merchants: number;
  waits: WaitOutcome[];
}

export interface DoorDemand {
  readonly merchantId: MerchantId;
  readonly tier: Tier;
  offered: number;
  admitted: number;
  expected: number;
  within: number;
}

export function createDoor(doorId: string): DoorState {
  return { doorId, snapshotSeq: 0, reportSeq: 0, channels: {} };
}

/**
 * Acts on a snapshot from now on. Which of two to follow is decided before (term, then seq).
 * @param nowMs the door's monotonic clock
 */
export function hearSnapshot(state: DoorState, snapshot: FlowSnapshot, nowMs: number): void {
  state.snapshotSeq = snapshot.seq;
  const named = new Set(snapshot.channels.map(({ channelId }) => channelId));
  for (const channelId of Object.keys(state.channels) as ChannelId[])
    if (!named.has(channelId)) delete state.channels[channelId];
  for (const flow of snapshot.channels) {
    const plan = flow.doors[state.doorId] ?? flow.doors[UNHEARD_DOOR];
    if (!plan) continue;
    const known = state.channels[flow.channelId];
    const { budget: left, bulkBudget: leftForBulk } = plan;
    const heard = { flow, plan, heardMs: nowMs, ahead: aheadOf(flow), left, leftForBulk, movedMs: nowMs };
    if (known) Object.assign(known, heard);
    else {
      const fresh = { edge: { 1: 0, 2: 0 }, demand: {}, merchants: 0, waits: [] };
      state.channels[flow.channelId] = { ...heard, ...fresh };
    }
  }
}

/** Lets time pass for one channel: what left the queue meanwhile, and what may be let in for it. */
export function moveDoor(channel: DoorChannel, nowMs: number): void {
  const elapsedMs = nowMs - channel.movedMs;
  if (elapsedMs <= 0) return;
  const { flow, plan } = channel;
  const floor = Math.min(0, aheadOf(flow));
  channel.ahead = exact(Math.max(floor, channel.ahead - (plan.ratePerSecond * elapsedMs) / 1_000));
  const ageMs = (nowMs + channel.movedMs) / 2 - channel.heardMs;
  const more = (plan.ratePerSecond * leaseShare(ageMs) * elapsedMs) / 1_000;
  const saved = (plan.ratePerSecond * FLOW_TICK_MS) / 1_000;
  channel.left = refilled(channel.left, more, plan.budget + saved);
  channel.leftForBulk = refilled(channel.leftForBulk, more, plan.bulkBudget + saved);
  channel.movedMs = nowMs;
}

/** Never more than a whole budget and a tick saved up: a quiet minute is no right to a flood. */
function refilled(left: number, more: number, most: number): number {
  return exact(Math.max(left, Math.min(most, left + more)));
}

/** In 1024ths, which add up without rounding. */
export function exact(value: number): number {
  return Math.round(value * 1_024) / 1_024;
}

/** How many of a tier may still come in. */
export function admissionsLeft({ left, leftForBulk }: DoorChannel, tier: Tier): number {
  return tier === TIER.bulk ? Math.min(left, leftForBulk) : left;
}

/** Who waits before a newcomer, as of the snapshot. Free slots count where nothing waits: a burst of the contract's size starts at once. */
function aheadOf({ backlog, freeSlots, inFlight, limits }: ChannelFlow): number {
  if (backlog === 0 && freeSlots > 0) return -freeSlots;
  return backlog + Math.max(0, inFlight - limits.pay.effective);
}
