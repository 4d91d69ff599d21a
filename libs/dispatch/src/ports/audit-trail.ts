/** Where acts of people and repairs are written down, for ever. Implemented by `#postgres`. */
import type { AuditAct, AuditLink } from '#domain';

export interface AuditTrail {
  /** Adds the next link. @throws JournalUnavailable; it may then be there or not, and is not repeated by itself */
  append(act: AuditAct): Promise<AuditLink>;
}
