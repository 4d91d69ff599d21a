/** The journal's payment as the API shows it. One function for every way of reading it. */
import { type Attempt, type Payment, type PaymentEvent, type QueuePlace, TIER, isFinal } from '#domain';
import { type NameChannel, renderQueuePlace, renderSuggestions } from '../suggestions/render-suggestion';
import type { AttemptResponse, NextActionResponse, PaymentEventResponse, PaymentResponse } from './payment.response';
import { renderReason } from './reason.response';
import { DECLINE_WORDS } from './reason-words';
import { timeText } from './time-text';

export function renderPayment(payment: Payment): PaymentResponse {
  const { head, attempt } = payment;
  return {
    id: payment.id,
    object: 'payment',
    status: head.state,
    final: isFinal(head.state),
    version: head.version,
    merchant_order_no: payment.merchantOrderNo,
    amount: { value: payment.amount.value, currency: payment.amount.currency },
    amount_captured: head.capturedMinor,
    amount_refunded: head.refundedMinor,
    payment_method: { token: payment.instruments[0]!.token },
    alternatives: payment.instruments.slice(1).map(({ token }) => token),
    instrument: head.instrumentToken,
    channel: { id: head.channelId },
    routing: { mode: payment.routingMode, max_wait_ms: payment.maxWaitMs },
    on_decline: payment.onDecline,
    tier: payment.tier === TIER.bulk ? 'bulk' : 'paying',
    payer_id: payment.payerId,
    expires_at: timeText(payment.expiresAt),
    return_url: payment.returnUrl,
    description: payment.description,
    metadata: payment.metadata,
    attempt: attempt && renderAttempt(attempt),
    next_action: head.state === 'requires_action' && attempt ? nextAction(attempt) : null,
    reason: head.reason && renderReason(head.reason),
    queue: null,
    suggestions: [],
    created_at: timeText(payment.acceptedAt),
    updated_at: timeText(head.updatedAt),
  };
}

/** With its place in the queue, where it has one. */
export function renderPaymentInQueue(payment: Payment, place: QueuePlace | null): PaymentResponse {
  return { ...renderPayment(payment), queue: place && renderQueuePlace(place) };
}

/**
 * The first answer, now or again: the payment as it was at its acceptance, whatever became of it since. Everything in it is part of the
 * instruction, which never changes, or was kept with it.
 */
export function renderAsAccepted(payment: Payment, nameOf: NameChannel): PaymentResponse {
  const { acceptance, acceptedAt, instruments } = payment;
  const { channelId, token } = acceptance?.rerouted ?? instruments[0]!;
  const head: Payment['head'] = {
    ...payment.head,
    state: 'queued',
    version: 1,
    leg: 1,
    channelId,
    instrumentToken: token,
    updatedAt: acceptedAt,
    keptLeg: null,
    capturedMinor: 0,
    refundedMinor: 0,
    reason: acceptance?.rerouted?.reason ?? null,
  };
  return {
    ...renderPaymentInQueue({ ...payment, attempt: null, head }, acceptance?.queue ?? null),
    suggestions: renderSuggestions(acceptance?.suggestions ?? [], nameOf),
  };
}

/** @param payment as it is now, which may be later than the event */
export function renderEvent(event: PaymentEvent, payment: PaymentResponse): PaymentEventResponse {
  return {
    id: event.version,
    type: event.type,
    created_at: timeText(event.at),
    data: { ...event.data, status: event.state, leg: event.leg, channel: event.channelId },
    payment,
  };
}

function renderAttempt(attempt: Attempt): AttemptResponse {
  const { declineReason } = attempt;
  return {
    leg: attempt.leg,
    status: attempt.state,
    bank_reference: attempt.bankReference,
    bank_transaction_id: attempt.bankTransactionId,
    dispatched_at: timeText(attempt.dispatchedAt),
    settled_at: attempt.settledAt === null ? null : timeText(attempt.settledAt),
    decline: declineReason && {
      reason: declineReason,
      bank_code: attempt.bankCode,
      bank_message: attempt.bankMessage,
      message: DECLINE_WORDS[declineReason],
    },
  };
}

function nextAction(attempt: Attempt): NextActionResponse | null {
  if (attempt.actionUrl === null) return null;
  const expires = attempt.actionExpiresAt;
  return { type: 'redirect', url: attempt.actionUrl, expires_at: expires === null ? null : timeText(expires) };
}
