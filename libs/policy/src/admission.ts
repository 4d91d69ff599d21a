/**
 * May this payment enter this channel's queue? Answered from memory, before anything is stored.
 *
 * It holds what the channel's contract, its operator and the payment's own deadline say. Whether there is room is asked after it, at the
 * door (door/decide-at-door.ts, static-door.ts).
 */
import {
  type Channel,
  type ChannelHold,
  type ChannelLimits,
  type ChannelOrder,
  type ErrorCode,
  type Money,
  effectOf,
} from '#domain';

export type Admission =
  | { readonly kind: 'admit' }
  | { readonly kind: 'refuse'; readonly code: ErrorCode; readonly facts: Readonly<Record<string, string | number>> };

/** A payment waits at most this long from acceptance to its hard stop, so that a forgotten one has an end. */
export const LIFETIME_MAX_MS = 24 * 3_600_000;

/** Without an `expires_at` a payment lives this long: longer than a payer at the bank's page, shorter than a cart. */
export const LIFETIME_DEFAULT_MS = 15 * 60_000;

/** What a payer is told of a channel that an operator has stopped. An isolated one is a breaker that a person holds open. */
export const HOLD_CODES: Readonly<Record<ChannelHold, ErrorCode>> = {
  drain: 'channel_draining',
  // Payments come in under a pause; where it stops them all the same, a drain stands beside it.
  pause: 'channel_draining',
  maintenance: 'channel_maintenance',
  isolate: 'channel_breaker_open',
  kill: 'channel_closed',
};

/**
 * @param order what an operator has ordered about the channel, in force now
 * @param nowMs wall clock, compared with `expiresAtMs`
 */
export function decideAdmission(
  channel: Channel,
  limits: ChannelLimits,
  order: ChannelOrder | null,
  amount: Money,
  expiresAtMs: number,
  nowMs: number,
): Admission {
  if (!channel.enabled) return { kind: 'refuse', code: 'channel_closed', facts: { channel: channel.id } };
  if (order && !effectOf(order).admits) {
    const facts = { channel: channel.id, hold: order.hold };
    const until = order.until === null ? null : new Date(order.until).toISOString();
    return { kind: 'refuse', code: HOLD_CODES[order.hold], facts: until === null ? facts : { ...facts, until } };
  }
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
