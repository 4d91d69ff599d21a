/** How refunds and reversals are read: the columns, and the rows they come back as. */
import type { Refund, Reversal } from '#domain';
import { type Row, ms } from './payment-row';

/** Of `refunds r`. */
export const REFUND_COLUMNS = `
  r.id, r.payment_id, r.leg, r.kind, r.merchant_id, r.idempotency_key, r.fingerprint, r.amount_minor::float8 as amount_minor, r.currency,
  r.channel_id, r.bank_reference, r.original_reference, r.shard, r.state, r.version, r.send_no, r.looks, r.reason,
  r.bank_transaction_id, r.bank_code, r.bank_message, ${ms('r.doubt_since')} as doubt_since, ${ms('r.send_by')} as send_by,
  ${ms('r.created_at')} as created_at, ${ms('r.updated_at')} as updated_at, ${ms('r.settled_at')} as settled_at`;

/** Of `reversals v`. */
export const REVERSAL_COLUMNS = `
  v.payment_id, v.leg, v.channel_id, v.bank_reference, v.original_reference, v.purpose, v.state, v.tries,
  ${ms('v.doubted_at')} as doubted_at, ${ms('v.requested_at')} as requested_at, ${ms('v.settled_at')} as settled_at`;

export function refundOf(row: Row): Refund {
  return {
    id: row['id']!,
    paymentId: row['payment_id']!,
    leg: row['leg']!,
    kind: row['kind']!,
    merchantId: row['merchant_id']!,
    idempotencyKey: row['idempotency_key']!,
    fingerprint: row['fingerprint']!,
    amount: { value: row['amount_minor']!, currency: row['currency']! },
    channelId: row['channel_id']!,
    bankReference: row['bank_reference']!,
    originalReference: row['original_reference']!,
    state: row['state']!,
    version: row['version']!,
    sendNo: row['send_no']!,
    doubtSince: row['doubt_since']!,
    shard: row['shard']!,
    sendBy: row['send_by']!,
    looks: row['looks']!,
    reason: row['reason']!,
    bankTransactionId: row['bank_transaction_id']!,
    bankCode: row['bank_code']!,
    bankMessage: row['bank_message']!,
    createdAt: row['created_at']!,
    updatedAt: row['updated_at']!,
    settledAt: row['settled_at']!,
  };
}

export function reversalOf(row: Row): Reversal {
  return {
    paymentId: row['payment_id']!,
    leg: row['leg']!,
    channelId: row['channel_id']!,
    bankReference: row['bank_reference']!,
    originalReference: row['original_reference']!,
    purpose: row['purpose']!,
    state: row['state']!,
    tries: row['tries']!,
    doubtedAt: row['doubted_at']!,
    requestedAt: row['requested_at']!,
    settledAt: row['settled_at']!,
  };
}
