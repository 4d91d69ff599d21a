/** What a statement says, whatever its format. */
import type { Entry } from '../books/entry';

export interface StatementLine {
  readonly entry: Entry;
  /** Positive for charges, negative for refunds and reversals. */
  readonly signedMinor: number;
}

export interface Statement {
  readonly channel: string;
  readonly day: string;
  readonly currency: string;
  /** Is the day over, so that nothing can be added? */
  readonly closed: boolean;
  readonly lines: readonly StatementLine[];
  readonly sumMinor: number;
}
