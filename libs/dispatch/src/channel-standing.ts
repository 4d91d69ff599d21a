/** How is a channel doing, for whoever is about to choose one? The operator's word first, then the controller's. */
import type { AnnouncedWindow, CongestionLevel, Eta, Reason } from '#domain';
import { effectOf } from '#domain';
import { HOLD_CODES } from '#policy';
import { etaOf } from './advise-payer';
import { refusalOfStop, whyLeave } from './entrance';
import type { ChannelEntry } from './ports/channel-registry';
import type { FlowView } from './ports/flow-view';

export interface ChannelStanding {
  readonly level: CongestionLevel;
  /** Why it is not normal. */
  readonly reason: Reason | null;
  /** Of a payment that comes in now; null while nobody can tell. */
  readonly etaMs: Eta | null;
  readonly successRate: number | null;
  readonly announced: AnnouncedWindow | null;
}

export function standingOf({ announced, channel, order }: ChannelEntry, flow: FlowView): ChannelStanding {
  const closed = (reason: Reason): ChannelStanding => ({
    level: 'closed',
    reason,
    etaMs: null,
    successRate: null,
    announced,
  });
  if (!channel.enabled) return closed({ code: 'channel_closed', channel: channel.id });
  if (order && !effectOf(order).admits)
    return closed({ code: HOLD_CODES[order.hold], channel: channel.id, hold: order.hold });
  const known = flow.get(channel.id);
  const wait = flow.expect(channel.id);
  const successRate = known && Math.round(known.successRate * 1_000) / 1_000;
  const etaMs = wait && etaOf(wait);
  if (!known) return { level: 'normal', reason: null, etaMs, successRate, announced };
  const { level } = known;
  if (level === 'normal') return { level, reason: null, etaMs, successRate, announced };
  const stop = refusalOfStop(known)?.reason;
  const slow = wait ? whyLeave(known, wait) : { code: `channel_${level}`, channel: channel.id };
  return { level, reason: stop ?? slow, etaMs, successRate, announced };
}
