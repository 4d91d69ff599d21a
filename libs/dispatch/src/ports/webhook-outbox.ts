/**
 * The outbox of webhooks: deliveries entered by the statements that wrote their events, taken by deliverers, recorded by them.
 * Implemented by `#postgres`; several workers share it.
 */
import type { EpochMs, Payment, PaymentEvent, WebhookDeliveryKey, WebhookEndpointId } from '#domain';
import type { WebhookVerdict } from '#policy';
import type { Commit } from './commit';

/** One event to be told to one endpoint, held by whoever took it. */
export interface TakenWebhook extends WebhookDeliveryKey {
  readonly url: string;
  /** Those that sign: the present one, and for a day after a rotation the one before. */
  readonly secrets: readonly string[];
  /** How many tries there have been, this one included. Whoever holds an older number records nothing. */
  readonly tries: number;
  /** When it was taken, on the journal's clock: what is signed is this time and not a worker's, which may be hours off. */
  readonly takenAt: EpochMs;
  readonly event: PaymentEvent;
  /** As it is now, which may be later than the event. */
  readonly payment: Payment;
}

export interface WebhookWish {
  /** Endpoints are served in turn: those after this one; '' begins again. */
  readonly after: WebhookEndpointId | '';
  /** How many deliveries to take of these endpoints at most; 0: none. */
  readonly rooms: ReadonlyMap<WebhookEndpointId, number>;
  /** The same for every other endpoint. */
  readonly roomElse: number;
  /** Of all together. */
  readonly max: number;
}

export interface WebhookHaul {
  readonly deliveries: readonly TakenWebhook[];
  /** Where the next wish begins; '' once the last endpoint was looked at. */
  readonly next: WebhookEndpointId | '';
}

/** What one try came to. */
export interface WebhookRecord extends WebhookDeliveryKey {
  readonly tries: number;
  readonly verdict: WebhookVerdict;
  /** HTTP status, where one was given. */
  readonly status: number | null;
  /** A word for the failure, where none was. */
  readonly error: string | null;
}

export interface WebhookOutbox {
  /**
   * Takes due deliveries and holds them for a lease: of one payment and endpoint only the earliest that is pending, so that first
   * deliveries go out in order. What belongs to an endpoint that is no longer enabled ends as `dead`.
   * @throws JournalUnavailable
   */
  take(wish: WebhookWish): Promise<WebhookHaul>;
  /**
   * Records a try, if its taker still holds it, and lets the payment's next delivery pass.
   * @returns `held`: it was recorded; `released`: another one became due
   */
  record(record: WebhookRecord): Promise<Commit<{ readonly held: boolean; readonly released: boolean }>>;
  /** How long a taken delivery is held, ms. */
  readonly leaseMs: number;
}
