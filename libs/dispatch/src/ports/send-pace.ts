/**
 * When may the next payment of a channel be sent? Asked at the last moment, after the attempt is committed: the contract's second must have
 * room for it, and the bank a free slot.
 */
import type { ChannelId } from '#domain';

export interface SendPace {
  /**
   * Waits for a slot; whoever asked first gets it first.
   * @param withinMs so long it is worth waiting; after it the payment could not be sent in time
   * @returns null: there was none in that time, and nothing may be sent
   */
  slot(channelId: ChannelId, withinMs: number): Promise<SendSlot | null>;
}

/** Room for one payment: in the contract's second, and at the bank. */
export interface SendSlot {
  /** The first byte is written now: from here on it counts as the bank sees it. */
  stamp(): void;
  /** The bank has answered, or nothing more is expected of it: its slot there is free. What was never stamped does not count at all. */
  answered(): void;
  /** The payment's journey is over, well or badly. */
  end(): void;
}
