/** For specs: a channel as the registry has it, and a snapshot as the policy itself makes it. */
import type { ChannelEntry } from '#dispatch';
import type { ChannelHold, ChannelId, ChannelOrder } from '#domain';
import { type ChannelFlow, type FlowSnapshot, type SiteInput, type WorkerReport, createSite, stepSite } from '#policy';

export const ICBC = 'icbc.quickpay' as ChannelId;
export const CMB = 'cmb.gateway' as ChannelId;

export function entryOf(id: ChannelId, inFlightMax: number, hold: ChannelHold | null = null): ChannelEntry {
  const limits = {
    channelId: id,
    revision: 3,
    ratePerSecond: 1_000,
    burst: 100,
    inFlightMax,
    longestWaitMs: 2_000,
    timeoutMs: 3_000,
    amountMin: 1,
    amountMax: 1_000_000,
  };
  const order: ChannelOrder | null = hold && { channelId: id, hold, by: 'op', why: 'spec', since: 0, until: null };
  // What of a channel flow control looks at; the rest of an entry is other people's.
  const looked: Pick<ChannelEntry, 'channel' | 'limits' | 'order'> = {
    channel: {
      id,
      bankId: 'icbc',
      product: 'quickpay',
      connector: 'rest',
      currencies: ['CNY'],
      enabled: true,
      feeBasisPoints: 20,
    },
    limits,
    order,
  };
  return looked as ChannelEntry;
}

export const reportOf = (workerId: string, seq = 1): WorkerReport => ({
  workerId,
  seq,
  snapshotSeq: 0,
  revisions: {},
  calls: [],
});

export function inputOf(entries: readonly ChannelEntry[], workerIds: readonly string[], nowMs = 1_000): SiteInput {
  return {
    nowMs,
    controllerId: 'controller',
    term: 1,
    seq: 1,
    channels: entries.map(({ channel, limits, order }) => ({
      channelId: channel.id,
      enabled: channel.enabled,
      limits,
      hold: order?.hold ?? null,
      holdEndsInMs: null,
    })),
    workers: workerIds.map((workerId) => ({ receivedMs: nowMs, report: reportOf(workerId) })),
    doors: [],
    queues: entries.map(({ channel }) => ({ channelId: channel.id, waiting: 0, heldByUnknown: 0 })),
  };
}

/** The first word about these channels to these workers. @param changes of every channel in it */
export function snapshotOf(
  entries: readonly ChannelEntry[],
  workerIds: readonly string[],
  changes: (flow: ChannelFlow) => Partial<ChannelFlow> = () => ({}),
): FlowSnapshot {
  const { snapshot } = stepSite(createSite(0), inputOf(entries, workerIds), () => 0.5);
  return { ...snapshot, channels: snapshot.channels.map((flow) => ({ ...flow, ...changes(flow) })) };
}
