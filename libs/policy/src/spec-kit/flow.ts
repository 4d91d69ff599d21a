/** Builders for specs of the door: a channel as a snapshot shows it. */
import { type ChannelId, TIER } from '#domain';
import { type DoorState, createDoor, hearSnapshot } from '../door/door';
import type { ChannelFlow, DoorPlan, FlowSnapshot } from '../flow/words';
import { PRIOR_CORRECTIONS } from '../wait/forecast';

const CHANNEL_ID = 'icbc.quickpay' as ChannelId;

export function planOf(changes: Partial<DoorPlan> = {}): DoorPlan {
  return {
    tiers: {
      [TIER.paying]: { share: 1, merchants: {}, longestWaitMs: 2_000 },
      [TIER.bulk]: { share: 1, merchants: {}, longestWaitMs: 500 },
    },
    budget: 1_000_000,
    bulkBudget: 1_000_000,
    ratePerSecond: 100,
    offerBudget: 0,
    ...changes,
  };
}

/** A healthy channel that drains 100 payments a second with a round trip of 250 ms. */
export function flowOf(changes: Partial<ChannelFlow> = {}, plan: DoorPlan = planOf()): ChannelFlow {
  const reason = { code: 'limit_tracked' };
  const lane = (effective: number) => ({ configured: 100, adaptive: effective, effective, reason });
  return {
    channelId: CHANNEL_ID,
    revision: 1,
    level: 'normal',
    hold: null,
    breaker: { state: 'closed', forMs: 1_000, reopensInMs: null, reason: { code: 'breaker_closed' } },
    limits: { pay: lane(25), inquiry: lane(4), giving_back: lane(2) },
    ratePerSecond: 1_000,
    inFlight: 25,
    heldByUnknown: 0,
    freeSlots: 0,
    backlog: 0,
    wait: { pointMs: 250, roundTripMs: 250, drainPerSecond: 100, opensInMs: 0, corrections: PRIOR_CORRECTIONS },
    successRate: 0.98,
    answers: 1_000,
    headroomPerSecond: 0,
    doors: { door: plan },
    workers: {},
    reason,
    ...changes,
  };
}

export function snapshotOf(flow: ChannelFlow, seq = 1): FlowSnapshot {
  return { controllerId: 'controller', term: 1, seq, channels: [flow] };
}

/** A door that has just heard of this channel. */
export function doorAt(flow: ChannelFlow, nowMs = 0): DoorState {
  const door = createDoor('door');
  hearSnapshot(door, snapshotOf(flow), nowMs);
  return door;
}
