/** Merchants' webhook endpoints and their deliveries, for the API. Implemented by `#postgres`. */
import type {
  EpochMs,
  MerchantId,
  WebhookDeliveryKey,
  WebhookDeliveryState,
  WebhookEndpoint,
  WebhookEndpointId,
} from '#domain';

export interface WebhookEndpointDraft {
  readonly id: WebhookEndpointId;
  readonly merchantId: MerchantId;
  readonly url: string;
  readonly eventTypes: readonly string[];
  /** `whsec_` and base64. */
  readonly secret: string;
}

/** What became of a delivery so far. */
export interface WebhookDeliveryRecord extends WebhookDeliveryKey {
  readonly eventType: string;
  readonly eventAt: EpochMs;
  readonly state: WebhookDeliveryState;
  readonly tries: number;
  /** Pending: not before then. */
  readonly nextAttemptAt: EpochMs | null;
  readonly lastAttemptAt: EpochMs | null;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly deliveredAt: EpochMs | null;
}

/** All of it of one merchant only. Every call @throws JournalUnavailable */
export interface WebhookEndpoints {
  /** `url_taken`: there is one with this address. `too_many`: the merchant has as many as one may have. */
  create(draft: WebhookEndpointDraft): Promise<WebhookEndpoint | 'url_taken' | 'too_many'>;
  /** Oldest first. */
  list(merchantId: MerchantId): Promise<readonly WebhookEndpoint[]>;
  find(merchantId: MerchantId, id: WebhookEndpointId): Promise<WebhookEndpoint | null>;
  /** What is still to be delivered there is not. @returns false where there is none */
  remove(merchantId: MerchantId, id: WebhookEndpointId): Promise<boolean>;
  /** The secret so far goes on signing beside the new one, for a day. */
  rotate(merchantId: MerchantId, id: WebhookEndpointId, secret: string): Promise<WebhookEndpoint | null>;
  /** Newest payment first, its versions newest first. @param limit at most 100 */
  deliveries(
    endpointId: WebhookEndpointId,
    before: WebhookDeliveryKey | null,
    limit: number,
  ): Promise<{ readonly deliveries: readonly WebhookDeliveryRecord[]; readonly hasMore: boolean }>;
  /**
   * One more try, now: of what is pending the next one, of what is delivered or dead a single one.
   * @returns null where there is none; `closed` where its endpoint is not enabled
   */
  redeliver(merchantId: MerchantId, key: WebhookDeliveryKey): Promise<WebhookDeliveryRecord | 'closed' | null>;
}
