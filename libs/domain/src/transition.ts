/** A move of one payment, decided from one version of it and applied only if it still has that version. */
import type { AttemptState } from './attempt-state';
import type { DeclineReason } from './evidence';
import type { BankReference, ChannelId, InstrumentToken, MerchantId, PaymentId } from './ids';
import type { Reason } from './payment';
import type { PaymentState } from './payment-state';
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
}

/** The idempotency key under which a merchant asked for the move. A key is used once; a second use is refused by the database. */
export interface OperationKey {
  readonly operation: 'switch';
  readonly merchantId: MerchantId;
  readonly idempotencyKey: string;
  /** SHA-256 of the body's canonical form, hex. */
  readonly fingerprint: string;
}

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
  readonly eventType: string;
  readonly eventData?: Readonly<Record<string, unknown>>;
  readonly reason?: Reason;
  /** When somebody must look at the payment again, ms from now; `null`: no longer (it is final). */
  readonly lookAgainInMs: number | null;
}
