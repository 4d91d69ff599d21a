/**
 * Cancel: only while nothing is at a bank. It compares and sets the same row as dispatch does, so exactly one of the two wins.
 */
import type { MerchantId, Payment, PaymentId } from '#domain';
import { isFinal } from '#domain';
import type { Refusal } from './accept-payment';
import type { PaymentJournal } from './ports/payment-journal';

export type CancelAnswer = { readonly kind: 'canceled'; readonly payment: Payment } | Refusal;

/** A payment that keeps moving under us is with a bank by then; three looks tell. */
const TRIES = 3;

export class CancelPayment {
  constructor(private readonly journal: PaymentJournal) {}

  /** Canceling a canceled payment answers like the first time. @throws JournalUnavailable */
  async cancel(merchantId: MerchantId, id: PaymentId): Promise<CancelAnswer> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const payment = await this.journal.read(id);
      if (!payment || payment.merchantId !== merchantId) return { kind: 'refused', code: 'not_found' };
      const { state } = payment.head;
      if (state === 'canceled') return { kind: 'canceled', payment };
      if (isFinal(state)) return { kind: 'refused', code: 'payment_final', facts: { status: state } };
      if (state !== 'queued' && state !== 'requires_payment_method') {
        return { kind: 'refused', code: 'already_submitted', facts: { status: state } };
      }
      const commit = await this.journal.apply({
        paymentId: id,
        version: payment.head.version,
        to: 'canceled',
        eventType: 'payment.canceled',
        reason: { code: 'canceled_by_merchant' },
        lookAgainInMs: null,
      });
      if (commit.kind === 'not_committed') return { kind: 'refused', code: 'storage_unavailable' };
      // Applied, stale or undecided: the next look tells which.
    }
    const payment = await this.journal.read(id);
    if (payment?.head.state === 'canceled') return { kind: 'canceled', payment };
    return { kind: 'refused', code: 'already_submitted' };
  }
}
