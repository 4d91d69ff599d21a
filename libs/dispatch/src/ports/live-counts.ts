/** The few counts of the journal that a command centre watches, cheap enough to be read every second. Implemented by `#postgres`. */
import type { WorklistKind } from '#domain';

export interface LiveCounts {
  /** Payments accepted since the beginning, over all processes; only its growth means something. */
  readonly accepted: number;
  /** Open items of the worklist; a kind without any is left out. */
  readonly openWorklist: Readonly<Partial<Record<WorklistKind, number>>>;
}

export interface LiveCounter {
  /** @throws JournalUnavailable */
  read(): Promise<LiveCounts>;
}
