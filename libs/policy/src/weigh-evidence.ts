/**
 * What does this evidence make of that payment?
 *
 * The one function for answers, notifications, inquiries and statements alike (money.md section 9). It says which move to write, or
 * that nothing changes; it never guesses. Unknown never decays: only a bank's word or an enforced fence leaves it.
 */
import type { Attempt, AttemptChange, Evidence, Money, Payment, PaymentState, Reason, Transition } from '#domain';
import { isFinal, isOpenAttempt, sameMoney } from '#domain';
import { INQUIRY_SCHEDULE_MS, nextLookMs } from './schedules';
import {
  type Alert,
  type ChannelContract,
  type EvidenceOrigin,
  NEVER_UNDONE,
  type NextWays,
  type Reroute,
  type UndoStanding,
  type Verdict,
} from './verdict';

/** First look at a fresh unknown: the first inquiry within 2 s of it (money rule 3). */
export const FIRST_INQUIRY_MS = 1_000;

/** While the payer is at the bank's page we ask this often, ms: a lost notification costs the payer half a minute. */
const ACTION_LOOK_MS = 30_000;

/** A payment that was not sent goes back to its queue; after so many legs the channel is plainly out of reach. */
export const LEGS_MAX = 24;

/** Between the two "not found" of a time fence lies at least this, so that one stale replica of the bank cannot say both, ms. */
const SECOND_NOT_FOUND_AFTER_MS = 1_000;

/** An inquiry planned for the fence comes this much later, so that it is surely past it, ms. */
const FENCE_MARGIN_MS = 250;

/**
 * @param attempt the attempt the evidence is about; not always the payment's current one
 * @param ways where the payment may go from here, for one that goes back to a queue
 * @param nowMs wall clock, compared with `expiresAt` and `sendBy`
 * @param undo needed where the attempt is no longer in its first state: only then can there be an undo
 */
export function weighEvidence(
  payment: Payment,
  attempt: Attempt,
  evidence: Evidence,
  origin: EvidenceOrigin,
  contract: ChannelContract,
  ways: NextWays,
  nowMs: number,
  undo: UndoStanding = NEVER_UNDONE,
): Verdict {
  if (attempt.state === 'reversing') return whileReversing(payment, attempt, evidence);
  switch (evidence.class) {
    case 'succeeded': {
      if (evidence.charge.reference !== attempt.bankReference) return unclear(payment, attempt, 'foreign_reference');
      if (!sameMoney(evidence.charge.amount, payment.amount))
        return integrityFailure(payment, attempt, evidence.charge);
      return success(payment, attempt, evidence.charge.bankTransactionId, origin, undo);
    }
    case 'declined': {
      if (evidence.reference !== attempt.bankReference) return unclear(payment, attempt, 'foreign_reference');
      // A notified no may cross the bank's own yes on its way. If nobody hears the yes (the worker died), the payer would be charged for
      // a failed payment: so the bank is asked, and its answer counts (chaos, crash-points 6, seed 1).
      if (origin === 'notification' && isOpenAttempt(attempt.state)) return { ...stay(), inquireInMs: 0 };
      // After a resend, a refusal at the door says nothing about the request that was let in before.
      if (evidence.ofThisMessageOnly && attempt.sendNo > 1) return unclear(payment, attempt, 'refused_at_the_door');
      if (evidence.severity === 'soft' && !contract.softDeclineIsFinal) {
        return unclear(payment, attempt, 'soft_decline_not_final');
      }
      return decline(payment, attempt, evidence, ways, nowMs);
    }
    case 'not_sent':
      // Anybody else's "not sent" is hearsay: only the call that would have written the bytes knows.
      if (origin !== 'answer') return unclear(payment, attempt, 'not_sent_from_elsewhere');
      return notSent(payment, attempt, evidence.reason, ways, nowMs);
    case 'action_required':
      if (evidence.reference !== attempt.bankReference) return unclear(payment, attempt, 'foreign_reference');
      return actionRequired(payment, attempt, evidence.url, evidence.expiresAt, nowMs);
    case 'not_found':
      return notFound(payment, attempt, contract, ways, nowMs);
    case 'unknown':
      return unclear(payment, attempt, evidence.reason);
  }
}

/** Only the bank's answer to the reversal ends it, and that comes, for it is repeated until it does. */
function whileReversing(payment: Payment, attempt: Attempt, evidence: Evidence): Verdict {
  if (evidence.class !== 'succeeded' || evidence.charge.reference !== attempt.bankReference) return stay();
  const { amount } = evidence.charge;
  const alert = sameMoney(amount, payment.amount) ? null : wrongCharge(payment, amount);
  return { ...stay(), doubtsReversal: true, alert };
}

function success(
  payment: Payment,
  attempt: Attempt,
  bankTransactionId: string,
  origin: EvidenceOrigin,
  undo: UndoStanding,
): Verdict {
  if (attempt.state === 'succeeded') return stay();
  // Two persons settle it, not the bank's next word.
  if (attempt.state === 'integrity_failure') return stay();
  const undone = attempt.state === 'reversed' || undo.reversal === 'acknowledged' || undo.reversal === 'requested';
  const overtakesReversal = undo.reversal === 'acknowledged' && undo.askedAfterUndo && origin === 'inquiry';
  // It may speak of the time before the undo. The bank is asked first, so that one charge is not given back twice (money.md section 8).
  if (undone && !overtakesReversal) return { ...stay(), doubtsReversal: true };
  const change: AttemptChange = { leg: attempt.leg, state: 'succeeded', bankTransactionId };
  if (!isFinal(payment.head.state) && payment.head.keptLeg === null) {
    return move(payment, 'succeeded', 'payment.succeeded', change, null, {
      kept: { leg: attempt.leg, capturedMinor: payment.amount.value },
      // A later leg may be at a bank: it is looked after.
      lookAgainInMs: attempt.leg === payment.head.leg ? null : FIRST_INQUIRY_MS,
      overtakesReversal,
    });
  }
  return move(
    payment,
    payment.head.state,
    'payment.late_success',
    change,
    { code: 'late_success', leg: attempt.leg },
    {
      giveBack: true,
      overtakesReversal,
      alert: {
        code: 'late_success',
        message: `The bank charged attempt ${attempt.leg} although the payment was already ${payment.head.state}; it is given back`,
      },
    },
  );
}

function decline(
  payment: Payment,
  attempt: Attempt,
  evidence: Extract<Evidence, { class: 'declined' }>,
  ways: NextWays,
  nowMs: number,
): Verdict {
  if (attempt.state === 'succeeded') {
    const message = `The bank declined attempt ${attempt.leg} after it had charged it`;
    return { ...stay(), inquireInMs: 0, alert: { code: 'contradiction', message } };
  }
  if (!isOpenAttempt(attempt.state) || attempt.state === 'integrity_failure') return stay();
  const change: AttemptChange = {
    leg: attempt.leg,
    state: 'declined',
    declineReason: evidence.reason,
    bankCode: evidence.bankCode,
    bankMessage: evidence.bankMessage,
  };
  const reason: Reason = {
    code: 'declined',
    severity: evidence.severity,
    decline: evidence.reason,
    bank_code: evidence.bankCode,
  };
  // A hard no is the payer's to answer; a soft one only says that this bank cannot now.
  return chooseAgain(payment, change, reason, evidence.severity === 'soft' ? ways.reroute : null, nowMs);
}

/**
 * Nothing is charged and nothing can be any more. The payment goes another way where the merchant lets us; else the payer may choose one
 * until the deadline, if there is a payer.
 */
function chooseAgain(
  payment: Payment,
  change: AttemptChange,
  reason: Reason,
  reroute: Reroute | null,
  nowMs: number,
): Verdict {
  if (isFinal(payment.head.state) || change.leg !== payment.head.leg) {
    return move(payment, payment.head.state, 'payment.attempt_settled', change, reason);
  }
  if (reroute && payment.expiresAt > nowMs) return goAnotherWay(payment, change, reason, reroute);
  const waits = payment.onDecline === 'requires_payment_method' && payment.expiresAt > nowMs;
  if (!waits) return move(payment, 'failed', 'payment.failed', change, reason);
  return move(payment, 'requires_payment_method', 'payment.requires_payment_method', change, reason, {
    lookAgainInMs: payment.expiresAt - nowMs,
  });
}

function notSent(payment: Payment, attempt: Attempt, why: string, ways: NextWays, nowMs: number): Verdict {
  if (attempt.state !== 'dispatched' && attempt.state !== 'unknown') return stay();
  const change: AttemptChange = { leg: attempt.leg, state: 'not_sent' };
  const reason: Reason = { code: 'not_sent', why };
  if (isFinal(payment.head.state) || attempt.leg !== payment.head.leg) {
    return move(payment, payment.head.state, 'payment.attempt_settled', change, reason);
  }
  if (payment.expiresAt <= nowMs) return move(payment, 'expired', 'payment.expired', change, reason);
  if (ways.reroute) return goAnotherWay(payment, change, reason, ways.reroute);
  if (attempt.leg >= LEGS_MAX) {
    return move(payment, 'failed', 'payment.failed', change, { code: 'channel_unreachable', legs: attempt.leg });
  }
  return move(payment, 'queued', 'payment.queued', change, reason, {
    nextLeg: ways.again,
    lookAgainInMs: requeueDelayMs(attempt.leg),
  });
}

/** The next leg of the same payment, over another of its own instruments. */
function goAnotherWay(payment: Payment, change: AttemptChange, why: Reason, { leg, reason }: Reroute): Verdict {
  const told: Reason = { ...reason, code: 'rerouted', from: payment.head.channelId, because: why.code };
  return move(payment, 'queued', 'payment.rerouted', change, told, { nextLeg: leg, lookAgainInMs: 0 });
}

/** A channel that cannot be reached is tried again after 100 ms, 200 ms, … at most 5 s: most connect failures are short. */
export function requeueDelayMs(leg: number): number {
  return Math.min(100 * 2 ** (leg - 1), 5_000);
}

function actionRequired(payment: Payment, attempt: Attempt, url: string, expiresAt: number, nowMs: number): Verdict {
  if (attempt.state !== 'dispatched' && attempt.state !== 'unknown') return stay();
  const change: AttemptChange = {
    leg: attempt.leg,
    state: 'requires_action',
    actionUrl: url,
    // The bank may give the payer longer; the payment does not.
    actionExpiresAt: Math.min(expiresAt, payment.expiresAt),
  };
  if (isFinal(payment.head.state) || attempt.leg !== payment.head.leg) {
    return move(payment, payment.head.state, 'payment.attempt_settled', change, null);
  }
  return move(payment, 'requires_action', 'payment.requires_action', change, null, {
    // The bank tells us when the payer has paid; should that get lost, we ask.
    lookAgainInMs: Math.min(Math.max(expiresAt - nowMs, FIRST_INQUIRY_MS), ACTION_LOOK_MS),
  });
}

/**
 * "Not found" is not "not charged": the request may stand in the bank's queue or in a socket we closed. It becomes a fence only where
 * the bank refuses requests after `send_by`, has had its maximum processing time, and says "not found" twice (money.md section 6).
 */
function notFound(
  payment: Payment,
  attempt: Attempt,
  contract: ChannelContract,
  ways: NextWays,
  nowMs: number,
): Verdict {
  if (!isOpenAttempt(attempt.state) || attempt.state === 'integrity_failure') return stay();
  const fenceMs = attempt.sendBy + contract.maxClockSkewMs + contract.maxProcessingTimeMs + contract.inquiryLagMs;
  const fenced = contract.refusesLateRequests && nowMs > fenceMs;
  if (!fenced) {
    const verdict = unclear(payment, attempt, 'not_found');
    // Asked on schedule, but not much later than the moment from which the answer means something.
    if (verdict.kind === 'move' || !contract.refusesLateRequests) return verdict;
    return { ...verdict, inquireInMs: Math.min(onSchedule(attempt), fenceMs - nowMs + FENCE_MARGIN_MS) };
  }
  if (attempt.notFoundAt === null || nowMs - attempt.notFoundAt < SECOND_NOT_FOUND_AFTER_MS) {
    const verdict = unclear(payment, attempt, 'not_found');
    if (verdict.kind === 'move') return verdict;
    return { ...verdict, notFoundAfterFence: true, inquireInMs: SECOND_NOT_FOUND_AFTER_MS + FENCE_MARGIN_MS };
  }
  const change: AttemptChange = { leg: attempt.leg, state: 'declined', declineReason: 'refused_late' };
  return chooseAgain(payment, change, { code: 'fenced_by_time', send_by: attempt.sendBy }, ways.reroute, nowMs);
}

function integrityFailure(
  payment: Payment,
  attempt: Attempt,
  charge: Extract<Evidence, { class: 'succeeded' }>['charge'],
): Verdict {
  if (attempt.state === 'integrity_failure') return stay();
  const { bankTransactionId } = charge;
  // Two persons have settled this very charge; that a statement has it too is no news.
  if (attempt.state === 'declined' && attempt.bankTransactionId === bankTransactionId) return stay();
  if (attempt.state === 'succeeded') {
    const { message } = wrongCharge(payment, charge.amount);
    return { ...stay(), alert: { code: 'contradiction', message: `${message}, after it had charged it right` } };
  }
  const change: AttemptChange = {
    leg: attempt.leg,
    state: 'integrity_failure',
    bankTransactionId,
  };
  const reason: Reason = {
    code: 'integrity_failure',
    asked: payment.amount.value,
    charged: charge.amount.value,
    currency: charge.amount.currency,
  };
  const stays = isFinal(payment.head.state) || attempt.leg !== payment.head.leg;
  return move(payment, stays ? payment.head.state : 'unknown', 'payment.integrity_failure', change, reason, {
    lookAgainInMs: stays ? null : FIRST_INQUIRY_MS,
    alert: wrongCharge(payment, charge.amount),
  });
}

function wrongCharge(payment: Payment, charged: Money): Alert {
  const message = `The bank charged ${charged.value} ${charged.currency} for ${payment.amount.value} ${payment.amount.currency}`;
  return { code: 'integrity_failure', message };
}

/** No answer, or none that says anything about this attempt. */
function unclear(payment: Payment, attempt: Attempt, why: string): Verdict {
  const open = isOpenAttempt(attempt.state) && attempt.state !== 'integrity_failure';
  if (attempt.state !== 'dispatched') return { ...stay(), inquireInMs: open ? onSchedule(attempt) : null };
  const change: AttemptChange = { leg: attempt.leg, state: 'unknown' };
  const stays = isFinal(payment.head.state) || attempt.leg !== payment.head.leg;
  return move(
    payment,
    stays ? payment.head.state : 'unknown',
    'payment.unknown',
    change,
    { code: 'unknown', why },
    {
      lookAgainInMs: FIRST_INQUIRY_MS,
    },
  );
}

function stay(): Extract<Verdict, { kind: 'stay' }> {
  return { kind: 'stay', inquireInMs: null, notFoundAfterFence: false, doubtsReversal: false, alert: null };
}

function onSchedule(attempt: Attempt): number {
  return nextLookMs(INQUIRY_SCHEDULE_MS, attempt.inquiries);
}

function move(
  payment: Payment,
  to: PaymentState,
  eventType: string,
  attempt: AttemptChange,
  reason: Reason | null,
  more: {
    kept?: Transition['kept'];
    nextLeg?: Transition['nextLeg'];
    lookAgainInMs?: number | null;
    giveBack?: boolean;
    overtakesReversal?: boolean;
    alert?: Alert;
  } = {},
): Verdict {
  const transition: Transition = {
    paymentId: payment.id,
    version: payment.head.version,
    to,
    attempt,
    eventType,
    lookAgainInMs: more.lookAgainInMs ?? null,
    ...(reason ? { reason } : {}),
    ...(more.kept ? { kept: more.kept } : {}),
    ...(more.nextLeg ? { nextLeg: more.nextLeg } : {}),
  };
  const { giveBack = false, overtakesReversal = false, alert = null } = more;
  return { kind: 'move', transition, giveBack, overtakesReversal, alert };
}
