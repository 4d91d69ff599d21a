/** Where acts of people and repairs are written down, for ever. Implemented by `#postgres`. */
import type { AuditAct, AuditLink } from '#domain';

export interface AuditTrail {
  /** Adds the next link. @throws JournalUnavailable; it may then be there or not, and is not repeated by itself */
  append(act: AuditAct): Promise<AuditLink>;
  /** Newest first. @param before only links with a lower number; null: from the newest. @throws JournalUnavailable */
  list(filter: AuditFilter, before: number | null, limit: number): Promise<AuditPage>;
}

/** `null`: all. */
export interface AuditFilter {
  readonly subject: string | null;
  readonly action: string | null;
  readonly actor: string | null;
}

export interface AuditPage {
  readonly links: readonly AuditLink[];
  readonly hasMore: boolean;
}
