/** What does the ledger add up to, per channel? Kept while lines are written, so that asking costs nothing. */
import type { Entry, Operation } from './entry';

interface Booked {
  count: number;
  /** Sum in minor units per currency. */
  sum_minor: Record<string, number>;
}

export interface ChannelSummary {
  charge: Booked;
  refund: Booked;
  reversal: Booked;
  /** Decisions that moved no money, by word. */
  not_booked: Record<string, number>;
  /** Charges beyond the first that are booked under one reference and not undone by a reversal. */
  charged_twice: number;
}

const empty = (): ChannelSummary => ({
  charge: { count: 0, sum_minor: {} },
  refund: { count: 0, sum_minor: {} },
  reversal: { count: 0, sum_minor: {} },
  not_booked: {},
  charged_twice: 0,
});

export class LedgerSummary {
  private readonly channels = new Map<string, ChannelSummary>();

  /** @param alreadyCharged the reference holds a charge that is booked and not reversed, before this line. */
  add(entry: Entry, alreadyCharged: boolean): void {
    let summary = this.channels.get(entry.channel);
    if (summary === undefined) this.channels.set(entry.channel, (summary = empty()));
    if (entry.result !== 'OK') {
      summary.not_booked[entry.result] = (summary.not_booked[entry.result] ?? 0) + 1;
      return;
    }
    // A reversal that had nothing to undo is acknowledged with amount 0 and counted like any other.
    const booked = summary[entry.operation satisfies Operation];
    booked.count += 1;
    booked.sum_minor[entry.currency] = (booked.sum_minor[entry.currency] ?? 0) + entry.amount_minor;
    if (entry.operation === 'charge' && alreadyCharged) summary.charged_twice += 1;
  }

  toJSON(): Record<string, ChannelSummary> {
    return Object.fromEntries([...this.channels].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
