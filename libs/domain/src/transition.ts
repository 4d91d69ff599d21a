/** A move of one payment, decided from one version of it and applied only if it still has that version. */
import type { AttemptState } from './attempt-state';
import type { DeclineReason } from './evidence';
import type { BankReference, ChannelId, InstrumentToken, MerchantId, PaymentId, RefundId } from './ids';
import type { Reason } from './reason';
import type { PaymentState } from './payment-state';
import type { ReversalPurpose } from './refund';
import type { EpochMs } from './time';

/** What a transition writes about the current attempt. */
export interface AttemptChange {
  readonly leg: number;
  readonly state: AttemptState;
  /** Needed to write `not_sent`: proof that the writer is the one that could have sent. */
  readonly dispatchToken?: string;
  readonly bankTransactionId?: string;
  readonly declineReason?: DeclineReason;
  readonly bankCode?: string;
  readonly bankMessage?: string;
  readonly actionUrl?: string;
  readonly actionExpiresAt?: EpochMs;
}

/** The payment goes back to its queue for its next leg. */
export interface NextLeg {
  readonly leg: number;
  readonly channelId: ChannelId;
  readonly instrumentToken: InstrumentToken;
  readonly bankReference: BankReference;
  /** Revision of the channel's limits under which it is queued. */
  readonly limitRevision: number;
}

/** The idempotency key under which a merchant asked for the move. A key is used once; a second use is refused by the database. */
export interface OperationKey {
  readonly operation: 'switch';
  readonly merchantId: MerchantId;
  readonly idempotencyKey: string;
  /** SHA-256 of the body's canonical form, hex. */
  readonly fingerprint: string;
}

/** What a transition writes about the undo of an attempt: at most one open or done, held by the database (money.md section 8). */
export type UndoChange =
  /** From now on the bank is asked to undo it, until it answers. */
  | {
      readonly kind: 'reversal_requested';
      readonly leg: number;
      readonly bankReference: BankReference;
      readonly purpose: ReversalPurpose;
    }
  | { readonly kind: 'reversal_acknowledged'; readonly leg: number; readonly bankTransactionId: string }
  /** The attempt stands as it was; another undo may follow. */
  | {
      readonly kind: 'reversal_refused';
      readonly leg: number;
      readonly bankCode: string;
      readonly bankMessage: string;
    }
  /** The bank charged although it had acknowledged the reversal, and the success is kept. */
  | { readonly kind: 'reversal_overtaken'; readonly leg: number }
  /** A success that cannot be kept is refunded by itself. */
  | {
      readonly kind: 'success_given_back';
      readonly leg: number;
      readonly refundId: RefundId;
      readonly bankReference: BankReference;
      /** The bank charged although it had acknowledged a reversal. */
      readonly overtakesReversal: boolean;
    };

/** One legal move of one payment, decided from the state it had at `version`. */
export interface Transition {
  readonly paymentId: PaymentId;
  /** Compare: the transition applies only if the payment still has this version. It then has this version + 1. */
  readonly version: number;
  readonly to: PaymentState;
  readonly attempt?: AttemptChange;
  readonly nextLeg?: NextLeg;
  /** Keep this leg's success: captured is set. At most one per payment, held by the database. */
  readonly kept?: { readonly leg: number; readonly capturedMinor: number };
  readonly key?: OperationKey;
  readonly undo?: UndoChange;
  readonly eventType: string;
  readonly eventData?: Readonly<Record<string, unknown>>;
  readonly reason?: Reason;
  /** When somebody must look at the payment again, ms from now; `null`: no longer (it is final). */
  readonly lookAgainInMs: number | null;
}
