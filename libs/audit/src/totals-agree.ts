/**
 * I6: per channel and currency, what the bank says it holds for us is what the journal says was captured and not given back, plus the
 * charges of payments that are still open. The bank's sum is its own, not one that we made from its lines.
 */
import type { BankTotal, Dossier } from './books';
import type { Breach } from './invariant';
import { netCharges } from './net-charges';

interface Total {
  journalMinor: number;
  /** Standing charges of payments that are not final: the bank has booked them, we do not know yet. */
  openMinor: number;
  payments: number;
}

export class TotalsAgree {
  private readonly totals = new Map<string, Total>();

  add({ payment, attempts, ledger }: Dossier): void {
    const { head } = payment;
    if (head === null) return;
    const kept = attempts.find((attempt) => attempt.leg === head.keptLeg);
    if (head.state === 'succeeded') {
      const total = this.of(kept?.channelId ?? head.channelId, payment.currency);
      total.journalMinor += head.capturedMinor - head.refundedMinor;
      total.payments += 1;
      return;
    }
    if (head.state === 'failed' || head.state === 'canceled' || head.state === 'expired') return;
    for (const { line, keptMinor } of netCharges(ledger)) this.of(line.channel, line.currency).openMinor += keptMinor;
  }

  /** Compares with the banks' sums. `compared` is the number of channel and currency pairs. */
  finish(bankTotals: readonly BankTotal[]): { breaches: Breach[]; compared: number } {
    const banks = new Map(bankTotals.map((total) => [`${total.channel} ${total.currency}`, total]));
    const breaches: Breach[] = [];
    const keys = [...new Set([...this.totals.keys(), ...banks.keys()])].sort();
    for (const key of keys) {
      const ours = this.totals.get(key) ?? { journalMinor: 0, openMinor: 0, payments: 0 };
      const bank = banks.get(key);
      const bankMinor = (bank?.chargedMinor ?? 0) - (bank?.givenBackMinor ?? 0);
      const unexplainedMinor = bankMinor - ours.journalMinor - ours.openMinor;
      if (unexplainedMinor === 0) continue;
      const [channel, currency] = key.split(' ');
      breaches.push({
        invariant: 'I6',
        rule: 'totals_differ',
        evidence: {
          channel,
          currency,
          bank_minor: bankMinor,
          journal_minor: ours.journalMinor,
          open_minor: ours.openMinor,
          unexplained_minor: unexplainedMinor,
        },
      });
    }
    return { breaches, compared: keys.length };
  }

  private of(channel: string, currency: string): Total {
    const key = `${channel} ${currency}`;
    let total = this.totals.get(key);
    if (total === undefined) this.totals.set(key, (total = { journalMinor: 0, openMinor: 0, payments: 0 }));
    return total;
  }
}
