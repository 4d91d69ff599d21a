/** For specs: a controller's word, said by the spec itself to a real door. */
import type { Clock } from '#dispatch';
import type { ChannelId } from '#domain';
import { TIER } from '#domain';
import type { BreakerStateName, ChannelFlow, DoorPlan } from '#policy';
import { systemClock } from '#runtime';
import { DoorFlow } from '../flow/door-flow';

const DOOR = 'door-spec';

/** What a spec says of one channel; the rest is a channel in good health: 100 a second, a bank that answers in 250 ms. */
export interface Said extends Partial<Omit<ChannelFlow, 'channelId' | 'breaker' | 'wait' | 'doors'>> {
  readonly breaker?: BreakerStateName;
  readonly share?: number;
  readonly offerBudget?: number;
}

export class SaidFlow {
  readonly door: DoorFlow;
  private seq = 0;

  constructor(clock: Clock = systemClock) {
    this.door = new DoorFlow(DOOR, clock);
  }

  /** All channels of the specs as said; those that are not are well. */
  say(said: Readonly<Record<string, Said>> = {}): void {
    this.seq += 1;
    const channels = ['icbc.quickpay', 'ccb.quickpay'].map((id) => flowOf(id as ChannelId, said[id] ?? {}));
    this.door.hear({ controllerId: 'spec', term: 1, seq: this.seq, channels }, 0);
  }
}

/** A channel that turns its own newcomers away. */
export const FULL: Said = { level: 'congested', backlog: 160, share: 0, headroomPerSecond: 0, offerBudget: 0 };
/** One in which payments wait for a second. */
export const SLOW: Said = { level: 'congested', backlog: 100, headroomPerSecond: 0, offerBudget: 0 };

function flowOf(channelId: ChannelId, { breaker = 'closed', offerBudget = 20, share = 1, ...said }: Said): ChannelFlow {
  const reason = { code: 'limit_tracked' };
  const lane = { configured: 50, adaptive: 50, effective: 50, reason };
  const tier = { share, merchants: {}, longestWaitMs: 2_000 };
  const plan: DoorPlan = {
    tiers: { [TIER.paying]: tier, [TIER.bulk]: { ...tier, longestWaitMs: 500 } },
    budget: 100,
    bulkBudget: 100,
    ratePerSecond: 100,
    offerBudget,
  };
  const corrections = [{ upToRoundTrips: null, median: 1, p90: 1.5 }];
  return {
    channelId,
    revision: 1,
    level: 'normal',
    hold: null,
    breaker: {
      state: breaker,
      forMs: 0,
      reopensInMs: breaker === 'open' ? 4_000 : null,
      reason: { code: `breaker_${breaker}` },
    },
    limits: { pay: lane, inquiry: lane, giving_back: lane },
    ratePerSecond: 100,
    inFlight: 50,
    heldByUnknown: 0,
    freeSlots: 0,
    backlog: 0,
    wait: {
      pointMs: 250,
      roundTripMs: 250,
      drainPerSecond: 100,
      opensInMs: breaker === 'open' ? 4_000 : 0,
      corrections,
    },
    successRate: 0.99,
    answers: 1_000,
    headroomPerSecond: 20,
    doors: { [DOOR]: plan },
    workers: {},
    reason,
    ...said,
  };
}
