/**
 * What the conformance suite needs of a bank: a real one behind real sockets that can be told how to behave, and whose own books can
 * be read. The suite believes the books, never the connector.
 */
import { randomBytes } from 'node:crypto';
import type { BankReference, EpochMs, Evidence, Money } from '#domain';
import type { Connector, Exchange, Route } from '#dispatch';

/** How the bank shall treat one payment; the bench translates each into an instrument of its bank. */
export type BankBehaviour =
  | 'ok'
  | 'insufficient_funds'
  | 'do_not_honour'
  | 'card_limit'
  | 'expired_card'
  | 'invalid'
  | 'issuer_down'
  | 'malfunction'
  | 'busy'
  | 'pending'
  | 'late_success'
  | 'lost_answer'
  | 'half_open'
  | 'lost_request'
  | 'reset'
  | 'drip'
  | 'garbage'
  | 'huge'
  | 'http_500'
  | 'http_502'
  | 'bad_signature'
  | 'unknown_word'
  | 'wrong_amount'
  | 'wrong_currency'
  | 'foreign_reference'
  | 'duplicate_notification'
  | 'auto_pay'
  | 'refund_reject'
  | 'refund_pending'
  | 'refund_lost_answer'
  | 'reversal_reject'
  | 'reversal_busy';

/** What the bank enforces on the channel; the suite compares it with what the connector declares. */
export interface BankEnforcement {
  readonly dedupes?: boolean;
  readonly refusesLate?: boolean;
  readonly cancelBlocksLatePay?: boolean;
  readonly softDeclineIsFinal?: boolean;
  /** A `late_success` or `pending` payment is decided so long after it arrived, ms. */
  readonly lateMs?: number;
  readonly inquiryLagMs?: number;
}

export interface ConformanceBench {
  readonly connector: Connector;
  /** A channel that debits at once. Its connector must declare a `maxProcessingTimeMs` that a test can wait for (about 1 s). */
  readonly route: Route;
  /** A channel that sends the payer to a page; `null` if the bank has none. */
  readonly gateway: Route | null;
  /** The same channel at an address where nobody listens. */
  readonly unreachable: Route;
  /** Most connections that the connector may hold to `route` for payments. */
  readonly connectionsMax: number;
  instrument(route: Route, behaviour: BankBehaviour): string;
  /** How often the bank received a message with this operation and reference. */
  receipts(operation: 'pay' | 'refund' | 'reverse', reference: BankReference): Promise<number>;
  /** How many charges of this reference stand in the bank's books and are not undone. */
  charges(reference: BankReference): Promise<number>;
  /** Tells the bank what to enforce from now on. */
  enforce(enforcement: BankEnforcement): Promise<void>;
  /** Does this answer's body hold the bank's explicit word for success? */
  saysSuccess(body: unknown): boolean;
  close(): Promise<void>;
}

/** 128 yuan. */
export const AMOUNT: Money = { value: 12_800, currency: 'CNY' };

/** Long enough for a bank on this machine under load; where silence is expected the tests give less. */
export const PATIENT_MS = 5_000;
/** Silence is noticed after this. The tests wait for it often. */
export const IMPATIENT_MS = 300;

export interface PayWish {
  readonly route?: Route;
  readonly reference?: BankReference;
  readonly sendBy?: EpochMs;
  readonly notifyUrl?: string;
  readonly timeoutMs?: number;
  readonly maySend?: () => boolean;
}

export interface Paid {
  readonly reference: BankReference;
  readonly exchange: Exchange;
  readonly evidence: Evidence;
}

/** A reference that no other test uses, of the length of ours. */
export function freshReference(): BankReference {
  return randomBytes(10).toString('hex').toUpperCase() as BankReference;
}

/** Limits of a call that nothing hurries. */
export function limits(timeoutMs = PATIENT_MS, maySend = () => true): { timeoutMs: number; maySend: () => boolean } {
  return { timeoutMs, maySend };
}

/** Pays 128 yuan with an instrument of that behaviour. */
export async function pay(bench: ConformanceBench, behaviour: BankBehaviour, wish: PayWish = {}): Promise<Paid> {
  const route = wish.route ?? bench.route;
  const reference = wish.reference ?? freshReference();
  const exchange = await bench.connector.pay(
    route,
    {
      reference,
      amount: AMOUNT,
      bankToken: bench.instrument(route, behaviour),
      sendBy: wish.sendBy ?? Date.now() + 2_000,
      description: '对账测试 42',
      returnUrl: null,
      actionExpiresAt: null,
      notifyUrl: wish.notifyUrl ?? null,
    },
    limits(wish.timeoutMs, wish.maySend),
  );
  return { reference, exchange, evidence: bench.connector.classify('pay', exchange) };
}

/** What the bank says became of a payment. */
export async function inquire(
  bench: ConformanceBench,
  reference: BankReference,
  route: Route = bench.route,
): Promise<Evidence> {
  return bench.connector.classify('inquire', await bench.connector.inquire(route, { reference }, limits()));
}

/** Undoes a payment; the evidence of the acknowledgement. */
export async function reverse(
  bench: ConformanceBench,
  originalReference: BankReference,
  reference: BankReference = freshReference(),
): Promise<ReturnType<Connector['classifyUndo']>> {
  const exchange = await bench.connector.reverse(bench.route, { reference, originalReference }, limits());
  return bench.connector.classifyUndo(exchange);
}

/** Gives back part of a payment. */
export async function refund(
  bench: ConformanceBench,
  originalReference: BankReference,
  value: number,
  reference: BankReference = freshReference(),
  timeoutMs = PATIENT_MS,
): Promise<{ readonly reference: BankReference; readonly evidence: Evidence }> {
  const amount = { value, currency: AMOUNT.currency };
  const wish = { reference, originalReference, amount, sendBy: Date.now() + 2_000 };
  const exchange = await bench.connector.refund(bench.route, wish, limits(timeoutMs));
  return { reference, evidence: bench.connector.classify('refund', exchange) };
}

/** Asks again until the answer is of that class; a bank decides on its own clock, so this one cannot be passed in. */
export async function untilClass(ask: () => Promise<Evidence>, wanted: Evidence['class']): Promise<Evidence> {
  const giveUpAt = Date.now() + PATIENT_MS;
  for (;;) {
    const evidence = await ask();
    if (evidence.class === wanted || Date.now() > giveUpAt) return evidence;
    await pause(50);
  }
}

/** Waits on the bank's clock. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
