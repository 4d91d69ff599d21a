/** Channels, their lines and limits, and the instruments merchants know, read from PostgreSQL and kept in memory by the edge. */
import type { Bank, Channel, ChannelId, ChannelLimits, Instrument, InstrumentToken, Line, MerchantId } from '#domain';

export interface ChannelEntry {
  readonly channel: Channel;
  readonly bank: Bank;
  readonly lines: readonly Line[];
  readonly limits: ChannelLimits;
}

export interface ChannelRegistry {
  /** From memory; refreshed in the background when PostgreSQL says that something changed. */
  get(id: ChannelId): ChannelEntry | undefined;
  all(): readonly ChannelEntry[];
}

export interface InstrumentBook {
  /** The instrument, if this merchant owns it. @throws JournalUnavailable */
  find(merchantId: MerchantId, token: InstrumentToken): Promise<Instrument | null>;
}
