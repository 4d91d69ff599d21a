/** A fast wrong answer is no figure: every payment that was let in succeeded, and is charged once in the banks' ledger. */
import type { Counts } from './generator.ts';
import type { Violation } from './outcome.ts';
import type { Books } from './product.ts';

/** A product that turns payments away is quick for the wrong reason: banks and contracts here take more than is offered. */
export const REFUSED_MAX = 0.01;

export const NO_BOOKS: Books = {
  accepted: 0,
  succeeded: 0,
  capturedMinor: 0,
  charges: 0,
  chargedMinor: 0,
  chargedTwice: 0,
};

/** What the books have taken in since. */
export function booksSince(before: Books, now: Books): Books {
  return {
    accepted: now.accepted - before.accepted,
    succeeded: now.succeeded - before.succeeded,
    capturedMinor: now.capturedMinor - before.capturedMinor,
    charges: now.charges - before.charges,
    chargedMinor: now.chargedMinor - before.chargedMinor,
    chargedTwice: now.chargedTwice - before.chargedTwice,
  };
}

/** @param totals of every load since the books were begun, warm-up included */
export function disagreements(totals: readonly Counts[], books: Books): Violation[] {
  const violations: Violation[] = [];
  const sum = (of: (counts: Counts) => number): number => totals.reduce((total, counts) => total + of(counts), 0);
  const first = totals.flatMap(({ firstFailure }) => firstFailure ?? [])[0];
  if (first !== undefined) {
    const evidence = { failed: sum(({ failed }) => failed), first };
    violations.push({ rule: 'every_payment_reaches_succeeded', evidence });
  }
  const refused = sum((counts) => counts.refused);
  const sent = sum((counts) => counts.sent);
  if (refused > sent * REFUSED_MAX) violations.push({ rule: 'refusals_are_rare', evidence: { refused, sent } });
  const client = { succeeded: sum((counts) => counts.succeeded), minor: sum((counts) => counts.succeededMinor) };
  const { accepted, succeeded, capturedMinor, charges, chargedMinor, chargedTwice } = books;
  const counts = [sum((each) => each.accepted), client.succeeded, accepted, succeeded, charges];
  const sums = [client.minor, capturedMinor, chargedMinor];
  if (new Set(counts).size > 1 || new Set(sums).size > 1 || chargedTwice > 0) {
    violations.push({ rule: 'client_journal_and_ledger_agree', evidence: { client, ...books } });
  }
  return violations;
}
