/** What is asked at the door, and what it answers. */
import type { ChannelId, ErrorCode, MerchantId, Reason, Tier } from '#domain';
import type { DoorForecast } from './door-forecast';

/** Whoever stands at the door. */
export interface DoorAsk {
  readonly channelId: ChannelId;
  readonly merchantId: MerchantId;
  readonly tier: Tier;
  /** Stable through a checkout: 0 to PAYER_COHORTS − 1. */
  readonly cohort: number;
  /** Which cohorts come first now: changes by the hour (cohortRotation), so that nobody is left out for a day. */
  readonly rotation: number;
  /** How long the payment may wait in our queue, ms: the payer's patience, and never beyond its hard stop less the bank's time. */
  readonly patienceMs: number;
}

export type DoorDecision =
  | { readonly kind: 'admit'; readonly forecast: DoorForecast }
  | {
      readonly kind: 'refuse';
      readonly code: ErrorCode;
      readonly reason: Reason;
      /** When asking again is worth it, ms, before jitter; null: nobody knows. */
      readonly retryAfterMs: number | null;
      /** What it would have waited; null where nothing drains. */
      readonly forecast: DoorForecast | null;
    };
