/** Reads payments for a merchant: another merchant's payment does not exist. */
import type { PaymentJournal } from '#dispatch';
import { type MerchantId, type Payment, isPaymentId } from '#domain';
import { ProblemError } from '../http/problem-error';

export class PaymentReader {
  constructor(private readonly journal: PaymentJournal) {}

  /** @throws ProblemError `not_found` · JournalUnavailable */
  async read(merchantId: MerchantId, id: string): Promise<Payment> {
    const payment = isPaymentId(id) ? await this.journal.read(id) : null;
    if (!payment || payment.merchantId !== merchantId) throw new ProblemError({ code: 'not_found' });
    return payment;
  }
}
