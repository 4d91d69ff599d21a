/** A small day that is in order, as raw rows: what a spec tampers with. */
import { AUDIT_CHAIN_START, type AuditLink, type PaymentState, auditHash } from '#domain';
import type {
  AttemptRow,
  BankTotal,
  Books,
  ClientRequest,
  Delivery,
  LedgerLine,
  PaymentRow,
  Receipt,
  RefundRow,
  Untold,
} from '../books';
import { joinBooks, type Rows } from '../join-books';

export const NOON_MS = 1_794_355_200_000;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Raw rows that a spec may change in place. */
export interface RawBooks {
  payments: (Mutable<Omit<PaymentRow, 'head'>> & { head: Mutable<NonNullable<PaymentRow['head']>> })[];
  attempts: Mutable<AttemptRow>[];
  events: Mutable<Rows['events'][number]>[];
  ledger: Mutable<LedgerLine>[];
  requests: Mutable<ClientRequest>[];
  receipts: Receipt[];
  refunds: Mutable<RefundRow>[];
  deliveries: Mutable<Delivery>[];
  untold: Mutable<Untold>[];
  bankTotals: Mutable<BankTotal>[];
  ledgerLinesExpected: number;
  auditLinks: AuditLink[];
  auditAnchor: { seq: number; hash: string } | null;
}

/**
 * Three payments: `pay_1` succeeded, `pay_2` was declined and failed, `pay_3` expired but was charged late and refunded. All on
 * `icbc.quickpay`, 100 fen each.
 */
export function healthyBooks(): RawBooks {
  const payment = (n: number, state: PaymentState, version: number) => ({
    id: `pay_${n}`,
    merchantId: 'mer_1',
    merchantOrderNo: `order-${n}`,
    idempotencyKey: `key-${n}`,
    amountMinor: 100,
    currency: 'CNY',
    acceptedAtMs: NOON_MS,
    expiresAtMs: NOON_MS + 60_000,
    instruments: [{ token: 'tok_icbc', channelId: 'icbc.quickpay', bankToken: 'bank-tok' }],
    head: {
      state,
      version,
      leg: 1,
      channelId: 'icbc.quickpay',
      keptLeg: state === 'succeeded' ? 1 : null,
      capturedMinor: state === 'succeeded' ? 100 : 0,
      refundedMinor: 0,
    },
  });
  const attempt = (n: number, state: AttemptRow['state']): AttemptRow => ({
    paymentId: `pay_${n}`,
    leg: 1,
    channelId: 'icbc.quickpay',
    instrumentToken: 'tok_icbc',
    bankToken: 'bank-tok',
    bankReference: `REF${n}`,
    state,
    epoch: 1,
    sendNo: 1,
    dispatchedAtMs: NOON_MS + 10.5,
    sendByMs: NOON_MS + 2_010.5,
    bankTransactionId: state === 'succeeded' ? `TX${n}` : null,
    actionExpiresAtMs: null,
  });
  const history = (n: number, states: PaymentState[]) =>
    states.map((state, index) => ({
      paymentId: `pay_${n}`,
      version: index + 1,
      type: `payment.${state}`,
      state,
      leg: 1,
    }));
  const ledger: LedgerLine[] = [
    charge(1, 'REF1', { bankTransactionId: 'TX1' }),
    charge(2, 'REF2', { result: 'REJECT' }),
    charge(3, 'REF3', { bankTransactionId: 'TX3' }),
    { ...charge(4, 'UNDO3'), operation: 'refund', originalReference: 'REF3', instrument: null, sendByMs: null },
  ];
  const auditLinks = [1, 2, 3].reduce<AuditLink[]>((links, seq) => {
    const act = { actor: 'operator:a', action: 'worklist.settled', subject: `wrk_${seq}`, reason: 'seen', facts: {} };
    const open = { ...act, seq, at: NOON_MS + seq, prevHash: links.at(-1)?.hash ?? AUDIT_CHAIN_START };
    return [...links, { ...open, hash: auditHash(open, digest) }];
  }, []);
  return {
    payments: [payment(1, 'succeeded', 3), payment(2, 'failed', 3), payment(3, 'expired', 5)],
    attempts: [attempt(1, 'succeeded'), attempt(2, 'declined'), attempt(3, 'succeeded')],
    events: [
      ...history(1, ['queued', 'processing', 'succeeded']),
      ...history(2, ['queued', 'processing', 'failed']),
      ...history(3, ['queued', 'processing', 'unknown', 'expired', 'expired']),
    ],
    ledger,
    requests: [
      request(1),
      request(1, { atMs: NOON_MS + 1 }),
      request(2),
      request(3, { status: 0, accepted: 'unknown', paymentId: null }),
    ],
    receipts: [
      { atMs: NOON_MS, channel: '', operation: 'start', what: 'banks_started' },
      ...[1, 2, 3].flatMap((n) => [arrival(n * 100), ending(n * 100 + 50)]),
    ],
    refunds: [
      {
        ...{ id: 'ref_3', paymentId: 'pay_3', leg: 1, kind: 'late_success', amountMinor: 100, state: 'succeeded' },
        bankReference: 'UNDO3',
      },
    ],
    deliveries: [
      ...told(1, ['queued', 'processing', 'succeeded']),
      ...told(2, ['queued', 'processing', 'failed']),
      ...told(3, ['queued', 'processing', 'unknown', 'expired', 'expired']),
    ],
    untold: [],
    bankTotals: [{ channel: 'icbc.quickpay', currency: 'CNY', chargedMinor: 200, givenBackMinor: 100, charges: 2 }],
    ledgerLinesExpected: ledger.length,
    auditLinks,
    auditAnchor: { seq: 2, hash: auditLinks[1]!.hash },
  };
}

/** A booked charge of 100 fen. */
export function charge(seq: number, reference: string, change: Partial<LedgerLine> = {}): LedgerLine {
  return {
    seq,
    channel: 'icbc.quickpay',
    operation: 'charge',
    reference,
    originalReference: null,
    amountMinor: 100,
    currency: 'CNY',
    instrument: 'bank-tok',
    receivedAtMs: NOON_MS + 10,
    sendByMs: NOON_MS + 2_010,
    result: 'OK',
    bankTransactionId: `TX-${seq}`,
    ...change,
  };
}

/** Of a payment to `icbc.quickpay`, so long after noon. */
export function arrival(afterMs: number): Receipt {
  return { atMs: NOON_MS + afterMs, channel: 'icbc.quickpay', operation: 'pay', what: 'arrived' };
}

/** Its answer has left. */
export function ending(afterMs: number): Receipt {
  return { ...arrival(afterMs), what: 'ended' };
}

/** Every version of a payment, taken by its receiver. */
function told(n: number, states: PaymentState[]): Delivery[] {
  return states.map((paymentState, index) => ({
    paymentId: `pay_${n}`,
    version: index + 1,
    paymentVersion: index + 1,
    paymentState,
    webhookId: `msg_${n}_${index + 1}`,
    signatureOk: true,
    atMs: NOON_MS + 100 * index,
  }));
}

/** A POST of payment `n` that was answered 202. */
export function request(n: number, change: Partial<ClientRequest> = {}): ClientRequest {
  return {
    merchantId: 'mer_1',
    kind: 'post',
    idempotencyKey: `key-${n}`,
    merchantOrderNo: `order-${n}`,
    atMs: NOON_MS,
    bodyHash: `hash-${n}`,
    amountMinor: 100,
    currency: 'CNY',
    instrumentToken: 'tok_icbc',
    status: 202,
    code: null,
    accepted: true,
    paymentId: `pay_${n}`,
    state: 'queued',
    ...change,
  };
}

/** Stands for SHA-256: 32 bytes that any other text changes. Books are planted with errors here, not with collisions. */
export function digest(text: string): Uint8Array {
  const bytes = new Uint8Array(32);
  let state = 2_166_136_261;
  for (let at = 0; at < text.length + 32; at += 1) {
    state = Math.imul(state ^ (at < text.length ? text.charCodeAt(at) : at), 16_777_619) >>> 0;
    bytes[at % 32] = bytes[at % 32]! ^ (state & 255);
  }
  return bytes;
}

export function booksOf(raw: RawBooks): Books {
  const joined = joinBooks(raw);
  return {
    ...joined,
    receipts: raw.receipts,
    bankTotals: raw.bankTotals,
    limits: [{ channelId: 'icbc.quickpay', ratePerSecond: 10, burst: 1, inFlightMax: 3 }],
    completeness: [{ book: 'bank ledger', expected: raw.ledgerLinesExpected, found: raw.ledger.length }],
    auditChain: { links: raw.auditLinks, anchor: raw.auditAnchor, sha256: digest },
    deliveryLog: { sinceMs: NOON_MS - 1, deliveries: raw.deliveries.length },
    clientRequests: raw.requests.length,
  };
}
