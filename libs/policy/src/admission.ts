/**
 * May this payment enter this channel's queue? Answered from memory, before anything is stored.
 *
 * It holds what the channel's contract and the payment's own deadline say. Predicted wait against patience comes with issue 5 and
 * takes its place here.
 */
import type { Channel, ChannelLimits, ErrorCode, Money } from '#domain';

export type Admission =
  | { readonly kind: 'admit' }
  | { readonly kind: 'refuse'; readonly code: ErrorCode; readonly facts: Readonly<Record<string, string | number>> };

/** A payment waits at most this long from acceptance to its hard stop, so that a forgotten one has an end. */
export const LIFETIME_MAX_MS = 24 * 3_600_000;

/** Without an `expires_at` a payment lives this long: longer than a payer at the bank's page, shorter than a cart. */
export const LIFETIME_DEFAULT_MS = 15 * 60_000;

/** @param nowMs wall clock, compared with `expiresAtMs` */
export function decideAdmission(
  channel: Channel,
  limits: ChannelLimits,
  amount: Money,
  expiresAtMs: number,
  nowMs: number,
): Admission {
  if (!channel.enabled) return { kind: 'refuse', code: 'channel_closed', facts: { channel: channel.id } };
  if (!channel.currencies.includes(amount.currency)) {
    return { kind: 'refuse', code: 'currency_unsupported', facts: { channel: channel.id, currency: amount.currency } };
  }
  if (amount.value < limits.amountMin || amount.value > limits.amountMax) {
    const facts = { channel: channel.id, amount_min: limits.amountMin, amount_max: limits.amountMax };
    return { kind: 'refuse', code: 'amount_out_of_range', facts };
  }
  if (expiresAtMs - nowMs <= limits.timeoutMs) {
    const facts = { channel: channel.id, bank_timeout_ms: limits.timeoutMs };
    return { kind: 'refuse', code: 'deadline_passed', facts };
  }
  return { kind: 'admit' };
}
