/** When may the next payment of a channel be sent under its contract's rate? Asked at the last moment, after the attempt is committed. */
import type { ChannelId } from '#domain';

export interface SendPace {
  /**
   * Waits for a slot; whoever asked first gets it first.
   * @param withinMs so long it is worth waiting; after it the payment could not be sent in time
   * @returns null: there was none in that time, and nothing may be sent
   */
  slot(channelId: ChannelId, withinMs: number): Promise<SendSlot | null>;
}

/** Room for one payment in the contract's second. */
export interface SendSlot {
  /** The first byte is written now: from here on it counts as the bank sees it. */
  stamp(): void;
  /** The payment's journey is over. A slot that was never stamped is free for another. */
  end(): void;
}
