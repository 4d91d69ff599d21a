/**
 * Asks the bank what became of an attempt. An inquiry changes nothing at the bank, so it may be asked again and again; it may be
 * asked twice at once; it is never shed.
 */
import type { Attempt, Channel, EpochMs, Payment, PaymentId } from '#domain';
import { attemptSubject, isOpenAttempt } from '#domain';
import { isLongUnknown } from '#policy';
import type { BeginReversal } from './begin-reversal';
import type { FindReroute } from './find-reroute';
import { mayAsk } from './may-ask';
import type { ChannelRegistry } from './ports/channel-registry';
import type { Connector, ConnectorCapabilities } from './ports/connector';
import type { PaymentJournal } from './ports/payment-journal';
import type { Clock, Meters } from './ports/surroundings';
import type { WorkQueue } from './ports/work-queue';
import type { Worklist } from './ports/worklist';
import type { SettleAttempt } from './settle-attempt';
import type { StepProbe } from './steps';

export interface InquireAttemptParts {
  readonly journal: PaymentJournal;
  readonly queue: WorkQueue;
  readonly worklist: Worklist;
  readonly channels: ChannelRegistry;
  readonly connectorFor: (channel: Channel) => Connector;
  readonly settle: SettleAttempt;
  readonly reroute: FindReroute;
  readonly beginReversal: BeginReversal;
  readonly clock: Clock;
  readonly meters: Meters;
  readonly reached: StepProbe;
}

/** The bank is asked this often, about three seconds in all, before its silence costs it the payment: most lost answers are found by then. */
const INQUIRIES_BEFORE_FENCE = 2;

/** Past the deadline on the journal's clock too, ms. */
const DEADLINE_MARGIN_MS = 50;

export class InquireAttempt {
  constructor(private readonly parts: InquireAttemptParts) {}

  /** @throws JournalUnavailable when the payment cannot be read; the sweeper comes back */
  async inquire(id: PaymentId): Promise<void> {
    const { channels, connectorFor, journal, meters, queue, reached, settle } = this.parts;
    reached('inquire.taken');
    const payment = await journal.read(id);
    const attempt = payment?.attempt;
    if (!payment || !attempt || !isOpenAttempt(attempt.state)) return;
    const entry = channels.get(attempt.channelId);
    const line = entry?.lines[0];
    if (!entry || !line) return;
    const connector = connectorFor(entry.channel);
    const exchange = await connector.inquire(
      { channelId: attempt.channelId, line },
      { reference: attempt.bankReference },
      { timeoutMs: entry.limits.timeoutMs, maySend: mayAsk(channels, attempt.channelId) },
    );
    reached('inquire.answered');
    const evidence = connector.classify('inquire', exchange);
    meters.count('sluice_bank_answers_total', {
      channel: attempt.channelId,
      operation: 'inquire',
      class: evidence.class,
    });
    const contract = connector.capabilities(attempt.channelId);
    // An inquiry that was not sent says nothing about the payment; weighEvidence treats it so by its origin.
    const settled = await settle.settle(payment, attempt, evidence, 'inquiry', contract);
    reached('inquire.settled');
    if (settled.kind !== 'stayed' || settled.inquireInMs === null) return;
    if (await this.fenceForReroute(payment, attempt, contract)) return;
    const leftMs = payment.expiresAt - payment.readAt;
    // Asked on schedule, and once more when the deadline passes: then either the bank says, or the attempt is undone.
    const lookAgainInMs = leftMs > 0 ? Math.min(settled.inquireInMs, leftMs + DEADLINE_MARGIN_MS) : settled.inquireInMs;
    await journal.noteInquiry({
      paymentId: id,
      leg: attempt.leg,
      notFoundAfterFence: settled.notFoundAfterFence,
      lookAgainInMs,
    });
    await this.escalate({ ...attempt, inquiries: attempt.inquiries + 1 }, payment.readAt);
    if (await this.undoWhenTooLate(payment, attempt)) return;
    // A look of its own: while this job runs, another with the same id would be swallowed.
    const job = { paymentId: id, version: payment.head.version, look: attempt.inquiries + 1 };
    await queue.add('inquiry', attempt.channelId, job, lookAgainInMs);
  }

  /**
   * A merchant that lets us reroute need not wait for a silent bank: where an acknowledged cancel blocks a payment that comes later, the
   * attempt is undone first, and then the payment goes another way (money.md section 6). @returns whether the undo has begun
   */
  private async fenceForReroute(payment: Payment, attempt: Attempt, contract: ConnectorCapabilities): Promise<boolean> {
    const { beginReversal, reroute } = this.parts;
    if (attempt.state !== 'unknown' || attempt.inquiries + 1 < INQUIRIES_BEFORE_FENCE) return false;
    if (!contract.cancelByReference || !contract.cancelBlocksLatePay) return false;
    if (!(await reroute.find(payment, attempt))) return false;
    return (await beginReversal.begin(payment.id, 'reroute')).kind === 'begun';
  }

  /**
   * Nobody waits for the payment any more: what may be at the bank is undone. The sweeper begins that too, but hardly gets to: while Redis
   * works, the next inquiry always comes before the sweeper's look and moves it on (chaos, crash-points 4, seed 1). @returns whether the
   * undo has begun
   */
  private async undoWhenTooLate({ id, expiresAt, readAt }: Payment, attempt: Attempt): Promise<boolean> {
    if ((attempt.actionExpiresAt ?? expiresAt) > readAt) return false;
    const purpose = attempt.state === 'requires_action' ? 'action_expired' : 'deadline';
    return (await this.parts.beginReversal.begin(id, purpose)).kind === 'begun';
  }

  /** An unknown that lasts is for people too. It goes on being asked about: it never decays. */
  private async escalate(attempt: Attempt, readAt: EpochMs): Promise<void> {
    if (attempt.state !== 'unknown' || !isLongUnknown(attempt, readAt)) return;
    await this.parts.worklist.add({
      kind: 'long_unknown',
      subject: attemptSubject(attempt.paymentId, attempt.leg),
      paymentId: attempt.paymentId,
      leg: attempt.leg,
      channelId: attempt.channelId,
      facts: { reference: attempt.bankReference, sent_by: new Date(attempt.sendBy).toISOString() },
    });
  }
}
