/** Where things for people are put, and where people settle them. Implemented by `#postgres`. */
import type { Attempt, Payment, SettlementOutcome, WorklistDraft, WorklistItem, WorklistKind } from '#domain';
import type { PersonsVerdict } from '#policy';

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
  /** One item. @throws JournalUnavailable */
  find(id: number): Promise<WorklistItem | null>;
  /** Says in the audit chain what a person had done about an item. @throws JournalUnavailable */
  note(id: number, by: string, action: string, note: string): Promise<void>;
  /** The first person's word about an integrity failure. A later proposal takes the place of one that nobody has approved. @throws JournalUnavailable */
  propose(id: number, by: string, proposal: ProposalDraft): Promise<WorklistProposed>;
  /**
   * The second person's: attempt, payment, item and audit chain move in one transaction, or none of them.
   * @param proposal the very one that was read: another one that came since is not approved with it
   * @param decide what follows from it, asked under the payment's lock
   * @throws JournalUnavailable; nothing is known then, and approving again is harmless
   */
  approve(id: number, proposal: number, by: string, note: string, decide: DecideSettlement): Promise<WorklistApproved>;
}

/** `settleByPersons` of #policy. */
export type DecideSettlement = (
  payment: Payment,
  attempt: Attempt,
  outcome: SettlementOutcome,
  bankTransactionId: string | null,
) => PersonsVerdict;

export interface ProposalDraft {
  readonly outcome: SettlementOutcome;
  /** Of the right charge: with `succeeded` and only then. */
  readonly bankTransactionId: string | null;
  readonly note: string;
}

export type WorklistProposed =
  | { readonly outcome: 'proposed'; readonly item: WorklistItem }
  /** There is no open integrity failure under this id. */
  | { readonly outcome: 'not_found' };

export type WorklistApproved =
  | { readonly outcome: 'approved' | 'already_approved'; readonly item: WorklistItem }
  | { readonly outcome: 'not_found' }
  /** Who proposed it cannot approve it. */
  | { readonly outcome: 'same_person' }
  /** The attempt or the payment has moved since: what was proposed cannot be any more. */
  | { readonly outcome: 'moved' };

export interface WorklistPage {
  readonly items: readonly WorklistItem[];
  readonly hasMore: boolean;
}

export type WorklistSettled =
  | { readonly outcome: 'settled' | 'already_settled'; readonly item: WorklistItem }
  /** An integrity failure: one person may only propose. */
  | { readonly outcome: 'needs_two' }
  | { readonly outcome: 'not_found' };
