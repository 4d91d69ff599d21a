/**
 * When is an attempt undone at its bank, and what follows from the bank's answer to that?
 *
 * A reversal ends only by the bank's word: acknowledged or refused. Everything else is asked again, for ever (money rule 5). It is a
 * fence only where the bank then refuses a payment that comes later, or where there was something to undo (money.md section 6).
 */
import type { Attempt, Payment, Reason, Reversal, ReversalPurpose, Transition, UndoEvidence } from '#domain';
import { isFinal } from '#domain';
import { GIVE_BACK_SCHEDULE_MS, TRIES_UNTIL_A_PERSON, nextLookMs } from './schedules';
import type { Alert } from './verdict';
import { FIRST_INQUIRY_MS } from './weigh-evidence';

/** What the channel's contract says about undoing; see the connector's capabilities. */
export interface UndoContract {
  readonly cancelByReference: boolean;
  readonly cancelBlocksLatePay: boolean;
}

export type ReversalStart =
  /** The bank is to be asked to undo it. */
  | { readonly kind: 'reverse' }
  /** Not now: it is being undone, was once, or must be inquired first. */
  | { readonly kind: 'not_now'; readonly why: 'under_way' | 'had_its_reversal' | 'inquire_first' | 'not_open' }
  /** The channel's orders cannot be canceled by reference: only inquiries and statements are left. */
  | { readonly kind: 'impossible' };

/** After the page closed, the bank's own word is waited for this long, ms: it knows best whether the payer was in time. */
export const ACTION_CLOSED_GRACE_MS = 2_000;

/** The journal's safety net under a reversal, ms: the list of reversals itself is looked through every half second. */
const LOOK_WHILE_REVERSING_MS = 60_000;

/**
 * May this attempt be undone now? One that the bank has never been asked about is inquired first: an answer that got lost is found
 * sooner than a charge is undone, and the payer wanted to pay.
 *
 * @param had the reversal that the attempt had before; there is one at most, for ever
 */
export function mayReverse(
  payment: Payment,
  attempt: Attempt,
  purpose: ReversalPurpose,
  had: Reversal | null,
  contract: UndoContract,
  nowMs: number,
): ReversalStart {
  if (attempt.state === 'reversing') return { kind: 'not_now', why: 'under_way' };
  const open = attempt.state === 'unknown' || attempt.state === 'requires_action';
  if (!open || isFinal(payment.head.state) || attempt.leg !== payment.head.leg) {
    return { kind: 'not_now', why: 'not_open' };
  }
  if (had) return { kind: 'not_now', why: 'had_its_reversal' };
  if (purpose === 'deadline' && (payment.expiresAt > nowMs || attempt.inquiries === 0)) {
    return { kind: 'not_now', why: 'inquire_first' };
  }
  const closedMs = attempt.actionExpiresAt ?? payment.expiresAt;
  if (purpose === 'action_expired' && closedMs + ACTION_CLOSED_GRACE_MS > nowMs) {
    return { kind: 'not_now', why: 'inquire_first' };
  }
  return contract.cancelByReference ? { kind: 'reverse' } : { kind: 'impossible' };
}

/** The write that begins a reversal. Until the bank answers, nobody knows more than before: the payment is `unknown`. */
export function requestReversal(
  payment: Payment,
  attempt: Attempt,
  purpose: ReversalPurpose,
  bankReference: Reversal['bankReference'],
): Transition {
  return {
    paymentId: payment.id,
    version: payment.head.version,
    to: 'unknown',
    attempt: { leg: attempt.leg, state: 'reversing' },
    undo: { kind: 'reversal_requested', leg: attempt.leg, bankReference, purpose },
    eventType: 'payment.reversing',
    reason: { code: 'reversing', purpose },
    lookAgainInMs: LOOK_WHILE_REVERSING_MS,
  };
}

export type ReversalVerdict =
  | { readonly kind: 'settle'; readonly transition: Transition }
  /** Ask again, under the same reference. */
  | { readonly kind: 'again'; readonly inMs: number; readonly alert: Alert | null };

/**
 * @param nextLeg where a payment goes that was undone in order to be tried elsewhere; undefined: nowhere, the payer chooses
 */
export function weighReversal(
  payment: Payment,
  attempt: Attempt,
  reversal: Reversal,
  evidence: UndoEvidence,
  contract: UndoContract,
  nextLeg: Transition['nextLeg'],
  nowMs: number,
): ReversalVerdict {
  switch (evidence.class) {
    case 'acknowledged': {
      const undo = {
        kind: 'reversal_acknowledged' as const,
        leg: reversal.leg,
        bankTransactionId: evidence.bankTransactionId,
      };
      // A person may have settled the attempt meanwhile; the acknowledgement is kept all the same.
      if (attempt.state !== 'reversing') return settled(payment, { undo });
      if (contract.cancelBlocksLatePay || evidence.undoneMinor > 0) {
        const attemptReversed = { leg: attempt.leg, state: 'reversed' as const };
        return settled(payment, { undo, attempt: attemptReversed, ...afterwards(payment, reversal, nextLeg, nowMs) });
      }
      return settled(payment, { undo, ...unknownAgain(attempt, { code: 'unknown', why: 'reversal_is_no_fence' }) });
    }
    case 'refused': {
      const { bankCode, bankMessage } = evidence;
      const undo = { kind: 'reversal_refused' as const, leg: reversal.leg, bankCode, bankMessage };
      if (attempt.state !== 'reversing') return settled(payment, { undo });
      const reason = { code: 'unknown', why: 'reversal_refused', bank_code: bankCode };
      return settled(payment, { undo, ...unknownAgain(attempt, reason) });
    }
    case 'not_sent':
    case 'unknown':
      return {
        kind: 'again',
        inMs: nextLookMs(GIVE_BACK_SCHEDULE_MS, reversal.tries),
        alert: alertAfter(reversal, evidence.reason),
      };
  }
}

function alertAfter(reversal: Reversal, why: string): Alert | null {
  if (reversal.tries !== TRIES_UNTIL_A_PERSON) return null;
  const message = `The bank has not acknowledged the reversal of attempt ${reversal.leg} after ${reversal.tries} tries (${why}); it is tried on`;
  return { code: 'reversal_unanswered', message };
}

type Move = Pick<Transition, 'attempt' | 'undo' | 'nextLeg' | 'reason'> &
  Partial<Pick<Transition, 'to' | 'eventType' | 'lookAgainInMs'>>;

function settled(payment: Payment, change: Move): ReversalVerdict {
  const { to = payment.head.state, eventType = 'payment.attempt_settled', lookAgainInMs = null, ...rest } = change;
  const transition = { paymentId: payment.id, version: payment.head.version, to, eventType, lookAgainInMs, ...rest };
  return { kind: 'settle', transition };
}

function unknownAgain(attempt: Attempt, reason: Reason): Move {
  return {
    attempt: { leg: attempt.leg, state: 'unknown' },
    eventType: 'payment.unknown',
    reason,
    lookAgainInMs: FIRST_INQUIRY_MS,
  };
}

/** Nothing is charged any more and nothing can be: the payment goes where the reversal was meant to bring it. */
function afterwards(
  payment: Payment,
  reversal: Reversal,
  nextLeg: Transition['nextLeg'],
  nowMs: number,
): Omit<Move, 'attempt' | 'undo'> {
  const reason: Reason = { code: 'reversed', purpose: reversal.purpose };
  if (isFinal(payment.head.state) || reversal.leg !== payment.head.leg) return { reason };
  const leftMs = payment.expiresAt - nowMs;
  switch (reversal.purpose) {
    case 'canceled':
      return { to: 'canceled', eventType: 'payment.canceled', reason };
    case 'deadline':
    case 'action_expired':
      return { to: 'expired', eventType: 'payment.expired', reason };
    case 'reroute':
    case 'person':
      if (leftMs <= 0) return { to: 'expired', eventType: 'payment.expired', reason };
      if (reversal.purpose === 'reroute' && nextLeg) {
        return { to: 'queued', eventType: 'payment.queued', reason, nextLeg, lookAgainInMs: 0 };
      }
      if (payment.onDecline === 'fail') return { to: 'failed', eventType: 'payment.failed', reason };
      return {
        to: 'requires_payment_method',
        eventType: 'payment.requires_payment_method',
        reason,
        lookAgainInMs: leftMs,
      };
  }
}
