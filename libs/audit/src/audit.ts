/**
 * The audit: every payment, every ledger line and every request is looked at once, and what does not agree is counted and shown.
 * It keeps a few examples of each broken rule, and sums; so its memory does not grow with the books.
 */
import type { AuditAnchor } from '#domain';
import { acceptedIsKept, lostAcceptance } from './accepted-is-kept';
import { auditChainIntact } from './audit-chain-intact';
import { agreesWithBank } from './agrees-with-bank';
import type { Books } from './books';
import { chargedOnce } from './charged-once';
import { type AuditSetting, type Breach, INVARIANTS, type InvariantId, type PaymentCheck } from './invariant';
import { legalHistory } from './legal-history';
import { oneFinalState, type Standing, standingOf } from './one-final-state';
import { sameKeySameAnswer } from './same-key-same-answer';
import { sentByRight, strayLine } from './sent-by-right';
import { signedDelivery, strayDelivery, toldInOrder } from './told-in-order';
import { TotalsAgree } from './totals-agree';
import { WithinLimits } from './within-limits';

/** Examples kept of each rule: enough to see a pattern, few enough to read. All are counted. */
const EXAMPLES_MAX = 10;

/** How one invariant fared. */
export interface Verdict {
  readonly id: InvariantId;
  readonly sentence: string;
  /** How many payments, lines, keys or totals were looked at. */
  readonly compared: number;
  readonly breaches: number;
  /** Why it was not checked, or null. */
  readonly notChecked: string | null;
}

export interface AuditReport {
  readonly ok: boolean;
  readonly verdicts: readonly Verdict[];
  /** At most ten per rule. */
  readonly examples: readonly Breach[];
  /** All breaches, by rule. */
  readonly byRule: Readonly<Record<string, number>>;
  readonly payments: number;
  readonly byState: Readonly<Record<string, number>>;
  readonly byStanding: Readonly<Record<Standing, number>>;
  readonly ledgerLines: number;
  readonly clientRequests: number | null;
  /** Deliveries in the receiver's log; null: none was given. */
  readonly deliveries: number | null;
  /** Where the chain of what people did ends: the anchor of the next audit. Null: not read. */
  readonly auditHead: AuditAnchor | null;
}

const PAYMENT_CHECKS: readonly (readonly [InvariantId, PaymentCheck])[] = [
  ['I2', chargedOnce],
  ['I3', oneFinalState],
  ['I4', legalHistory],
  ['I5', agreesWithBank],
];

/** Reads the books to their end and judges them. */
export async function audit(books: Books, setting: AuditSetting): Promise<AuditReport> {
  const tally = new Tally();
  const totals = new TotalsAgree();
  const limits = new WithinLimits(books.limits);
  const byState: Record<string, number> = {};
  const byStanding: Record<Standing, number> = {
    final: 0,
    waits_for_payer: 0,
    waits_for_person: 0,
    bank_down: 0,
    late: 0,
  };
  let payments = 0;
  let ledgerLines = 0;

  for (const { book, expected, found } of books.completeness) {
    tally.compared('I0', 1);
    if (found !== expected)
      tally.add({ invariant: 'I0', rule: 'book_incomplete', evidence: { book, expected, found } });
  }
  for await (const dossier of books.dossiers) {
    payments += 1;
    ledgerLines += dossier.ledger.length;
    const state = dossier.payment.head?.state ?? 'none';
    byState[state] = (byState[state] ?? 0) + 1;
    byStanding[standingOf(dossier, setting)] += 1;
    for (const [id, check] of PAYMENT_CHECKS) {
      tally.compared(id, 1);
      tally.addAll(check(dossier, setting));
    }
    tally.compared('I8', dossier.ledger.length);
    tally.addAll(sentByRight(dossier));
    if (dossier.requests.length > 0) {
      tally.compared('I1', 1);
      tally.addAll(acceptedIsKept(dossier));
      tally.compared('I7', 1);
      tally.addAll(sameKeySameAnswer(dossier));
    }
    if (books.deliveryLog !== null) {
      tally.compared('I9', 1);
      tally.addAll(toldInOrder(dossier, books.deliveryLog, setting));
      for (const delivery of dossier.deliveries) tally.addAll(signedDelivery(delivery));
    }
    totals.add(dossier);
  }
  for await (const line of books.strayLines) {
    ledgerLines += 1;
    tally.compared('I8', 1);
    tally.addAll(strayLine(line));
  }
  for await (const requests of books.strayRequests) {
    tally.compared('I1', 1);
    tally.addAll(lostAcceptance(requests));
  }
  for await (const delivery of books.strayDeliveries) {
    tally.compared('I9', 1);
    tally.addAll(strayDelivery(delivery));
  }
  if (books.receipts !== null) for await (const receipt of books.receipts) limits.add(receipt);
  for (const [id, found] of [
    ['I6', totals.finish(books.bankTotals)],
    ['I10', limits.finish()],
  ] as const) {
    tally.compared(id, found.compared);
    tally.addAll(found.breaches);
  }
  const chain = books.auditChain === null ? null : await auditChainIntact(books.auditChain);
  tally.compared('I13', chain?.compared ?? 0);
  tally.addAll(chain?.breaches ?? []);
  const noClient = books.clientRequests === null ? "no client's log was given" : null;
  const notChecked: Partial<Record<InvariantId, string | null>> = {
    I1: noClient,
    I7: noClient,
    I9: books.deliveryLog === null ? "no receiver's log was given" : null,
    I10: books.receipts === null ? 'the banks keep no receipts' : null,
    I13: chain === null ? 'the audit chain was not read' : null,
  };
  return {
    ok: tally.total === 0,
    verdicts: tally.verdicts(notChecked),
    examples: tally.examples,
    byRule: Object.fromEntries(tally.byRule),
    payments,
    byState,
    byStanding,
    ledgerLines,
    clientRequests: books.clientRequests,
    deliveries: books.deliveryLog?.deliveries ?? null,
    auditHead: chain?.head ?? null,
  };
}

class Tally {
  readonly byRule = new Map<string, number>();
  readonly examples: Breach[] = [];
  total = 0;
  private readonly breaches = new Map<InvariantId, number>();
  private readonly seen = new Map<InvariantId, number>();

  compared(id: InvariantId, count: number): void {
    this.seen.set(id, (this.seen.get(id) ?? 0) + count);
  }

  addAll(breaches: readonly Breach[]): void {
    for (const breach of breaches) this.add(breach);
  }

  add(breach: Breach): void {
    const count = (this.byRule.get(breach.rule) ?? 0) + 1;
    this.byRule.set(breach.rule, count);
    this.breaches.set(breach.invariant, (this.breaches.get(breach.invariant) ?? 0) + 1);
    this.total += 1;
    if (count <= EXAMPLES_MAX) this.examples.push(breach);
  }

  verdicts(notChecked: Partial<Record<InvariantId, string | null>>): Verdict[] {
    return (Object.keys(INVARIANTS) as InvariantId[]).map((id) => ({
      id,
      sentence: INVARIANTS[id],
      compared: this.seen.get(id) ?? 0,
      breaches: this.breaches.get(id) ?? 0,
      notChecked: notChecked[id] ?? null,
    }));
  }
}
