/**
 * A payment as the journal keeps it: what was asked (never changes) and where it stands (moves).
 * They are two rows in PostgreSQL for the same reason that they are two types here. See ARCHITECTURE.md, design decisions.
 */
import type { AttemptId, BankReference, ChannelId, InstrumentToken, MerchantId, PaymentId } from './ids';
import type { Money } from './money';
import type { AttemptState } from './attempt-state';
import type { PaymentState } from './payment-state';
import type { Reason } from './reason';
import type { Acceptance } from './suggestion';
import type { DeclineReason } from './evidence';
import type { Tier } from './tier';
import type { EpochMs } from './time';

/** One way the payer may pay, as listed with the payment. Only listed instruments are ever used. */
export interface PaymentInstrument {
  readonly token: InstrumentToken;
  readonly channelId: ChannelId;
  readonly bankToken: string;
}

/** What Sluice may do by itself: only tell (`suggest`), only wait (`queue`), or move the payment (`reroute`). */
export const ROUTING_MODES = ['suggest', 'queue', 'reroute'] as const;
export type RoutingMode = (typeof ROUTING_MODES)[number];

/** After a hard decline: let the payer choose again until the deadline, or end it at once (callers without a payer). */
export const ON_DECLINE = ['requires_payment_method', 'fail'] as const;
export type OnDecline = (typeof ON_DECLINE)[number];

/** What the merchant asked. Immutable from the acceptance on. */
export interface PaymentInstruction {
  readonly id: PaymentId;
  readonly merchantId: MerchantId;
  readonly merchantOrderNo: string;
  readonly idempotencyKey: string;
  /** SHA-256 of the body's canonical form, hex: the same key with another fingerprint is refused. */
  readonly fingerprint: string;
  readonly amount: Money;
  /** In the payer's order; the first one is tried first. Never empty. */
  readonly instruments: readonly PaymentInstrument[];
  readonly routingMode: RoutingMode;
  /** How long the payer is willing to wait in our queue, ms; null: the channel's longest wait. */
  readonly maxWaitMs: number | null;
  readonly onDecline: OnDecline;
  readonly payerId: string | null;
  readonly payerCohort: number;
  readonly tier: Tier;
  readonly shard: number;
  /** Hard stop on PostgreSQL's clock: nothing is sent that a bank could not answer before this moment. */
  readonly expiresAt: EpochMs;
  /** Where the bank's page sends the payer back to (gateway). */
  readonly returnUrl: string | null;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** What its first answer said beside the payment itself; null: nothing. */
  readonly acceptance: Acceptance | null;
}

/** Where a payment stands. */
export interface PaymentHead {
  readonly state: PaymentState;
  /** Rises by one with every event; also the id of the event. */
  readonly version: number;
  /** Number of the current attempt, or of the next one while `queued`. */
  readonly leg: number;
  readonly channelId: ChannelId;
  readonly instrumentToken: InstrumentToken;
  /** Reference of the attempt with number `leg`. */
  readonly bankReference: BankReference;
  /** Revision of the channel's limits under which it was queued. */
  readonly limitRevision: number;
  readonly queuedAt: EpochMs;
  readonly updatedAt: EpochMs;
  /** Leg of the one success that is kept, or null. */
  readonly keptLeg: number | null;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
  /** Why it stands where it stands, as data that can be replayed. */
  readonly reason: Reason | null;
}

/** A payment as it is now. */
export interface Payment extends PaymentInstruction {
  readonly acceptedAt: EpochMs;
  /**
   * PostgreSQL's clock when this was read. Expiry and fences are compared with it, for the times they compare came from that clock; the
   * clock of whoever decides may have jumped.
   */
  readonly readAt: EpochMs;
  readonly head: PaymentHead;
  /** The current attempt (number `head.leg`), or null before the first dispatch of that leg. */
  readonly attempt: Attempt | null;
}

/** One try of a payment on one channel. */
export interface Attempt {
  readonly id: AttemptId;
  readonly paymentId: PaymentId;
  readonly leg: number;
  readonly channelId: ChannelId;
  readonly instrumentToken: InstrumentToken;
  readonly bankReference: BankReference;
  readonly state: AttemptState;
  /** Owner's epoch of the shard at dispatch (fencing token). */
  readonly epoch: number;
  /** How often the same reference was sent: rises only inside the channel's dedupe window. */
  readonly sendNo: number;
  readonly dispatchedAt: EpochMs;
  /** No byte may leave after this moment; signed into the request. */
  readonly sendBy: EpochMs;
  readonly settledAt: EpochMs | null;
  readonly bankTransactionId: string | null;
  readonly declineReason: DeclineReason | null;
  readonly bankCode: string | null;
  readonly bankMessage: string | null;
  readonly actionUrl: string | null;
  readonly actionExpiresAt: EpochMs | null;
  /** How many inquiries have been asked about it. */
  readonly inquiries: number;
  /** When the bank first knew no such reference although by contract it should have: half of a time fence (money.md section 6). */
  readonly notFoundAt: EpochMs | null;
}

/** One thing that happened to a payment. `version` is its id: 1, 2, 3 … without a gap. */
export interface PaymentEvent {
  readonly paymentId: PaymentId;
  readonly version: number;
  /** `payment.` + what happened, such as `payment.succeeded`. */
  readonly type: string;
  readonly state: PaymentState;
  readonly leg: number;
  readonly channelId: ChannelId;
  readonly at: EpochMs;
  readonly data: Readonly<Record<string, unknown>> | null;
}
