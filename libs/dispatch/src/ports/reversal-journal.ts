/**
 * Reversals in the journal. They begin and end in a transition of their payment (Transition.undo); what is here finds them, and moves
 * the time of their next try. Implemented by `#postgres`.
 */
import type { PaymentId, Reversal } from '#domain';
import type { CareShare } from './refund-journal';

export interface ReversalJournal {
  /** @throws JournalUnavailable, as everything here */
  find(paymentId: PaymentId, leg: number): Promise<Reversal | null>;
  /** Takes what is due of these channels, oldest first, and counts the try; each piece of work goes to one taker (SKIP LOCKED). */
  takeDue(shares: readonly CareShare[]): Promise<readonly Reversal[]>;
  /** Nothing changed; look again then. */
  postpone(reversal: Reversal, lookAgainInMs: number): Promise<void>;
  /** The bank says that it charged: once the reversal is acknowledged, it is asked again. A refused one is not doubted. */
  doubt(paymentId: PaymentId, leg: number): Promise<void>;
  /** The bank was asked after its acknowledgement, and nothing is charged. */
  trust(reversal: Reversal): Promise<void>;
}
