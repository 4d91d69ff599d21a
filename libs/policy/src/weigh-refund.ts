/**
 * What does this evidence make of that refund? The counterpart of weigh-evidence for money that goes back.
 *
 * A refund is settled only by the bank's word about our reference and our amount. It is always sent under one reference, so what the
 * bank knows it does not do twice; where a bank does not recognise duplicates, a refund that may be there is never sent again.
 */
import type { Evidence, Money, Refund, RefundState } from '#domain';
import { isSettledRefund, sameMoney } from '#domain';
import { GIVE_BACK_SCHEDULE_MS, INQUIRY_SCHEDULE_MS, TRIES_UNTIL_A_PERSON, nextLookMs } from './schedules';
import type { Alert, EvidenceOrigin } from './verdict';

/** What the channel's contract says about refunds; see the connector's capabilities. */
export interface RefundContract {
  readonly softDeclineIsFinal: boolean;
  readonly dedupeWindowMs: number | null;
}

export type RefundVerdict =
  /** Write it. `lookAgainInMs` null: settled. */
  | {
      readonly kind: 'move';
      readonly to: RefundState;
      readonly why: string | null;
      readonly bankTransactionId?: string;
      readonly bankCode?: string;
      readonly bankMessage?: string;
      readonly lookAgainInMs: number | null;
      readonly alert: Alert | null;
    }
  /** The bank does not know it: send it again, under the same reference. */
  | { readonly kind: 'resend' }
  | { readonly kind: 'stay'; readonly lookAgainInMs: number | null; readonly alert: Alert | null };

/** @param nowMs wall clock, compared with the refund's age: a bank recognises a duplicate only for so long */
export function weighRefund(
  refund: Refund,
  evidence: Evidence,
  origin: EvidenceOrigin,
  contract: RefundContract,
  nowMs: number,
): RefundVerdict {
  if (refund.state === 'succeeded') return stay(null);
  switch (evidence.class) {
    case 'succeeded': {
      const { amount, bankTransactionId, reference } = evidence.charge;
      if (reference !== refund.bankReference) return unclear(refund, 'foreign_reference');
      if (!sameMoney(amount, refund.amount)) return unclear(refund, 'other_amount', wrongAmount(refund, amount));
      const to = 'succeeded' as const;
      return { kind: 'move', to, why: null, bankTransactionId, lookAgainInMs: null, alert: null };
    }
    case 'declined':
      return declined(refund, evidence, contract);
    case 'not_sent':
      return origin === 'answer' ? notTaken(refund, evidence.reason) : unclear(refund, 'not_sent_from_elsewhere');
    case 'not_found': {
      if (refund.state !== 'unknown') return unclear(refund, 'not_found');
      const { dedupeWindowMs } = contract;
      const recognised = dedupeWindowMs !== null && nowMs - refund.createdAt < dedupeWindowMs;
      return recognised ? { kind: 'resend' } : unclear(refund, 'not_found');
    }
    case 'action_required':
      return unclear(refund, 'action_required');
    case 'unknown':
      return unclear(refund, evidence.reason);
  }
}

function declined(
  refund: Refund,
  evidence: Extract<Evidence, { class: 'declined' }>,
  contract: RefundContract,
): RefundVerdict {
  if (evidence.reference !== refund.bankReference) return unclear(refund, 'foreign_reference');
  if (evidence.ofThisMessageOnly) return notTaken(refund, 'refused_at_the_door');
  if (evidence.severity === 'soft' && !contract.softDeclineIsFinal) return unclear(refund, 'soft_decline_not_final');
  if (isSettledRefund(refund.state)) return stay(null);
  const { bankCode, bankMessage } = evidence;
  // A merchant hears of it and decides. An automatic refund has nobody else to decide: money that is not ours would stay.
  const alert: Alert | null =
    refund.kind === 'merchant'
      ? null
      : {
          code: 'refund_declined',
          message: `The bank refuses to take back a late success: ${bankCode} ${bankMessage}`,
        };
  return { kind: 'move', to: 'declined', why: 'declined', bankCode, bankMessage, lookAgainInMs: null, alert };
}

/** Of this message the bank has nothing. If an earlier one may be there, that says nothing about the refund. */
function notTaken(refund: Refund, why: string): RefundVerdict {
  if (refund.state !== 'dispatched') return stay(isSettledRefund(refund.state) ? null : onSchedule(refund));
  const to = refund.doubtSince === null ? ('requested' as const) : ('unknown' as const);
  const lookAgainInMs = nextLookMs(GIVE_BACK_SCHEDULE_MS, refund.sendNo - 1);
  return { kind: 'move', to, why, lookAgainInMs, alert: alertAfter(refund.sendNo, why) };
}

function unclear(refund: Refund, why: string, alert: Alert | null = null): RefundVerdict {
  if (isSettledRefund(refund.state)) return stay(null, alert);
  if (refund.state !== 'dispatched') {
    return stay(onSchedule(refund), alert ?? alertAfter(refund.looks, why));
  }
  // The first inquiry after 1 s; a bank that loses each of our messages is not asked every second for ever.
  return { kind: 'move', to: 'unknown', why, lookAgainInMs: nextLookMs(INQUIRY_SCHEDULE_MS, refund.sendNo - 1), alert };
}

function stay(lookAgainInMs: number | null, alert: Alert | null = null): RefundVerdict {
  return { kind: 'stay', lookAgainInMs, alert };
}

function onSchedule(refund: Refund): number {
  return nextLookMs(INQUIRY_SCHEDULE_MS, refund.looks);
}

function alertAfter(tries: number, why: string): Alert | null {
  if (tries !== TRIES_UNTIL_A_PERSON) return null;
  const message = `The bank has not settled a refund after ${tries} tries (${why}); it is looked at on`;
  return { code: 'refund_unanswered', message };
}

function wrongAmount(refund: Refund, given: Money): Alert {
  const { value, currency } = refund.amount;
  const message = `The bank says it gave back ${given.value} ${given.currency} for ${value} ${currency}`;
  return { code: 'integrity_failure', message };
}
