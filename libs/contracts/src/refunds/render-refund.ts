/** The journal's refund as the API shows it. */
import type { Refund } from '#domain';
import { timeText } from '../payments/time-text';
import type { RefundResponse } from './refund.response';

export function renderRefund(refund: Refund): RefundResponse {
  return {
    id: refund.id,
    object: 'refund',
    payment: refund.paymentId,
    kind: refund.kind,
    status: refund.state,
    amount: { value: refund.amount.value, currency: refund.amount.currency },
    reason: refund.reason,
    channel: refund.channelId,
    bank_reference: refund.bankReference,
    bank_transaction_id: refund.bankTransactionId,
    bank_code: refund.bankCode,
    bank_message: refund.bankMessage,
    created_at: timeText(refund.createdAt),
    updated_at: timeText(refund.updatedAt),
    settled_at: refund.settledAt === null ? null : timeText(refund.settledAt),
  };
}

/** The first answer again: the refund as it was when it was accepted, whatever became of it since. */
export function renderAsRequested(refund: Refund): RefundResponse {
  return renderRefund({
    ...refund,
    state: 'requested',
    bankTransactionId: null,
    bankCode: null,
    bankMessage: null,
    updatedAt: refund.createdAt,
    settledAt: null,
  });
}
