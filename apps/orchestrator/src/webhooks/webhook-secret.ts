/** A new secret and a new id for an endpoint. */
import { randomBytes } from 'node:crypto';
import { WEBHOOK_ENDPOINT_PREFIX, type WebhookEndpointId } from '#domain';
import { typeidUnboxed } from 'typeid-js';

/** Standard Webhooks asks for 24 to 64; HMAC-SHA256 gains nothing beyond its 32. */
const SECRET_BYTES = 32;

export function newWebhookSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

export function newWebhookEndpointId(): WebhookEndpointId {
  return typeidUnboxed(WEBHOOK_ENDPOINT_PREFIX) as string as WebhookEndpointId;
}
