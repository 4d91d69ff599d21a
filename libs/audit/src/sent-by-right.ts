/**
 * I8: behind every line of a bank's book stands an attempt in the journal that was committed as `dispatched` before the bank heard of
 * it, and the bank was told the `send_by` that the attempt stores. (A line behind which nothing stands is `stray`.)
 */
import type { Dossier, LedgerLine } from './books';
import { type Breach, named } from './invariant';
import { lineEvidence } from './net-charges';

export function sentByRight({ payment, attempts, ledger }: Dossier): Breach[] {
  const breaches: Breach[] = [];
  for (const line of ledger) {
    const reference = line.operation === 'charge' ? line.reference : line.originalReference;
    const attempt = attempts.find(({ bankReference }) => bankReference === reference);
    const breach = (rule: string, evidence: Record<string, unknown>): void => {
      breaches.push({
        invariant: 'I8',
        rule,
        evidence: { ...named(payment), line: lineEvidence(line), ...evidence },
      });
    };
    if (attempt === undefined) {
      breach('no_attempt', {});
      continue;
    }
    if (attempt.channelId !== line.channel) breach('other_channel', { attempt_channel: attempt.channelId });
    // The bank writes whole milliseconds, rounded down; the journal has microseconds.
    if (line.receivedAtMs < Math.floor(attempt.dispatchedAtMs)) {
      breach('sent_before_commit', { dispatched_at_ms: attempt.dispatchedAtMs, received_at_ms: line.receivedAtMs });
    }
    // A second sending of the same reference carries a later `send_by` than the first line of the ledger may show.
    if (line.operation === 'charge' && line.sendByMs !== null && attempt.sendNo === 1) {
      if (Math.abs(line.sendByMs - attempt.sendByMs) >= 1) {
        breach('other_send_by', { journal_ms: attempt.sendByMs, bank_ms: line.sendByMs });
      }
    }
    if (attempt.state === 'not_sent' && line.operation === 'charge') {
      breach('sent_although_not_sent', { leg: attempt.leg });
    }
  }
  return breaches;
}

/** A line whose reference is of no attempt in the journal. */
export function strayLine(line: LedgerLine): Breach[] {
  return [{ invariant: 'I8', rule: 'no_attempt', evidence: { line: lineEvidence(line) } }];
}
