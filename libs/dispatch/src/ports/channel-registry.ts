/** Channels, their lines and limits, and the instruments merchants know, read from PostgreSQL and kept in memory by the edge. */
import type {
  AnnouncedWindow,
  Bank,
  Channel,
  ChannelContract,
  ChannelId,
  ChannelLimits,
  ChannelOrder,
  EpochMs,
  Instrument,
  InstrumentToken,
  LimitsOrigin,
  Line,
  MerchantId,
} from '#domain';

export interface ChannelEntry {
  readonly channel: Channel;
  readonly bank: Bank;
  readonly lines: readonly Line[];
  /** The revision in force now. */
  readonly limits: ChannelLimits;
  /** Whose word these limits are, and until when. */
  readonly origin: LimitsOrigin;
  readonly contract: ChannelContract;
  /** What an operator has ordered, in force now; the strongest where several stand. */
  readonly order: ChannelOrder | null;
  /** The next maintenance window that has not begun. */
  readonly announced: AnnouncedWindow | null;
}

export interface ChannelRegistry {
  /** From memory; refreshed in the background when PostgreSQL says that something changed. */
  get(id: ChannelId): ChannelEntry | undefined;
  all(): readonly ChannelEntry[];
  /** Of everything above: rises with every change of limits or orders, over all channels. What a process acknowledges. */
  version(): number;
  /** PostgreSQL's clock, as of the last refresh and our own steps since: what begins and ends by itself goes by it. */
  nowMs(): EpochMs;
}

export interface InstrumentBook {
  /** The instrument, if this merchant owns it. @throws JournalUnavailable */
  find(merchantId: MerchantId, token: InstrumentToken): Promise<Instrument | null>;
}
