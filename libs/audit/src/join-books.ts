/**
 * Puts rows of several books together, payment by payment: attempts and events by payment id, ledger lines by an attempt's reference
 * (their own, or the one they undo), requests by merchant and key. A caller with large books does it page by page.
 */
import type {
  AttemptRow,
  ClientRequest,
  Delivery,
  Dossier,
  EventRow,
  LedgerLine,
  PaymentRow,
  RefundRow,
  Untold,
} from './books';

/** Rows of the same payments. Each kind in its own order: attempts by leg, events by version, the rest as it was written. */
export interface Rows {
  readonly payments: readonly PaymentRow[];
  readonly attempts: readonly AttemptRow[];
  readonly events: readonly EventRow[];
  readonly ledger: readonly LedgerLine[];
  readonly requests: readonly ClientRequest[];
  readonly refunds: readonly RefundRow[];
  readonly deliveries: readonly Delivery[];
  readonly untold: readonly Untold[];
}

/** The payments as dossiers, and what belongs to none of them. */
export interface Joined {
  readonly dossiers: readonly Dossier[];
  readonly strayLines: readonly LedgerLine[];
  /** By key. */
  readonly strayRequests: readonly (readonly ClientRequest[])[];
  readonly strayDeliveries: readonly Delivery[];
}

export function joinBooks(rows: Rows): Joined {
  const attempts = grouped(rows.attempts, (attempt) => attempt.paymentId);
  const events = grouped(rows.events, (event) => event.paymentId);
  const ledger = grouped(rows.ledger, referenceBehind);
  const requests = grouped(rows.requests, keyOf);
  const refunds = grouped(rows.refunds, (refund) => refund.paymentId);
  const deliveries = grouped(rows.deliveries, (delivery) => delivery.paymentId);
  const untold = grouped(rows.untold, (one) => one.paymentId);
  const dossiers = rows.payments.map((payment): Dossier => {
    const own = attempts.get(payment.id) ?? [];
    const lines = own.flatMap((attempt) => taken(ledger, attempt.bankReference));
    return {
      payment,
      attempts: own,
      events: events.get(payment.id) ?? [],
      ledger: own.length > 1 ? lines.sort((a, b) => a.seq - b.seq) : lines,
      requests: taken(requests, keyOf(payment)),
      refunds: refunds.get(payment.id) ?? [],
      deliveries: taken(deliveries, payment.id),
      untold: untold.get(payment.id) ?? [],
    };
  });
  return {
    dossiers,
    strayLines: [...ledger.values()].flat(),
    strayRequests: [...requests.values()],
    strayDeliveries: [...deliveries.values()].flat(),
  };
}

/** The reference of the charge that a line is about. */
export function referenceBehind(line: LedgerLine): string {
  return line.originalReference ?? line.reference;
}

function keyOf(of: { readonly merchantId: string; readonly idempotencyKey: string }): string {
  return `${of.merchantId} ${of.idempotencyKey}`;
}

function grouped<Row>(rows: readonly Row[], key: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group === undefined) groups.set(key(row), [row]);
    else group.push(row);
  }
  return groups;
}

function taken<Row>(groups: Map<string, Row[]>, key: string): Row[] {
  const group = groups.get(key) ?? [];
  groups.delete(key);
  return group;
}
