/**
 * The journal: PostgreSQL's truth about payments, as the use cases need it. Implemented by `#postgres`.
 *
 * Every write compares and sets the version of one payment and writes its event in the same statement. Calls are gathered into
 * batches inside; each caller gets the answer for its own row.
 */
import type {
  Attempt,
  AttemptId,
  BankReference,
  ChannelId,
  EpochMs,
  InstrumentToken,
  MerchantId,
  OperationKey,
  Payment,
  PaymentEvent,
  PaymentId,
  PaymentInstruction,
  PaymentState,
  Transition,
} from '#domain';
import type { Commit } from './commit';

/** A payment about to be accepted: queued on the channel of its first instrument. */
export interface PaymentDraft extends PaymentInstruction {
  readonly channelId: ChannelId;
  readonly instrumentToken: InstrumentToken;
  readonly bankReference: BankReference;
  readonly limitRevision: number;
}

export type AcceptResult =
  | { readonly outcome: 'inserted'; readonly payment: Payment }
  /** A payment of this merchant already has the key, or the order number, or (after an indeterminate commit) is this very draft. */
  | { readonly outcome: 'exists'; readonly payment: Payment };

/** Asks to move one queued payment to its bank. */
export interface DispatchClaim {
  readonly paymentId: PaymentId;
  /** The version the job was made for; a payment that moved since is not sent. `null`: whatever it is now. */
  readonly version: number | null;
  readonly channelId: ChannelId;
  readonly attemptId: AttemptId;
  /** Random; only its holder may later say that no byte was sent. */
  readonly dispatchToken: string;
  /** The bank's deadline of this call, ms: `expires_at` must be further away than this. */
  readonly timeoutMs: number;
  /** The shard epochs this process believes to own, by shard id. */
  readonly epochs: readonly number[];
}

export type DispatchResult =
  /** The attempt is committed as `dispatched`. Only this answer allows a byte to be sent. */
  | { readonly outcome: 'dispatched'; readonly payment: Payment; readonly attempt: Attempt }
  | { readonly outcome: 'skipped'; readonly reason: 'moved' | 'deadline' | 'not_owner' | 'not_found' };

export type ApplyResult =
  | { readonly outcome: 'applied'; readonly version: number; readonly at: EpochMs }
  /** Somebody else moved the payment first: read it again and decide again. */
  | { readonly outcome: 'stale' };

/** Something whose time has come. */
export interface DueWork {
  readonly paymentId: PaymentId;
  readonly version: number;
  readonly state: PaymentState;
  readonly channelId: ChannelId;
  readonly leg: number;
  /** How often it has been looked at. */
  readonly looks: number;
  /** `expires_at` has passed on PostgreSQL's clock. */
  readonly expired: boolean;
  /** Whether its current attempt has gone without an answer for longer than any answer takes. */
  readonly answerOverdue: boolean;
}

/** The newest page of a merchant's payments, oldest cut off. */
export interface PaymentPage {
  readonly payments: readonly Payment[];
  readonly hasMore: boolean;
}

export interface PaymentJournal {
  accept(draft: PaymentDraft): Promise<Commit<AcceptResult>>;
  dispatch(claim: DispatchClaim): Promise<Commit<DispatchResult>>;
  /** @param repeatForMs tries again for so long while PostgreSQL cannot be asked; 0: says so at once */
  apply(transition: Transition, repeatForMs?: number): Promise<Commit<ApplyResult>>;

  /**
   * Looked up on the primary before any refusal (money.md section 3.2).
   * @returns `in_progress`: a commit of this key is under way and its fate is not known
   * @throws JournalUnavailable
   */
  findByKey(merchantId: MerchantId, idempotencyKey: string): Promise<Payment | 'in_progress' | null>;
  /** What an operation's key was used for, if it was. @throws JournalUnavailable */
  findOperation(key: OperationKey): Promise<KeyUse | null>;
  /** Instruments that the payment's attempts so far have used. @throws JournalUnavailable */
  triedInstruments(id: PaymentId): Promise<readonly InstrumentToken[]>;
  findByOrderNo(merchantId: MerchantId, merchantOrderNo: string): Promise<Payment | null>;
  read(id: PaymentId): Promise<Payment | null>;
  readByBankReference(reference: string): Promise<Payment | null>;
  /** Newest first, before a payment's id. @param limit at most 100 */
  list(merchantId: MerchantId, before: PaymentId | null, limit: number): Promise<PaymentPage>;
  /** Events with a version above `after`, oldest first. @param limit at most 1000 */
  events(payment: Payment, after: number, limit: number): Promise<readonly PaymentEvent[]>;

  /** Queued payments of these channels, oldest first: how workers go on while Redis is gone. Several may find the same one; dispatch lets one send. */
  findQueued(channels: readonly ChannelId[], limit: number): Promise<readonly QueuedPayment[]>;
  /**
   * Enters payments that are not final some seconds after their acceptance into the list of follow-ups, so that none is forgotten.
   * Each payment is visited once. @returns how many were entered
   */
  collectUnfinished(): Promise<number>;
  /**
   * Takes what is due and moves each one's next look on, so that two sweepers never hold the same work.
   * @param scheduleMs waits between looks, by number of looks; the last one repeats
   */
  takeDue(limit: number, scheduleMs: readonly number[]): Promise<readonly DueWork[]>;
  /** Notes one inquiry that settled nothing, what it found, and when to look again. */
  noteInquiry(note: InquiryNote): Promise<void>;
}

export interface QueuedPayment {
  readonly paymentId: PaymentId;
  readonly version: number;
  readonly channelId: ChannelId;
}

/** The use of an operation's idempotency key. */
export interface KeyUse {
  readonly fingerprint: string;
  readonly paymentId: PaymentId;
}

/** An inquiry that left its attempt as it was. */
export interface InquiryNote {
  readonly paymentId: PaymentId;
  readonly leg: number;
  /** The bank knew no such reference, at a time when by contract it should have: the first half of a time fence. */
  readonly notFoundAfterFence: boolean;
  readonly lookAgainInMs: number;
}
