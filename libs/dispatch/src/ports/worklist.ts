/** Where things for people are put, and where people settle them. Implemented by `#postgres`. */
import type { WorklistDraft, WorklistItem, WorklistKind } from '#domain';

export interface Worklist {
  /**
   * Puts it there, unless it is there already or a person has settled it with the same facts. Does not throw: whoever adds has
   * something else to finish, and a failure is logged.
   * @returns whether it is known to be on the list, or to have been settled
   */
  add(item: WorklistDraft): Promise<boolean>;
  /** What the item waited for has come: the bank has spoken. Does not throw. */
  resolve(kind: WorklistKind, subject: string, note: string): Promise<void>;
}

/** The operators' side of it. */
export interface WorklistDesk {
  /** Newest first. @param before only items with a lower id; null: from the newest. @throws JournalUnavailable */
  list(open: boolean | null, before: number | null, limit: number): Promise<WorklistPage>;
  /**
   * Takes an open item off the list, and says so in the audit chain in the same transaction.
   * @param by the operator's name
   * @throws JournalUnavailable; nothing is known then, and settling again is harmless
   */
  settle(id: number, by: string, note: string): Promise<WorklistSettled>;
}

export interface WorklistPage {
  readonly items: readonly WorklistItem[];
  readonly hasMore: boolean;
}

export type WorklistSettled =
  { readonly outcome: 'settled' | 'already_settled'; readonly item: WorklistItem } | { readonly outcome: 'not_found' };
