/**
 * Writes what evidence makes of a payment, and repeats until the fate of the write is known (money.md sections 5 and 9).
 */
import type { Attempt, Evidence, Payment, WorklistKind } from '#domain';
import { attemptSubject, isOpenAttempt, paymentReference } from '#domain';
import { type ChannelContract, type EvidenceOrigin, isLongUnknown, weighEvidence } from '#policy';
import type { PaymentJournal } from './ports/payment-journal';
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
  readonly queue: WorkQueue;
  readonly worklist: Worklist;
  readonly clock: Clock;
  readonly names: Names;
  readonly log: Log;
  readonly meters: Meters;
}

/** A payment moves a handful of times in its life; more collisions than this in a row means that something is wrong. */
const COLLISIONS_MAX = 8;

export class SettleAttempt {
  constructor(private readonly parts: SettleAttemptParts) {}

  /**
   * @param dispatchToken held only by the worker whose call it was; lets `not_sent` be written
   */
  async settle(
    payment: Payment,
    attempt: Attempt,
    evidence: Evidence,
    origin: EvidenceOrigin,
    contract: ChannelContract,
    dispatchToken?: string,
  ): Promise<Settled> {
    let current = payment;
    let about = attempt;
    for (let tries = 0; tries < COLLISIONS_MAX; tries += 1) {
      const nextLeg = this.nextLegOf(current, about);
      const verdict = weighEvidence(current, about, evidence, origin, contract, nextLeg, this.parts.clock.epochMs());
      if (verdict.alert) {
        this.parts.log.error(verdict.alert.message, { alert: verdict.alert.code, payment: current.id, leg: about.leg });
        this.parts.meters.count('sluice_alerts_total', { alert: verdict.alert.code });
        // Before the write: a process that dies between the two leaves one item too many, never one too few.
        await this.tellPeople(verdict.alert.code, about, verdict.alert.message);
      }
      if (verdict.kind === 'stay') {
        return { kind: 'stayed', inquireInMs: verdict.inquireInMs, notFoundAfterFence: verdict.notFoundAfterFence };
      }
      const { transition } = verdict;
      const change =
        transition.attempt && dispatchToken ? { ...transition.attempt, dispatchToken } : transition.attempt;
      const commit = await this.parts.journal.apply(change ? { ...transition, attempt: change } : transition);
      if (commit.kind === 'committed' && commit.value.outcome === 'applied') {
        if (transition.nextLeg) {
          const job = { paymentId: current.id, version: commit.value.version };
          await this.parts.queue.add('pay', transition.nextLeg.channelId, job, transition.lookAgainInMs ?? 0);
        } else if (transition.attempt?.state === 'unknown') {
          const job = { paymentId: current.id, version: commit.value.version };
          await this.parts.queue.add('inquiry', about.channelId, job, transition.lookAgainInMs ?? 0);
        }
        await this.resolveLongUnknown(about, transition.attempt?.state);
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
  private async resolveLongUnknown(before: Attempt, now: Attempt['state'] | undefined): Promise<void> {
    if (before.state !== 'unknown' || now === undefined || isOpenAttempt(now)) return;
    if (!isLongUnknown(before, this.parts.clock.epochMs())) return;
    await this.parts.worklist.resolve('long_unknown', before.paymentId, before.leg, `The bank has spoken: ${now}`);
  }

  private nextLegOf(payment: Payment, attempt: Attempt) {
    const leg = attempt.leg + 1;
    return {
      leg,
      channelId: attempt.channelId,
      instrumentToken: attempt.instrumentToken,
      bankReference: paymentReference(payment.merchantId, payment.merchantOrderNo, leg, this.parts.names.sha256),
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
