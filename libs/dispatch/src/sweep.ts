/**
 * The sweeper: whatever is not final is looked at again, so that nothing depends on Redis, on a job, or on a worker that lives on.
 * See money.md section 7. Several sweepers may run; the journal hands each piece of work to one of them.
 */
import type { ReversalPurpose } from '#domain';
import { FIRST_INQUIRY_MS, FOLLOW_UP_SCHEDULE_MS } from '#policy';
import type { BeginReversal } from './begin-reversal';
import type { DueWork, PaymentJournal } from './ports/payment-journal';
import type { Log, Meters } from './ports/surroundings';
import type { WorkQueue } from './ports/work-queue';
import type { StepProbe } from './steps';

export interface SweepParts {
  readonly journal: PaymentJournal;
  readonly queue: WorkQueue;
  readonly beginReversal: Pick<BeginReversal, 'begin'>;
  readonly log: Log;
  readonly meters: Meters;
  readonly reached: StepProbe;
}

/** Due work taken at once: at 20,000 adds a second it is enqueued in 25 ms, and a sweeper that dies holds no more than that. */
const TAKE_MAX = 500;

export class Sweep {
  constructor(private readonly parts: SweepParts) {}

  /** One round. @returns how much was due: a full round should be followed by another at once. */
  async sweep(): Promise<{ due: number; full: boolean }> {
    const { journal, meters, reached } = this.parts;
    const entered = await this.collect();
    reached('sweep.collected');
    const due = await journal.takeDue(TAKE_MAX, FOLLOW_UP_SCHEDULE_MS);
    reached('sweep.taken');
    if (entered > 0) meters.count('sluice_follow_ups_entered_total', {}, entered);
    await Promise.all(due.map((work) => this.follow(work)));
    reached('sweep.enqueued');
    return { due: due.length, full: due.length === TAKE_MAX };
  }

  /** Finding fresh payments may fail where following the known ones does not: the one must not stop the other. */
  private async collect(): Promise<number> {
    try {
      return await this.parts.journal.collectUnfinished();
    } catch (error) {
      this.parts.log.warn('Fresh payments could not be looked through; those that are known are followed', {
        error: String(error),
      });
      return 0;
    }
  }

  private async follow(work: DueWork): Promise<void> {
    const { queue } = this.parts;
    const job = { paymentId: work.paymentId, version: work.version };
    switch (work.state) {
      case 'queued':
        if (work.expired) await this.end(work, 'expired', 'deadline_passed');
        else await queue.add('pay', work.channelId, job);
        return;
      case 'processing':
        // Its worker may be dead, or its answer unwritten. Nobody sends again: the bank is asked.
        if (work.answerOverdue) await this.becomeUnknown(work);
        return;
      case 'unknown':
        if (work.expired && (await this.undo(work, 'deadline'))) return;
        await queue.add('inquiry', work.channelId, job);
        return;
      case 'requires_action':
        if (await this.undo(work, 'action_expired')) return;
        await queue.add('inquiry', work.channelId, job);
        return;
      case 'requires_payment_method':
        if (work.expired) await this.end(work, 'failed', 'deadline_passed');
        return;
      case 'succeeded':
      case 'failed':
      case 'canceled':
      case 'expired':
        // Final, but an attempt of it is still open (a late success is possible): the bank is asked.
        await queue.add('inquiry', work.channelId, job);
        return;
    }
  }

  /** @returns whether the attempt is being undone now, so that there is nothing to inquire */
  private async undo({ paymentId }: DueWork, purpose: ReversalPurpose): Promise<boolean> {
    const begun = await this.parts.beginReversal.begin(paymentId, purpose);
    if (begun.kind === 'not_begun') return begun.why.kind === 'not_now' && begun.why.why === 'under_way';
    return begun.kind === 'begun';
  }

  private async end(work: DueWork, to: 'expired' | 'failed', code: string): Promise<void> {
    await this.parts.journal.apply({
      paymentId: work.paymentId,
      version: work.version,
      to,
      eventType: `payment.${to}`,
      reason: { code },
      lookAgainInMs: null,
    });
  }

  private async becomeUnknown(work: DueWork): Promise<void> {
    const commit = await this.parts.journal.apply({
      paymentId: work.paymentId,
      version: work.version,
      to: 'unknown',
      attempt: { leg: work.leg, state: 'unknown' },
      eventType: 'payment.unknown',
      reason: { code: 'unknown', why: 'answer_overdue' },
      lookAgainInMs: FIRST_INQUIRY_MS,
    });
    if (commit.kind === 'committed' && commit.value.outcome === 'applied') {
      const job = { paymentId: work.paymentId, version: commit.value.version };
      await this.parts.queue.add('inquiry', work.channelId, job);
    }
  }
}
