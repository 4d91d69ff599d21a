/** Ways to pay that will work, as a payer is offered them, and what an acceptance says beside the payment. */
import type { ChannelId, InstrumentToken } from './ids';
import type { Reason } from './reason';
import type { EpochMs } from './time';

/**
 * `as_chosen`: the payer's own choice, which works. `same_bank_quickpay`: the same bank's signed agreement, when its page is slow.
 * `another_card`: another of the payer's instruments. `balance`: prefunded money. `wait`: the payer's own choice, with its honest time.
 * In the order in which they are ranked.
 */
export const SUGGESTION_KINDS = ['as_chosen', 'same_bank_quickpay', 'another_card', 'balance', 'wait'] as const;
export type SuggestionKind = (typeof SUGGESTION_KINDS)[number];

/** How long until the bank's answer, ms: half of payments are sooner than the first, nine of ten sooner than the second. */
export interface Eta {
  readonly p50: number;
  readonly p90: number;
}

export interface Suggestion {
  /** Claims the headroom that is held for it; null where nothing needs to be held (`as_chosen`, `wait`). */
  readonly id: string | null;
  readonly kind: SuggestionKind;
  readonly token: InstrumentToken;
  readonly channelId: ChannelId;
  /** Null while nobody can tell: no controller has spoken yet. */
  readonly etaMs: Eta | null;
  /** Share of the channel's answers of the last minutes that were a bank at work; null while nobody can tell. */
  readonly successRate: number | null;
  /** Why it is offered, with what it was decided from. */
  readonly reason: Reason;
  /** Until when it is held; null where nothing is. */
  readonly expiresAt: EpochMs | null;
}

/** Where a queued payment stands. */
export interface QueuePlace {
  /** Payments of the channel that wait before it, as of the controller's last word. */
  readonly ahead: number;
  readonly etaMs: Eta;
  readonly asOf: EpochMs;
}

/** What the first answer said beside the payment itself: kept with it, so that a replay says the same word for word. */
export interface Acceptance {
  readonly queue: QueuePlace | null;
  readonly suggestions: readonly Suggestion[];
  /** The instrument it began with, where the router chose another than the payer (`routing.mode: reroute`), and why. */
  readonly rerouted: { readonly token: InstrumentToken; readonly channelId: ChannelId; readonly reason: Reason } | null;
}
