/** What a door tells the controller every tick: who asked, whom it let in, and how its forecasts turned out. */
import { type ChannelId, TIER } from '#domain';
import { type ChannelDemand, type Demand, type DoorReport, OTHER_MERCHANTS, type WaitOutcome } from '../flow/words';
import type { DoorAsk } from './door-words';
import type { DoorChannel, DoorState } from './door';

/** Merchants that one report names, per channel; more of them are counted together. Six times what the controller watches. */
const MERCHANTS_REPORTED = 384;
/** Outcomes that one report carries, per channel: the controller draws one per bin; the rest only says how many were missed. */
const WAITS_REPORTED = 256;

/** What became of payments that asked: plain counts. `expected` and `within` as in `Demand`. */
export type Asked = Omit<Demand, 'merchantId' | 'tier'>;

/** Counts payments as demand and, those that were let in, against what the door may let in. */
export function countAtDoor(
  channel: DoorChannel,
  { merchantId, tier }: Pick<DoorAsk, 'merchantId' | 'tier'>,
  { admitted, expected, offered, within }: Asked,
): void {
  let demand = channel.demand[`${tier}${merchantId}`];
  if (!demand) {
    const named = channel.merchants < MERCHANTS_REPORTED ? merchantId : OTHER_MERCHANTS;
    demand = channel.demand[`${tier}${named}`] ??= {
      merchantId: named,
      tier,
      offered: 0,
      admitted: 0,
      expected: 0,
      within: 0,
    };
    channel.merchants += 1;
  }
  demand.offered += offered;
  demand.admitted += admitted;
  demand.expected += expected;
  demand.within += within;
  channel.ahead += admitted;
  channel.left -= admitted;
  if (tier === TIER.bulk) channel.leftForBulk -= admitted;
}

/** A payment that was let in has its answer, or ended without one. What is beyond the bound of a report is left out by its turn. */
export function noteOutcome(state: DoorState, channelId: ChannelId, outcome: WaitOutcome): void {
  const waits = state.channels[channelId]?.waits;
  if (waits && waits.length < WAITS_REPORTED) waits.push(outcome);
}

/**
 * The report since the last one; counting begins anew.
 * @param reservedOn payments that this door's open offers may still bring on a channel, by expectation
 */
export function takeDoorReport(state: DoorState, reservedOn: (channelId: ChannelId) => number): DoorReport {
  state.reportSeq += 1;
  const channels: ChannelDemand[] = [];
  for (const [id, channel] of Object.entries(state.channels)) {
    const channelId = id as ChannelId;
    const demand = Object.values(channel.demand);
    const reserved = reservedOn(channelId);
    if (demand.length > 0 || channel.waits.length > 0 || reserved > 0) {
      channels.push({ channelId, demand, reserved, waits: channel.waits });
    }
    Object.assign(channel, { demand: {}, merchants: 0, waits: [] });
  }
  return { doorId: state.doorId, seq: state.reportSeq, snapshotSeq: state.snapshotSeq, channels };
}
