/**
 * Refunds in the journal. Each write compares and sets one refund's version, raises its payment's version where the merchant should
 * hear of it, and writes that event in the same statement. Implemented by `#postgres`.
 */
import type { BankReference, ChannelId, MerchantId, Payment, PaymentId, Refund, RefundId, RefundState } from '#domain';
import type { Commit } from './commit';

/** A refund that a merchant asks for. It goes to the kept attempt of its payment. */
export interface RefundDraft {
  readonly id: RefundId;
  readonly paymentId: PaymentId;
  readonly merchantId: MerchantId;
  readonly idempotencyKey: string;
  readonly fingerprint: string;
  /** Minor units; null: all that is left. */
  readonly amountMinor: number | null;
  readonly bankReference: BankReference;
  readonly reason: string | null;
}

export type RefundRequested =
  | { readonly outcome: 'inserted'; readonly refund: Refund }
  /** A refund of this merchant already has the key, or (after an indeterminate commit) is this very draft. */
  | { readonly outcome: 'exists'; readonly refund: Refund }
  /** The payment is not succeeded, or the sum of its refunds would exceed what was captured, or it has too many: read it again. */
  | { readonly outcome: 'refused' };

/** Asks to send one refund: only the answer `dispatched` allows a byte to leave. */
export interface RefundClaim {
  readonly refund: Refund;
  readonly dispatchToken: string;
  /** The shard epochs this process believes to own, by shard id. */
  readonly epochs: readonly number[];
  /** When somebody looks again although no answer was written, ms from now. */
  readonly lookAgainInMs: number;
}

/** What became of one refund, decided from the state it had at `refund.version`. */
export interface RefundMove {
  readonly refund: Refund;
  readonly to: RefundState;
  /** Needed for `requested`: proof that the writer is the one that could have sent. */
  readonly dispatchToken?: string;
  readonly bankTransactionId?: string;
  readonly bankCode?: string;
  readonly bankMessage?: string;
  /** A word, for the event. */
  readonly why: string | null;
  /** null: settled. */
  readonly lookAgainInMs: number | null;
}

/** What one channel can take now. */
export interface CareShare {
  readonly channelId: ChannelId;
  /** At most so many. */
  readonly free: number;
  /** Longer than one try takes, ms: nobody else gets the same work before. */
  readonly leaseMs: number;
}

/** Most refunds that one payment may have: the list of them fits one page. */
export const REFUNDS_PER_PAYMENT_MAX = 100;

export interface RefundJournal {
  request(draft: RefundDraft): Promise<Commit<RefundRequested>>;
  /** @returns the refund as dispatched; null: somebody else moved it, or its shard is not ours */
  dispatch(claim: RefundClaim): Promise<Commit<Refund | null>>;
  /** @returns whether it still had that version */
  move(move: RefundMove): Promise<Commit<boolean>>;

  /** @throws JournalUnavailable, as all reads below */
  findByKey(merchantId: MerchantId, idempotencyKey: string): Promise<Refund | null>;
  read(id: RefundId): Promise<Refund | null>;
  readByBankReference(reference: string): Promise<Refund | null>;
  /** Newest first, at most REFUNDS_PER_PAYMENT_MAX and the automatic ones. */
  ofPayment(payment: Payment): Promise<readonly Refund[]>;
  /** Takes what is due of these channels, oldest first; each piece of work goes to one taker (SKIP LOCKED). */
  takeDue(shares: readonly CareShare[]): Promise<readonly Refund[]>;
  /** Nothing changed; look again then. */
  postpone(refund: Refund, lookAgainInMs: number): Promise<void>;
}
