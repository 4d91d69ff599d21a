/**
 * While PostgreSQL cannot be asked, no payment is taken from its queue: each would only be given back, and the queue would be empty when
 * PostgreSQL is there again.
 */
import type { Dispatched } from '#dispatch';

/** After a dispatch that found PostgreSQL away, nothing is taken for so long, ms. Then a few try, and say whether it is back. */
const AWAY_MS = 250;

export class JournalWatch {
  private awayUntilMs = -Infinity;

  constructor(private readonly monotonicMs: () => number) {}

  /** Told what became of every dispatch. */
  saw(dispatched: Dispatched): void {
    if (dispatched === 'unavailable') this.awayUntilMs = this.monotonicMs() + AWAY_MS;
  }

  /** Whether work may be taken now. */
  available(): boolean {
    return this.monotonicMs() >= this.awayUntilMs;
  }
}
