/**
 * The books an audit reads, as plain rows. Two parties write them: our journal (payments, heads, attempts, events), and those who
 * do not know our code (the banks' ledgers, the clients' logs, the banks' receipts). Times are ms since 1970, money is minor units.
 */
import type { AttemptState, AuditAnchor, AuditLink, PaymentState, RefundState, Sha256 } from '#domain';

/** What the merchant asked and where it stands: a row of `payments` with its `payment_heads`. */
export interface PaymentRow {
  readonly id: string;
  readonly merchantId: string;
  readonly merchantOrderNo: string;
  readonly idempotencyKey: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly acceptedAtMs: number;
  readonly expiresAtMs: number;
  /** The instruments the merchant listed: our token, its channel, and what the bank calls it. */
  readonly instruments: readonly { readonly token: string; readonly channelId: string; readonly bankToken: string }[];
  /** Null: a payment without a head, which the journal never makes. */
  readonly head: HeadRow | null;
}

export interface HeadRow {
  readonly state: PaymentState;
  readonly version: number;
  readonly leg: number;
  readonly channelId: string;
  readonly keptLeg: number | null;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
}

export interface AttemptRow {
  readonly paymentId: string;
  readonly leg: number;
  readonly channelId: string;
  readonly instrumentToken: string;
  /** What the bank calls that instrument today: of one that the payer switched to, which is not in the payment's list. */
  readonly bankToken: string | null;
  readonly bankReference: string;
  readonly state: AttemptState;
  readonly epoch: number;
  /** How often this reference was sent. */
  readonly sendNo: number;
  readonly dispatchedAtMs: number;
  readonly sendByMs: number;
  readonly bankTransactionId: string | null;
  /** Gateway: until when the payer may act on the bank's page. */
  readonly actionExpiresAtMs: number | null;
}

export interface EventRow {
  readonly paymentId: string;
  readonly version: number;
  readonly type: string;
  readonly state: PaymentState;
  readonly leg: number;
}

/** One line of a bank's ledger. Only `result: "OK"` moved money. */
export interface LedgerLine {
  readonly seq: number;
  readonly channel: string;
  readonly operation: 'charge' | 'refund' | 'reversal';
  readonly reference: string;
  /** Refund and reversal: the charge they undo. */
  readonly originalReference: string | null;
  readonly amountMinor: number;
  readonly currency: string;
  /** Charge: the bank's name of the payer's agreement. */
  readonly instrument: string | null;
  readonly receivedAtMs: number;
  /** Charge: the last moment at which we allowed it to be sent. */
  readonly sendByMs: number | null;
  readonly result: string;
  readonly bankTransactionId: string | null;
}

/** One request of a client and what it heard, written by the client itself. */
export interface ClientRequest {
  readonly merchantId: string;
  readonly kind: 'post' | 'read';
  readonly idempotencyKey: string;
  readonly merchantOrderNo: string;
  readonly atMs: number;
  /** Hash of the body sent; of reads, of the body of the payment's POST. */
  readonly bodyHash: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly instrumentToken: string;
  /** HTTP status; 0: no answer. */
  readonly status: number;
  /** Error code of a problem answer. */
  readonly code: string | null;
  /** What the answer says about acceptance: 2xx is true; a problem says true, false or unknown; silence is unknown. */
  readonly accepted: boolean | 'unknown';
  readonly paymentId: string | null;
  readonly state: PaymentState | null;
}

/** A message that arrived at a bank, whatever became of it. */
export interface Receipt {
  readonly atMs: number;
  readonly channel: string;
  readonly operation: string;
  /** It came; its answer left or its caller hung up (told of payments only); or the banks began anew, with nothing inside. */
  readonly what: 'arrived' | 'ended' | 'banks_started';
}

/** A refund as the journal has it: a merchant's, or the automatic one of a late success. */
export interface RefundRow {
  readonly id: string;
  readonly paymentId: string;
  readonly leg: number;
  readonly kind: 'merchant' | 'late_success';
  readonly amountMinor: number;
  readonly state: RefundState;
  readonly bankReference: string;
}

/** A webhook that the merchant's receiver took: it arrived and was answered with success. Written by the receiver. */
export interface Delivery {
  readonly paymentId: string;
  readonly version: number;
  /** Of the payment that came with the event, which may be further on than the event. */
  readonly paymentVersion: number | null;
  readonly paymentState: string | null;
  readonly webhookId: string | null;
  /** Null: the receiver knew no secret to check with. */
  readonly signatureOk: boolean | null;
  readonly atMs: number;
}

/** A webhook that the journal has not told yet, or has given up. */
export interface Untold {
  readonly paymentId: string;
  readonly version: number;
  /** Given up after the last try of the plan, or its endpoint was closed. */
  readonly dead: boolean;
  /** When it is tried next. */
  readonly dueAtMs: number;
}

/** The receiver's log as a whole. */
export interface DeliveryLog {
  /** From when on the receiver was told of everything, ms: a payment accepted later must be told from its first version on. */
  readonly sinceMs: number;
  /** How many deliveries it took. */
  readonly deliveries: number;
}

/** The bank's own sums of its ledger, per channel and currency. */
export interface BankTotal {
  readonly channel: string;
  readonly currency: string;
  readonly chargedMinor: number;
  readonly givenBackMinor: number;
  readonly charges: number;
}

/** What the contract with the bank allows. */
export interface ContractLimit {
  readonly channelId: string;
  readonly ratePerSecond: number;
  readonly burst: number;
  /** Payments at the bank at once. */
  readonly inFlightMax: number;
}

/** The chain as stored, in its order, and what it is held against. */
export interface AuditChainBook {
  readonly links: AsyncIterable<AuditLink> | Iterable<AuditLink>;
  /** null: nobody wrote down where it ended. */
  readonly anchor: AuditAnchor | null;
  readonly sha256: Sha256;
}

/** All that is known of one payment, from every book. */
export interface Dossier {
  readonly payment: PaymentRow;
  /** By leg. */
  readonly attempts: readonly AttemptRow[];
  /** By version. */
  readonly events: readonly EventRow[];
  /** Lines with a reference of these attempts, or undoing one of theirs; by seq. */
  readonly ledger: readonly LedgerLine[];
  /** Requests with this payment's key, in the order of the client's log. */
  readonly requests: readonly ClientRequest[];
  readonly refunds: readonly RefundRow[];
  /** In the order in which the receiver took them. */
  readonly deliveries: readonly Delivery[];
  readonly untold: readonly Untold[];
}

/** The books of one audit. Whatever is iterated is read once, from the first to the last. */
export interface Books {
  /** Every payment of the journal. */
  readonly dossiers: AsyncIterable<Dossier> | Iterable<Dossier>;
  /** Ledger lines that no attempt in the journal stands behind. */
  readonly strayLines: AsyncIterable<LedgerLine> | Iterable<LedgerLine>;
  /** Requests, by key, whose key no payment in the journal has. */
  readonly strayRequests: AsyncIterable<readonly ClientRequest[]> | Iterable<readonly ClientRequest[]>;
  /** By time of arrival. Null: the banks keep none. */
  readonly receipts: AsyncIterable<Receipt> | Iterable<Receipt> | null;
  readonly bankTotals: readonly BankTotal[];
  readonly limits: readonly ContractLimit[];
  /** How much each book says it holds, and how much could be read of it: counts are compared, a missing book is a violation. */
  readonly completeness: readonly { readonly book: string; readonly expected: number; readonly found: number }[];
  /** Null: the chain of what people did was not read. */
  readonly auditChain: AuditChainBook | null;
  /** Null: no receiver's log was given; what it alone can prove is then reported as not checked. */
  readonly deliveryLog: DeliveryLog | null;
  /** Deliveries of payments that the journal does not have. */
  readonly strayDeliveries: AsyncIterable<Delivery> | Iterable<Delivery>;
  /** Null: no client's log was given; what only it can prove is then reported as not checked. */
  readonly clientRequests: number | null;
}
