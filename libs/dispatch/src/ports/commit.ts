/**
 * What became of a commit. There are three answers, not two: a connection that breaks during COMMIT leaves it undecided, and so does a
 * time-out, or the notice that a wait for replication was canceled (notes of PostgreSQL: the row is visible and not replicated).
 */
export type Commit<T> =
  /** PostgreSQL acknowledged it: durable. */
  | { readonly kind: 'committed'; readonly value: T }
  /** Certainly not stored. `unavailable`: could not be asked. `rejected`: PostgreSQL refused this row; others are unaffected. */
  | { readonly kind: 'not_committed'; readonly reason: 'unavailable' | 'rejected'; readonly detail: string }
  /** It may be stored or not. Ask again in a new statement; never act on either guess. */
  | { readonly kind: 'indeterminate'; readonly detail: string };

/** A read that could not be made. Reads throw it, and the edge says 503; a read has nothing to lose. */
export class JournalUnavailable extends Error {
  constructor(detail: string) {
    super(`The journal cannot be read: ${detail}`);
    this.name = 'JournalUnavailable';
  }
}
