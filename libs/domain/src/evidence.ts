/**
 * What we may conclude from one exchange with a bank. Every answer, notification, inquiry and statement line is classified into
 * exactly one of these classes, and all of them go through one function (`#policy` weighEvidence).
 *
 * Every word we do not know, and everything that is not an answer, is `unknown`. A timeout is not an answer.
 */
import type { Money } from './money';
import type { BankReference } from './ids';
import type { EpochMs } from './time';

/** Why a bank said no, in our words. The bank's own code and text travel beside it. */
export const DECLINE_REASONS = [
  'insufficient_funds',
  'card_limit',
  'card_invalid',
  'risk',
  'auth_required',
  'bank_unavailable',
  'canceled_by_payer',
  'expired',
  'duplicate',
  'refused_late',
  'not_permitted',
  'other',
] as const;
export type DeclineReason = (typeof DECLINE_REASONS)[number];

/** What the bank says it did: compared with what we asked before it counts as success (money rule 2). */
export interface BankCharge {
  readonly reference: BankReference | string;
  readonly amount: Money;
  readonly bankTransactionId: string;
}

export type Evidence =
  /** The bank charged. Counts only if amount, currency and reference match. */
  | { readonly class: 'succeeded'; readonly charge: BankCharge }
  /** The bank's clear no. `soft`: busy, inoperative; another channel may be tried if the channel declares the answer final. */
  | {
      readonly class: 'declined';
      readonly severity: 'hard' | 'soft';
      readonly reason: DeclineReason;
      readonly bankCode: string;
      readonly bankMessage: string;
      /** Our reference as the bank echoed it; another one makes the answer say nothing about ours. */
      readonly reference: BankReference | string;
      /**
       * `true`: the bank refused this message at its door (busy, closed, malformed) and remembers nothing of it. That says nothing
       * about an earlier message with the same reference: after a resend (`send_no` above 1) it is no decline.
       */
      readonly ofThisMessageOnly?: boolean;
    }
  /** No byte of the request left this machine: our own guard refused, or connect, DNS or TLS failed. */
  | { readonly class: 'not_sent'; readonly reason: string }
  /** A gateway's page for the payer. */
  | {
      readonly class: 'action_required';
      readonly url: string;
      readonly expiresAt: EpochMs;
      readonly reference: BankReference | string;
    }
  /** Answer of an inquiry: the bank knows no such reference *now*. Not "not charged": it may still stand in a queue. */
  | { readonly class: 'not_found' }
  /** Everything else. */
  | { readonly class: 'unknown'; readonly reason: string };

/** Whether an undo at the bank (reversal, refund) was acknowledged. */
export type UndoEvidence =
  /** `undoneMinor`: what had been taken and was given back; 0: nothing was there when the bank acknowledged. */
  | { readonly class: 'acknowledged'; readonly bankTransactionId: string; readonly undoneMinor: number }
  | { readonly class: 'refused'; readonly bankCode: string; readonly bankMessage: string }
  | { readonly class: 'not_sent'; readonly reason: string }
  | { readonly class: 'unknown'; readonly reason: string };
