/**
 * Writes what evidence makes of a payment, and repeats until the fate of the write is known (money.md sections 5 and 9).
 */
import type { Attempt, EpochMs, Evidence, Payment, Transition, WorklistKind } from '#domain';
import { attemptSubject, isOpenAttempt, paymentReference, undoReference } from '#domain';
import {
  type ChannelContract,
  type EvidenceOrigin,
  NEVER_UNDONE,
  type NextWays,
  type UndoStanding,
  type Verdict,
  isLongUnknown,
  weighEvidence,
} from '#policy';
import type { FindReroute } from './find-reroute';
import type { PaymentJournal } from './ports/payment-journal';
import type { ReversalJournal } from './ports/reversal-journal';
import type { Clock, Log, Meters, Names } from './ports/surroundings';
import type { WorkQueue } from './ports/work-queue';
import type { Worklist } from './ports/worklist';

export type Settled =
  /** Written. The payment as it now stands is `version` further on. */
  | { readonly kind: 'moved'; readonly finished: boolean }
  /** Nothing to write; `inquireInMs` says when the bank must be asked (again), null: not at all. */
  | { readonly kind: 'stayed'; readonly inquireInMs: number | null; readonly notFoundAfterFence: boolean }
  /** The journal could not be written. The attempt stays as it is and the sweeper comes back to it. */
  | { readonly kind: 'unwritten' };

export interface SettleAttemptParts {
  readonly journal: PaymentJournal;
  readonly reversals: ReversalJournal;
  readonly reroute: FindReroute;
  readonly queue: WorkQueue;
  readonly worklist: Worklist;
  readonly clock: Clock;
  readonly names: Names;
  readonly log: Log;
  readonly meters: Meters;
}

/** A payment moves a handful of times in its life; more collisions than this in a row means that something is wrong. */
const COLLISIONS_MAX = 8;

/** An outcome is written again and again for so long while PostgreSQL is away, ms: a restart takes less, and the sweeper is behind it. */
const REPEAT_FOR_MS = 5_000;

export class SettleAttempt {
  constructor(private readonly parts: SettleAttemptParts) {}

  /**
   * @param proof.dispatchToken held only by the worker whose call it was; lets `not_sent` be written
   * @param proof.askedAfterUndo the inquiry began after the bank had acknowledged the attempt's reversal
   */
  async settle(
    payment: Payment,
    attempt: Attempt,
    evidence: Evidence,
    origin: EvidenceOrigin,
    contract: ChannelContract,
    proof: { readonly dispatchToken?: string; readonly askedAfterUndo?: boolean } = {},
  ): Promise<Settled> {
    let current = payment;
    let about = attempt;
    for (let tries = 0; tries < COLLISIONS_MAX; tries += 1) {
      const undo = await this.standingOf(about, evidence, proof.askedAfterUndo ?? false);
      if (!undo) return { kind: 'unwritten' };
      const ways = await this.waysOf(current, about, evidence);
      // The evidence is of the time of the first read; weighed with a later one, an early "not found" could pass for a fence.
      const verdict = weighEvidence(current, about, evidence, origin, contract, ways, payment.readAt, undo);
      // Before the write: a process that dies between the two leaves one item too many, never one too few.
      if (verdict.alert) await this.tellPeople(verdict.alert.code, about, verdict.alert.message);
      if (verdict.kind === 'stay') {
        this.raise(verdict, about);
        if (verdict.doubtsReversal && !(await this.doubt(about))) return { kind: 'unwritten' };
        return { kind: 'stayed', inquireInMs: verdict.inquireInMs, notFoundAfterFence: verdict.notFoundAfterFence };
      }
      const transition = this.complete(verdict, about, proof.dispatchToken);
      const commit = await this.parts.journal.apply(transition, REPEAT_FOR_MS);
      if (commit.kind === 'committed' && commit.value.outcome === 'applied') {
        this.raise(verdict, about);
        if (transition.nextLeg) {
          const job = { paymentId: current.id, version: commit.value.version };
          await this.parts.queue.add('pay', transition.nextLeg.channelId, job, transition.lookAgainInMs ?? 0);
        } else if (transition.attempt?.state === 'unknown') {
          const job = { paymentId: current.id, version: commit.value.version };
          await this.parts.queue.add('inquiry', about.channelId, job, transition.lookAgainInMs ?? 0);
        }
        await this.resolveLongUnknown(about, transition.attempt?.state, current.readAt);
        return { kind: 'moved', finished: transition.lookAgainInMs === null };
      }
      if (commit.kind === 'not_committed') {
        this.parts.log.error('An outcome could not be written; the sweeper will ask the bank', {
          payment: current.id,
          leg: about.leg,
          reason: commit.reason,
          detail: commit.detail,
        });
        if (commit.reason === 'rejected') await this.tellPeople('rejected_row', about, commit.detail);
        return { kind: 'unwritten' };
      }
      // Stale or undecided: read what is there now, in a new statement, and weigh the same evidence against it.
      const read = await this.readAgain(current, about);
      if (!read) return { kind: 'unwritten' };
      [current, about] = read;
    }
    this.parts.log.error('An outcome met too many collisions; the sweeper will ask the bank', { payment: current.id });
    return { kind: 'unwritten' };
  }

  /** The transition, with what only this call holds: its proof that it could have sent, and the names of an automatic refund. */
  private complete(
    { transition, giveBack, overtakesReversal }: Extract<Verdict, { kind: 'move' }>,
    { leg, bankReference }: Attempt,
    dispatchToken: string | undefined,
  ): Transition {
    const { names } = this.parts;
    const attempt = transition.attempt && dispatchToken ? { ...transition.attempt, dispatchToken } : transition.attempt;
    const proved = attempt ? { ...transition, attempt } : transition;
    if (giveBack) {
      const refundId = names.refundId();
      const reference = undoReference('auto_refund', bankReference, names.sha256);
      return {
        ...proved,
        undo: { kind: 'success_given_back', leg, refundId, bankReference: reference, overtakesReversal },
        eventData: { ...transition.reason, refund_id: refundId },
      };
    }
    return overtakesReversal ? { ...proved, undo: { kind: 'reversal_overtaken', leg } } : proved;
  }

  /**
   * Read only where there can be a reversal and it can matter: the ordinary answer to a dispatched attempt asks for nothing. Read after
   * the payment, so that a reversal that moves meanwhile has raised the payment's version. null: it could not be read.
   */
  private async standingOf(
    { leg, paymentId, state }: Attempt,
    evidence: Evidence,
    askedAfterUndo: boolean,
  ): Promise<UndoStanding | null> {
    if (evidence.class !== 'succeeded' || state === 'dispatched' || state === 'succeeded') return NEVER_UNDONE;
    try {
      const reversal = await this.parts.reversals.find(paymentId, leg);
      return { reversal: reversal?.state ?? null, askedAfterUndo };
    } catch (error) {
      this.parts.log.warn('A reversal could not be read; the bank is asked again later', {
        payment: paymentId,
        error: String(error),
      });
      return null;
    }
  }

  private async doubt({ leg, paymentId }: Attempt): Promise<boolean> {
    try {
      await this.parts.reversals.doubt(paymentId, leg);
      return true;
    } catch (error) {
      this.parts.log.error('A success that contradicts a reversal could not be noted', {
        payment: paymentId,
        leg,
        error: String(error),
      });
      return false;
    }
  }

  private raise({ alert }: Verdict, { leg, paymentId }: Attempt): void {
    if (!alert) return;
    this.parts.log.error(alert.message, { alert: alert.code, payment: paymentId, leg });
    this.parts.meters.count('sluice_alerts_total', { alert: alert.code });
  }

  private async tellPeople(kind: WorklistKind, attempt: Attempt, message: string): Promise<void> {
    const { bankReference, channelId, leg, paymentId } = attempt;
    const subject = attemptSubject(paymentId, leg);
    await this.parts.worklist.add({
      kind,
      subject,
      paymentId,
      leg,
      channelId,
      facts: { message, reference: bankReference },
    });
  }

  /** What people were told to wait for (InquireAttempt) has come. */
  private async resolveLongUnknown(before: Attempt, now: Attempt['state'] | undefined, readAt: EpochMs): Promise<void> {
    if (before.state !== 'unknown' || now === undefined || isOpenAttempt(now)) return;
    if (!isLongUnknown(before, readAt)) return;
    const subject = attemptSubject(before.paymentId, before.leg);
    await this.parts.worklist.resolve('long_unknown', subject, `The bank has spoken: ${now}`);
  }

  /** Where the payment may go from here; another way is looked for only where the evidence may lead to it. */
  private async waysOf(payment: Payment, attempt: Attempt, evidence: Evidence): Promise<NextWays> {
    const { names, reroute } = this.parts;
    const { channelId, instrumentToken } = attempt;
    const leg = attempt.leg + 1;
    const maybe = evidence.class === 'not_sent' || evidence.class === 'not_found' || evidence.class === 'declined';
    return {
      again: {
        leg,
        channelId,
        instrumentToken,
        // Made when it is asked for: nearly every outcome ends the payment, and needs no other leg.
        get bankReference() {
          return paymentReference(payment.merchantId, payment.merchantOrderNo, leg, names.sha256);
        },
        limitRevision: payment.head.limitRevision,
      },
      reroute: maybe ? await reroute.find(payment, attempt) : null,
    };
  }

  private async readAgain(payment: Payment, attempt: Attempt): Promise<[Payment, Attempt] | null> {
    try {
      const now = await this.parts.journal.readByBankReference(attempt.bankReference);
      return now?.attempt ? [now, now.attempt] : null;
    } catch (error) {
      this.parts.log.warn('A payment could not be read again after an undecided write', {
        payment: payment.id,
        error: String(error),
      });
      return null;
    }
  }
}
