/** Where orders about channels are kept: drain, pause, isolate, kill, maintenance windows. Implemented by `#postgres`. */
import type { ChannelHold, EpochMs, StandingOrder } from '#domain';

export interface OrderDraft {
  /** A channel's id, a bank's id, or `everything`. */
  readonly target: string;
  readonly hold: ChannelHold;
  readonly by: string;
  readonly why: string;
  /** `null`: at once, by PostgreSQL's clock. */
  readonly startsAt: EpochMs | null;
  readonly endsAt: EpochMs | null;
  /** How long before its begin the channel drains, ms. */
  readonly drainsBeforeMs: number;
}

export interface OrderRecord extends StandingOrder {
  readonly createdAt: EpochMs;
  readonly releasedAt: EpochMs | null;
  readonly releasedBy: string | null;
  readonly releaseReason: string | null;
}

export type OrderGiven =
  /** `standing`: the same order stands already, and none was added. */
  | { readonly outcome: 'given' | 'standing'; readonly order: OrderRecord; readonly version: number }
  /** As many orders stand about this target as may. */
  | { readonly outcome: 'full' };

export interface OrdersReleased {
  /** Those that this release has ended. */
  readonly released: readonly OrderRecord[];
  readonly version: number;
}

/** Which orders: one by its id, or all of these kinds about exactly this target. */
export type WhichOrders = { readonly id: number } | { readonly target: string; readonly holds: readonly ChannelHold[] };

export interface OrderFilter {
  /** `true`: only orders that stand or lie ahead; `false`: only those that are over; null: all. */
  readonly open: boolean | null;
  readonly holds: readonly ChannelHold[];
  readonly target: string | null;
}

export interface OrdersBook {
  /** Gives an order, with a link of the audit chain, in one transaction. @throws JournalUnavailable; given or not, see the list */
  give(draft: OrderDraft): Promise<OrderGiven>;
  /** Ends orders that stand or lie ahead. Releasing what is over ends nothing. @throws JournalUnavailable; repeat it freely */
  release(which: WhichOrders, by: string, why: string): Promise<OrdersReleased>;
  /** @throws JournalUnavailable */
  find(id: number): Promise<OrderRecord | null>;
  /** Newest first. @param before only lower ids. @throws JournalUnavailable */
  list(filter: OrderFilter, before: number | null, limit: number): Promise<OrderPage>;
}

export interface OrderPage {
  readonly orders: readonly OrderRecord[];
  readonly hasMore: boolean;
}
