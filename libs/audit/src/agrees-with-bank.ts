/**
 * I5: `succeeded` means exactly one charge left standing at the bank: the kept attempt's reference, its channel, the amount asked,
 * its currency, the payer's own instrument. Every other state that says "nothing is taken" means none.
 *
 * A late success is legal: its charge and its refund net to zero. While refunds are on their way (an audit of a live product), each of
 * them may be booked or not; that they do not stay on their way for ever is I3's.
 */
import { isSettledRefund, type PaymentState } from '#domain';
import type { Dossier, LedgerLine } from './books';
import { type Breach, named } from './invariant';
import { lineEvidence, type NetCharge, netCharges } from './net-charges';

/** States in which the payer is told that nothing is taken. `queued` is one: nothing goes back there unless it is fenced. */
const NOTHING_TAKEN: readonly PaymentState[] = ['failed', 'canceled', 'expired', 'queued', 'requires_payment_method'];

export function agreesWithBank(dossier: Dossier): Breach[] {
  const { payment, ledger } = dossier;
  if (payment.head === null) return [];
  const charges = netCharges(ledger);
  if (payment.head.state === 'succeeded') return succeededAgrees(dossier, charges);
  if (!NOTHING_TAKEN.includes(payment.head.state)) return [];
  return charges
    .filter(({ keptMinor }) => keptMinor > 0)
    .map(({ line }) => breach('charged_but_not_succeeded', dossier, { line: lineEvidence(line) }));
}

function succeededAgrees(dossier: Dossier, charges: readonly NetCharge[]): Breach[] {
  const { payment, attempts, ledger } = dossier;
  const kept = attempts.find((attempt) => attempt.leg === payment.head?.keptLeg);
  if (kept === undefined) return [breach('succeeded_without_kept_attempt', dossier, {})];
  if (kept.state !== 'succeeded') {
    return [breach('kept_attempt_not_succeeded', dossier, { leg: kept.leg, attempt: kept.state })];
  }
  const charge = charges.find(({ line }) => line.reference === kept.bankReference && line.channel === kept.channelId);
  if (charge === undefined) {
    return [breach('succeeded_but_not_charged', dossier, { channel: kept.channelId, reference: kept.bankReference })];
  }
  const back = givenBackFor(ledger, charge.line);
  const instrument = payment.instruments.find(({ token }) => token === kept.instrumentToken);
  const facts: [string, unknown, unknown][] = [
    ['amount_minor', payment.amountMinor, charge.line.amountMinor],
    ['captured_minor', payment.head?.capturedMinor, charge.line.amountMinor],
    ['currency', payment.currency, charge.line.currency],
    // As it was listed with the payment; one that the payer switched to since, as it is on record.
    ['instrument', instrument?.bankToken ?? kept.bankToken, charge.line.instrument],
  ];
  const promised = payment.head?.refundedMinor ?? 0;
  // A refund counts from the moment it is asked for; until the bank has booked it, it is neither here nor there.
  const explained = possibleSums(promised, inFlight(dossier, kept.leg));
  if (!explained(back)) facts.push(['refunded_minor', promised, back]);
  if (kept.bankTransactionId !== null) {
    facts.push(['bank_transaction_id', kept.bankTransactionId, charge.line.bankTransactionId]);
  }
  return facts
    .filter(([, ours, theirs]) => ours !== theirs)
    .map(([field, ours, theirs]) =>
      breach('bank_says_otherwise', dossier, { field, journal: ours, bank: theirs, line: lineEvidence(charge.line) }),
    );
}

/** Merchants' refunds of an attempt that are on their way: the bank may have booked each, or not. */
function inFlight({ refunds }: Dossier, leg: number): number[] {
  return refunds
    .filter((refund) => refund.kind === 'merchant' && refund.leg === leg && !isSettledRefund(refund.state))
    .map(({ amountMinor }) => amountMinor);
}

/** @returns whether a sum is what was promised less some of what is under way */
function possibleSums(promised: number, underWay: readonly number[]): (booked: number) => boolean {
  const sums = new Set([promised]);
  for (const minor of underWay) for (const sum of [...sums]) sums.add(sum - minor);
  return (booked) => sums.has(booked);
}

function givenBackFor(ledger: readonly LedgerLine[], charge: LedgerLine): number {
  return ledger
    .filter((line) => line.operation !== 'charge' && line.result === 'OK' && line.channel === charge.channel)
    .filter((line) => line.originalReference === charge.reference)
    .reduce((sum, line) => sum + line.amountMinor, 0);
}

function breach(rule: string, { payment }: Dossier, evidence: Record<string, unknown>): Breach {
  return { invariant: 'I5', rule, evidence: { ...named(payment), state: payment.head?.state ?? null, ...evidence } };
}
