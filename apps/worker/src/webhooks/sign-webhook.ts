/** The value of `webhook-signature` (Standard Webhooks 1.0): one `v1,` signature for each live secret, parted by spaces. */
import { Webhook } from 'standardwebhooks';

/**
 * @param secrets `whsec_` and base64
 * @param timestampMs wall clock; signed in whole seconds, as `webhook-timestamp` says it
 */
export function signWebhook(secrets: readonly string[], id: string, timestampMs: number, body: string): string {
  const timestamp = new Date(timestampMs);
  return secrets.map((secret) => new Webhook(secret).sign(id, timestamp, body)).join(' ');
}
