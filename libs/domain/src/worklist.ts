/** The worklist: what no program may decide, for operators, with what is known. */
import type { AuditFacts } from './audit-chain';
import type { ChannelId, PaymentId } from './ids';
import type { EpochMs } from './time';

/** Why a person should look. */
export const WORKLIST_KINDS = [
  /** The bank charged another amount or currency under our reference: two persons settle it. */
  'integrity_failure',
  /** The bank charged an attempt of a payment that had ended otherwise: to be given back. */
  'late_success',
  /** The bank says no to what it had charged. */
  'contradiction',
  /** Asked many times, and the bank has not said what became of it. It is still asked. */
  'long_unknown',
  /** A reversal that the bank does not acknowledge. It is still repeated. */
  'reversal_unanswered',
  /** A refund of which the bank does not say what became. It is still asked about. */
  'refund_unanswered',
  /** Money that is owed to a payer, and that the bank will not give back. */
  'refund_declined',
  /** PostgreSQL refused to store a row that the code believed to be legal. */
  'rejected_row',
  /** 长款: a bank's statement has it, we do not. */
  'break_long',
  /** 短款: we have it, the bank's statements do not. */
  'break_short',
  'break_amount',
  'break_currency',
  'break_duplicate',
  /** We have it reversed, the bank's statements have not. */
  'break_unreversed',
  /** A closed day's statement reads otherwise than before. */
  'statement_changed',
] as const;
export type WorklistKind = (typeof WORKLIST_KINDS)[number];

/** Something to be looked at. */
export interface WorklistDraft {
  readonly kind: WorklistKind;
  /** What it is about, as one text; at most one open item per kind and subject. */
  readonly subject: string;
  readonly paymentId: PaymentId | null;
  readonly leg: number | null;
  readonly channelId: ChannelId | null;
  /** Stable: the same facts, once settled by a person, do not come back. */
  readonly facts: AuditFacts;
}

/** How an integrity failure ended: the bank has the right charge now, or none. */
export const SETTLEMENT_OUTCOMES = ['succeeded', 'declined'] as const;
export type SettlementOutcome = (typeof SETTLEMENT_OUTCOMES)[number];

/** What one person proposes and another must approve. */
export interface SettlementProposal {
  readonly id: number;
  readonly outcome: SettlementOutcome;
  /** Of the right charge; null: there is none. */
  readonly bankTransactionId: string | null;
  readonly proposedBy: string;
  readonly note: string;
  readonly proposedAt: EpochMs;
  /** Null: nobody has yet. */
  readonly approvedBy: string | null;
}

export interface WorklistItem extends WorklistDraft {
  readonly id: number;
  readonly createdAt: EpochMs;
  readonly settledAt: EpochMs | null;
  readonly settledBy: string | null;
  readonly note: string | null;
  /** The latest one; only integrity failures have any. */
  readonly proposal: SettlementProposal | null;
}

/** The subject of an item about one attempt. */
export function attemptSubject(paymentId: PaymentId, leg: number): string {
  return `${paymentId}/${leg}`;
}
