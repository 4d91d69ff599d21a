/**
 * What follows when two persons have found out how an attempt ended whose amount or currency was wrong? They say what the bank's books
 * say now: the right charge, or none. It moves no money.
 */
import type { Attempt, Payment, SettlementOutcome, Transition } from '#domain';
import { isFinal } from '#domain';

export type PersonsVerdict =
  | { readonly kind: 'settle'; readonly transition: Transition }
  /** It is no integrity failure any more. */
  | { readonly kind: 'not_open' }
  /** The payment has ended otherwise: the bank must take its charge back, and that is what can be settled. */
  | { readonly kind: 'payment_has_ended' };

/** @param bankTransactionId of the right charge; null: there is none */
export function settleByPersons(
  payment: Payment,
  attempt: Attempt,
  outcome: SettlementOutcome,
  bankTransactionId: string | null,
): PersonsVerdict {
  if (attempt.state !== 'integrity_failure') return { kind: 'not_open' };
  const ended = isFinal(payment.head.state) || attempt.leg !== payment.head.leg;
  const reason = { code: 'settled_by_persons', outcome };
  const common = { paymentId: payment.id, version: payment.head.version, reason, lookAgainInMs: null };
  if (outcome === 'declined') {
    const change = { leg: attempt.leg, state: 'declined' as const, declineReason: 'other' as const };
    const [to, eventType] = ended
      ? ([payment.head.state, 'payment.attempt_settled'] as const)
      : (['failed', 'payment.failed'] as const);
    return { kind: 'settle', transition: { ...common, to, eventType, attempt: change } };
  }
  if (ended || payment.head.keptLeg !== null || bankTransactionId === null) return { kind: 'payment_has_ended' };
  return {
    kind: 'settle',
    transition: {
      ...common,
      to: 'succeeded',
      eventType: 'payment.succeeded',
      attempt: { leg: attempt.leg, state: 'succeeded', bankTransactionId },
      kept: { leg: attempt.leg, capturedMinor: payment.amount.value },
    },
  };
}
