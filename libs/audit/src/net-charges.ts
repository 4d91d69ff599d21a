/** What did the bank take for good? Each booked charge less what was given back for it. */
import type { LedgerLine } from './books';

export interface NetCharge {
  readonly line: LedgerLine;
  /** What is left of it after refunds and reversals, minor units; 0: undone. */
  readonly keptMinor: number;
}

/**
 * Booked charges in the order of the ledger, with what is left of each. What was given back for a reference is taken from its
 * oldest charge first, so a reference charged twice and reversed once still shows one charge.
 */
export function netCharges(lines: readonly LedgerLine[]): NetCharge[] {
  const givenBack = new Map<string, number>();
  for (const line of lines) {
    if (line.operation === 'charge' || line.result !== 'OK' || line.originalReference === null) continue;
    const original = chargeKey(line.channel, line.originalReference);
    givenBack.set(original, (givenBack.get(original) ?? 0) + line.amountMinor);
  }
  const charges: NetCharge[] = [];
  for (const line of lines) {
    if (line.operation !== 'charge' || line.result !== 'OK') continue;
    const key = chargeKey(line.channel, line.reference);
    const back = Math.min(givenBack.get(key) ?? 0, line.amountMinor);
    givenBack.set(key, (givenBack.get(key) ?? 0) - back);
    charges.push({ line, keptMinor: line.amountMinor - back });
  }
  return charges;
}

/** References are unique per channel only. */
function chargeKey(channel: string, reference: string): string {
  return `${channel} ${reference}`;
}

/** The few fields of a ledger line that prove something. */
export function lineEvidence(line: LedgerLine): Record<string, unknown> {
  return {
    seq: line.seq,
    channel: line.channel,
    operation: line.operation,
    reference: line.reference,
    amount_minor: line.amountMinor,
    currency: line.currency,
  };
}
