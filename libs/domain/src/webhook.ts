/**
 * Webhooks: what a merchant is told, where, and what became of the telling. See docs/webhooks.md.
 *
 * A delivery is (endpoint, payment, version): its id is made of the three, so it is stable over every repetition, needs no column of
 * its own, and tells an operator at a glance what it is about. It is the `webhook-id` that the receiver sees.
 */
import type { MerchantId, PaymentId } from './ids';
import { PAYMENT_STATES } from './payment-state';
import type { EpochMs } from './time';

declare const brand: unique symbol;
/** TypeID, `whe_…`. */
export type WebhookEndpointId = string & { readonly [brand]: 'webhook endpoint' };
/** `whd_<payment>_<version>_<endpoint>`, the two without their prefixes. Holds no dot: the signature is over `id.timestamp.body`. */
export type WebhookDeliveryId = string & { readonly [brand]: 'webhook delivery' };

/** TypeID prefix of endpoints. */
export const WEBHOOK_ENDPOINT_PREFIX = 'whe';
/** In place of a list of types: all of them, those to come included. */
export const ALL_EVENTS = '*';

/** `pending`: to be sent, or sent again. `delivered`: a 2xx came. `dead`: nobody tries any more by itself. */
export const WEBHOOK_DELIVERY_STATES = ['pending', 'delivered', 'dead'] as const;
export type WebhookDeliveryState = (typeof WEBHOOK_DELIVERY_STATES)[number];

/** Where a merchant wants to be told. */
export interface WebhookEndpoint {
  readonly id: WebhookEndpointId;
  readonly merchantId: MerchantId;
  readonly url: string;
  /** Types of events, or `*` alone. */
  readonly eventTypes: readonly string[];
  readonly enabled: boolean;
  /** Why it is not enabled: `gone` (it answered 410). */
  readonly disabledReason: string | null;
  readonly createdAt: EpochMs;
  /** Until when the secret before the present one signs as well; null: there is none. */
  readonly previousSecretUntil: EpochMs | null;
}

/** The parts a delivery's id is made of. */
export interface WebhookDeliveryKey {
  readonly endpointId: WebhookEndpointId;
  readonly paymentId: PaymentId;
  readonly version: number;
}

const SUFFIX = '[0-7][0-9a-hjkmnp-tv-z]{25}';
const DELIVERY_ID = new RegExp(`^whd_(${SUFFIX})_([1-9][0-9]{0,8})_(${SUFFIX})$`);
const ENDPOINT_ID = new RegExp(`^${WEBHOOK_ENDPOINT_PREFIX}_${SUFFIX}$`);

/** Does the text have the shape of an endpoint's id? */
export function isWebhookEndpointId(text: string): text is WebhookEndpointId {
  return ENDPOINT_ID.test(text);
}

export function webhookDeliveryId({ endpointId, paymentId, version }: WebhookDeliveryKey): WebhookDeliveryId {
  return `whd_${suffixOf(paymentId)}_${version}_${suffixOf(endpointId)}` as WebhookDeliveryId;
}

/** @returns null where the text is no delivery's id */
export function parseWebhookDeliveryId(text: string): WebhookDeliveryKey | null {
  const parts = DELIVERY_ID.exec(text);
  if (!parts) return null;
  const [, payment, version, endpoint] = parts;
  return {
    endpointId: `${WEBHOOK_ENDPOINT_PREFIX}_${endpoint}` as WebhookEndpointId,
    paymentId: `pay_${payment}` as PaymentId,
    version: Number(version),
  };
}

function suffixOf(typeId: string): string {
  return typeId.slice(typeId.indexOf('_') + 1);
}

/** Every type of event, that is everything a merchant can ask to be told. A spec holds it equal to what the source writes. */
export const EVENT_TYPES = [
  ...PAYMENT_STATES.map((state) => `payment.${state}` as const),
  'payment.attempt_settled',
  'payment.integrity_failure',
  'payment.late_success',
  'payment.rerouted',
  'payment.reversing',
  'payment.switched',
  'refund.created',
  'refund.declined',
  'refund.succeeded',
  'refund.unknown',
] as const;

/** All of them, or a list of different ones. */
export function isEventTypeList(value: unknown): value is readonly string[] {
  if (!Array.isArray(value) || value.length === 0 || new Set(value).size !== value.length) return false;
  if (value.length === 1 && value[0] === ALL_EVENTS) return true;
  return value.every((type) => EVENT_TYPES.some((known) => known === type));
}
