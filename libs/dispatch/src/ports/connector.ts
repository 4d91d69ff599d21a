/**
 * The connector contract: what the code that speaks one bank protocol must do, and what it must declare.
 *
 * A connector has two halves. The *operations* move bytes and report only what happened on the wire (an Exchange). The *classifier*
 * is pure and turns an Exchange into a class of evidence; it is the only place that knows the bank's words. A word it does not know
 * is `unknown`: only an explicit success is success, and only an explicit no is a decline.
 *
 * Every connector must pass the conformance suite in `#testing` (connector-conformance).
 */
import type { BankReference, ChannelId, EpochMs, Evidence, Line, Money, UndoEvidence } from '#domain';

/** What the bank guarantees by contract. A guess here loses money: when in doubt, the cautious value stands first in each comment. */
export interface ConnectorCapabilities {
  /** `null`: the bank does not recognise duplicates, never resend. Else: how long it does, ms since the first request. */
  readonly dedupeWindowMs: number | null;
  /** `false`: an order cannot be canceled by our reference. */
  readonly cancelByReference: boolean;
  /** `false`: a payment that arrives after its acknowledged cancel may still be charged, so a cancel is no fence. */
  readonly cancelBlocksLatePay: boolean;
  /** `false`: the bank may charge a request that arrives after its `send_by`, so time is no fence. */
  readonly refusesLateRequests: boolean;
  /** After `send_by` plus this, no request of ours is still being processed at the bank, ms. */
  readonly maxProcessingTimeMs: number;
  /** How far the bank's clock may be from ours by contract, ms: it honours `send_by` by its own. */
  readonly maxClockSkewMs: number;
  /** An inquiry may say "not found" for a charge this young, ms. */
  readonly inquiryLagMs: number;
  /** `false`: after a soft decline (busy, inoperative) the bank may still charge; do not try another channel. */
  readonly softDeclineIsFinal: boolean;
  /** Whether part of an amount can be refunded, and more than once. */
  readonly partialRefunds: boolean;
  /** Longest reference the protocol carries. Ours has 20 characters; a shorter field needs a mapping and does not dedupe. */
  readonly referenceLength: number;
}

/** Where an operation goes: a channel, over one of its lines. */
export interface Route {
  readonly channelId: ChannelId;
  readonly line: Line;
}

/** Bounds of one call. */
export interface CallLimits {
  /** One deadline for the whole exchange, connect to last byte, ms. A byte-by-byte answer cannot outlive it. */
  readonly timeoutMs: number;
  /**
   * Asked immediately before the first byte is written, on the caller's monotonic clock. `false`: nothing may be written and the
   * exchange is `not_sent`. A process that slept between commit and send says false.
   */
  readonly maySend: () => boolean;
}

export interface PayRequest {
  readonly reference: BankReference;
  readonly amount: Money;
  /** The bank-side token of the payer's agreement. */
  readonly bankToken: string;
  /** The bank must refuse the request after this moment, if it can (`refusesLateRequests`). Signed. */
  readonly sendBy: EpochMs;
  readonly description: string | null;
  /** Gateway: where the bank sends the payer back to, and by when the payer must have paid. */
  readonly returnUrl: string | null;
  readonly actionExpiresAt: EpochMs | null;
  /** Where the bank may tell us asynchronously. */
  readonly notifyUrl: string | null;
}

export interface InquireRequest {
  readonly reference: BankReference;
}

export interface ReverseRequest {
  readonly reference: BankReference;
  /** Reference of the attempt to undo. */
  readonly originalReference: BankReference;
}

export interface RefundRequest {
  readonly reference: BankReference;
  readonly originalReference: BankReference;
  readonly amount: Money;
  readonly sendBy: EpochMs;
}

/** Operations whose answers are classified. */
export type Operation = 'pay' | 'inquire' | 'reverse' | 'refund' | 'inquire_refund' | 'echo';

/** What happened on the wire, before anybody interprets a word of it. */
export type Exchange =
  /** No byte of the request was written: guard refused, pool full, connect, DNS or TLS failed, `maySend` said no. */
  | { readonly kind: 'not_sent'; readonly reason: NotSentReason; readonly elapsedMs: number }
  /** At least one byte may have been written and no complete, trustworthy answer came back. */
  | { readonly kind: 'no_answer'; readonly reason: NoAnswerReason; readonly elapsedMs: number }
  /** A complete answer whose signature is good. `body` is parsed JSON, or text where it did not parse. */
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly body: unknown;
      readonly elapsedMs: number;
      /** What the request was about. A bank that refuses at the door echoes no reference; the signature binds its answer to this one. */
      readonly asked?: Asked;
      /** How long the bank asks us to stay away, ms, where it turned us away and said so. */
      readonly retryAfterMs?: number;
    };

/** The references that a request carried. */
export interface Asked {
  readonly reference: string;
  /** Of a reversal or a refund: the attempt to undo. */
  readonly originalReference: string | null;
}

export type NotSentReason = 'guard_refused' | 'too_late_to_send' | 'connect_failed' | 'pool_full' | 'canceled';
export type NoAnswerReason = 'deadline' | 'reset' | 'too_large' | 'signature_invalid' | 'protocol_error';

/** The HTTP request in which a bank told us something, as it arrived. */
export interface NotificationRequest {
  /** The request target as sent, with its query: banks sign it. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The exact bytes, before anybody parsed them. */
  readonly body: Uint8Array;
}

/** What a bank tells us on its own. The signature has been checked on the raw bytes. */
export interface Notification {
  readonly reference: string;
  readonly operation: 'pay' | 'refund';
  readonly evidence: Evidence;
  /** The bank's id of this notification, to store it once. */
  readonly bankNotificationId: string;
}

export type ParsedNotification =
  | { readonly kind: 'parsed'; readonly notification: Notification }
  | { readonly kind: 'rejected'; readonly reason: 'signature_invalid' | 'stale' | 'malformed' };

/** One line of a bank's statement. */
export interface StatementLine {
  readonly operation: 'charge' | 'refund' | 'reversal';
  readonly reference: string;
  readonly originalReference: string | null;
  readonly amount: Money;
  readonly bankTransactionId: string;
  readonly bookedAt: EpochMs;
}

/** A statement counts only when it is complete: its trailer's count and sum agree with its lines. */
export type Statement =
  | {
      readonly kind: 'complete';
      readonly date: string;
      /** `false`: the bank's day is not over, more lines may come, so absence proves nothing yet. */
      readonly closed: boolean;
      readonly lines: readonly StatementLine[];
    }
  | { readonly kind: 'unusable'; readonly reason: string };

export interface Connector {
  /** The protocol's name, as in a channel's `connector` field. */
  readonly protocol: string;
  /** What holds for a channel; a bank may differ from product to product. */
  capabilities(channelId: ChannelId): ConnectorCapabilities;

  pay(route: Route, request: PayRequest, limits: CallLimits): Promise<Exchange>;
  inquire(route: Route, request: InquireRequest, limits: CallLimits): Promise<Exchange>;
  reverse(route: Route, request: ReverseRequest, limits: CallLimits): Promise<Exchange>;
  refund(route: Route, request: RefundRequest, limits: CallLimits): Promise<Exchange>;
  inquireRefund(route: Route, request: InquireRequest, limits: CallLimits): Promise<Exchange>;
  /** Is anybody there? Costs the bank nothing; a probe of the breaker. */
  echo(route: Route, limits: CallLimits): Promise<Exchange>;
  /** @param date the bank's booking day, `YYYY-MM-DD` in Asia/Shanghai. */
  fetchStatement(route: Route, date: string, limits: CallLimits): Promise<Statement>;

  /** Verifies the signature on the raw bytes, then reads. Never throws: a stranger wrote these bytes. */
  parseNotification(channelId: ChannelId, request: NotificationRequest, now: EpochMs): ParsedNotification;

  /** Pure. What a `pay` or an `inquire` (also of a refund) tells us. Never throws. */
  classify(operation: 'pay' | 'inquire' | 'refund' | 'inquire_refund', exchange: Exchange): Evidence;
  /** Pure. What a `reverse` tells us. Never throws. */
  classifyUndo(exchange: Exchange): UndoEvidence;

  /** Ends the pools; calls in flight are given until their deadline. */
  close(): Promise<void>;
}
