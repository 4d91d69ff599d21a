/**
 * Cancel: at once while nothing is at a bank. It compares and sets the same row as dispatch does, so exactly one of the two wins. While
 * the payer is at the bank's page, the order is closed at the bank first: canceled once the bank has acknowledged it (money.md section 9).
 */
import type { MerchantId, Payment, PaymentId } from '#domain';
import { isFinal } from '#domain';
import type { Refusal } from './entrance';
import type { BeginReversal } from './begin-reversal';
import type { PaymentJournal } from './ports/payment-journal';

export type CancelAnswer =
  | { readonly kind: 'canceled'; readonly payment: Payment }
  /** The bank is asked to close its page: the payment is `unknown` until it has, and then canceled, or paid if it will not. */
  | { readonly kind: 'canceling'; readonly payment: Payment }
  | Refusal;

/** A payment that keeps moving under us is with a bank by then; three looks tell. */
const TRIES = 3;

export class CancelPayment {
  /** @param beginReversal null: this process knows no bank's contract, so what is at a bank stays there */
  constructor(
    private readonly journal: PaymentJournal,
    private readonly beginReversal: Pick<BeginReversal, 'begin'> | null = null,
  ) {}

  /** Canceling a canceled payment answers like the first time. @throws JournalUnavailable */
  async cancel(merchantId: MerchantId, id: PaymentId): Promise<CancelAnswer> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const payment = await this.journal.read(id);
      if (!payment || payment.merchantId !== merchantId) return { kind: 'refused', code: 'not_found' };
      const { state } = payment.head;
      if (state === 'canceled') return { kind: 'canceled', payment };
      if (isFinal(state)) return { kind: 'refused', code: 'payment_final', facts: { status: state } };
      if (isBeingCanceled(payment)) return { kind: 'canceling', payment };
      if (state === 'requires_action' && this.beginReversal) {
        const begun = await this.beginReversal.begin(id, 'canceled');
        if (begun.kind === 'begun') return { kind: 'canceling', payment: begun.payment };
        if (begun.kind === 'moved') continue;
      }
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

/** Canceling twice is canceling once, also while the bank has not answered. */
function isBeingCanceled({ attempt, head }: Payment): boolean {
  return attempt?.state === 'reversing' && head.reason?.code === 'reversing' && head.reason['purpose'] === 'canceled';
}
