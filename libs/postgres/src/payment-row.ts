/** How a payment and its current attempt are read: the columns, and the row they come back as. */
import type { Attempt, Payment, PaymentEvent } from '#domain';

/**
 * Whole milliseconds since the epoch, as a number and not as text. Binary arithmetic, since `extract` and its decimals cost ten times as
 * much; half a microsecond is added because PostgreSQL's microseconds come out of it a quarter of one low at worst.
 */
export const ms = (column: string): string => `floor(date_part('epoch', ${column}) * 1000 + 0.0005)`;

/** Of `payments p`, `payment_heads h`, `attempts a` (left joined). */
export const PAYMENT_COLUMNS = `
  p.id, p.merchant_id, p.merchant_order_no, p.idempotency_key, p.fingerprint, p.amount_minor::float8 as amount_minor, p.currency,
  p.instruments, p.routing_mode, p.max_wait_ms, p.on_decline, p.payer_id, p.payer_cohort, p.tier, p.shard,
  ${ms('p.accepted_at')} as accepted_at, ${ms('p.expires_at')} as expires_at, ${ms('now()')} as read_at, p.return_url, p.description, p.metadata, p.acceptance,
  h.state, h.version, h.leg, h.channel_id, h.instrument_token, h.bank_reference, h.limit_revision,
  ${ms('h.queued_at')} as queued_at, ${ms('h.updated_at')} as updated_at, h.kept_leg,
  h.captured_minor::float8 as captured_minor, h.refunded_minor::float8 as refunded_minor, h.reason`;

export const ATTEMPT_COLUMNS = `
  a.attempt_id, a.leg as a_leg, a.channel_id as a_channel_id, a.instrument_token as a_instrument_token,
  a.bank_reference as a_bank_reference, a.state as a_state, a.epoch::float8 as epoch, a.send_no,
  ${ms('a.dispatched_at')} as dispatched_at, ${ms('a.send_by')} as send_by, ${ms('a.settled_at')} as settled_at,
  a.bank_transaction_id, a.decline_reason, a.bank_code, a.bank_message, a.action_url,
  ${ms('a.action_expires_at')} as action_expires_at, a.inquiries, ${ms('a.not_found_at')} as not_found_at`;

export const EVENT_COLUMNS = `e.payment_id, e.version, e.type, e.state, e.leg, e.channel_id, ${ms('e.at')} as at, e.data`;

/** A row of the columns above, as node-postgres gives it. */
export type Row = Record<string, never>;

/** @param row has PAYMENT_COLUMNS, and ATTEMPT_COLUMNS (all null where there is no attempt) */
export function paymentOf(row: Row): Payment {
  return {
    id: row['id']!,
    merchantId: row['merchant_id']!,
    merchantOrderNo: row['merchant_order_no']!,
    idempotencyKey: row['idempotency_key']!,
    fingerprint: row['fingerprint']!,
    amount: { value: row['amount_minor']!, currency: row['currency']! },
    instruments: row['instruments']!,
    routingMode: row['routing_mode']!,
    maxWaitMs: row['max_wait_ms']!,
    onDecline: row['on_decline']!,
    payerId: row['payer_id']!,
    payerCohort: row['payer_cohort']!,
    tier: row['tier']!,
    shard: row['shard']!,
    acceptedAt: row['accepted_at']!,
    readAt: row['read_at']!,
    expiresAt: row['expires_at']!,
    returnUrl: row['return_url']!,
    description: row['description']!,
    metadata: row['metadata']!,
    acceptance: row['acceptance']!,
    head: {
      state: row['state']!,
      version: row['version']!,
      leg: row['leg']!,
      channelId: row['channel_id']!,
      instrumentToken: row['instrument_token']!,
      bankReference: row['bank_reference']!,
      limitRevision: row['limit_revision']!,
      queuedAt: row['queued_at']!,
      updatedAt: row['updated_at']!,
      keptLeg: row['kept_leg']!,
      capturedMinor: row['captured_minor']!,
      refundedMinor: row['refunded_minor']!,
      reason: row['reason']!,
    },
    attempt: row['attempt_id'] ? attemptOf(row) : null,
  };
}

function attemptOf(row: Row): Attempt {
  return {
    id: row['attempt_id']!,
    paymentId: row['id']!,
    leg: row['a_leg']!,
    channelId: row['a_channel_id']!,
    instrumentToken: row['a_instrument_token']!,
    bankReference: row['a_bank_reference']!,
    state: row['a_state']!,
    epoch: row['epoch']!,
    sendNo: row['send_no']!,
    dispatchedAt: row['dispatched_at']!,
    sendBy: row['send_by']!,
    settledAt: row['settled_at']!,
    bankTransactionId: row['bank_transaction_id']!,
    declineReason: row['decline_reason']!,
    bankCode: row['bank_code']!,
    bankMessage: row['bank_message']!,
    actionUrl: row['action_url']!,
    actionExpiresAt: row['action_expires_at']!,
    inquiries: row['inquiries']!,
    notFoundAt: row['not_found_at']!,
  };
}

export function eventOf(row: Row): PaymentEvent {
  return {
    paymentId: row['payment_id']!,
    version: row['version']!,
    type: row['type']!,
    state: row['state']!,
    leg: row['leg']!,
    channelId: row['channel_id']!,
    at: row['at']!,
    data: row['data']!,
  };
}
