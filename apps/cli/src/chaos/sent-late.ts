/**
 * Charges that reached a bank after their `send_by`: a process that slept has sent when it woke up. While a bank itself stands still, what
 * was sent in time lies in its socket and is received when it wakes up; that time is not ours (chaos, random, seed 9).
 */
import type { Breach, LedgerLine } from '#audit';
import type { BankPause } from './fault';

/** The banks' clock and ours are one here; a send that left in time is with the bank well within this, ms. */
const LATE_BY_MS = 1_000;

/** @param pauses when the banks stood still. @returns by how much it came late through our fault, ms; null: in time */
export function lateMs(line: LedgerLine, pauses: readonly BankPause[]): number | null {
  const { operation, receivedAtMs, sendByMs } = line;
  if (operation !== 'charge' || sendByMs === null) return null;
  const asleepMs = pauses.reduce(
    (sum, { fromMs, untilMs }) => sum + Math.max(0, Math.min(receivedAtMs, untilMs) - Math.max(sendByMs, fromMs)),
    0,
  );
  const late = receivedAtMs - sendByMs - asleepMs;
  return late > LATE_BY_MS ? late : null;
}

export async function sentLate(ledger: AsyncIterable<LedgerLine>, pauses: readonly BankPause[]): Promise<Breach[]> {
  const breaches: Breach[] = [];
  for await (const line of ledger) {
    const late = lateMs(line, pauses);
    if (late === null) continue;
    const evidence = { reference: line.reference, channel: line.channel, late_ms: late };
    breaches.push({ invariant: 'I8', rule: 'sent_late', evidence });
  }
  return breaches;
}
