/**
 * One line of the bank's ledger. Lines are only ever appended; what the bank knows of a reference is what
 * its lines say, in order. A line with `result: "OK"` is money moved; every other line is a decision or a
 * state that must survive a crash.
 */
import type { BehaviourName } from '#simulation';

export type Operation = 'charge' | 'refund' | 'reversal';

/**
 * `TAKEN` is known to the bank only: it will book later and says NOT_FOUND until then (a late success).
 */
export type EntryResult = 'OK' | 'REJECT' | 'PENDING' | 'ACTION' | 'TAKEN';

export interface Entry {
  readonly seq: number;
  readonly channel: string;
  readonly operation: Operation;
  readonly reference: string;
  /** Refund, reversal: the charge it undoes. */
  readonly original_reference?: string;
  readonly amount_minor: number;
  readonly currency: string;
  /** What was asked for, where the bank booked something else (`wrong_amount`, `wrong_currency`). */
  readonly asked?: { readonly amount_minor: number; readonly currency: string };
  /** Charge only. */
  readonly instrument?: string;
  readonly received_at: string;
  /** Only with `OK`: when the money moved by the bank's book. */
  readonly booked_at?: string;
  /** Charge only. */
  readonly send_by?: string;
  readonly result: EntryResult;
  readonly code: string;
  readonly bank_transaction_id?: string;
  /** Reversal only: the word for the original when it was reversed. */
  readonly original_result?: string;
  /** What an open payment or refund needs to be finished after a restart. */
  readonly due_at?: string;
  readonly behaviour?: BehaviourName;
  readonly notify_url?: string;
  readonly return_url?: string;
  readonly action_expires_at?: string;
  readonly description?: string;
}

/** A line before the ledger numbers it. */
export type NewEntry = Omit<Entry, 'seq' | 'bank_transaction_id'>;
