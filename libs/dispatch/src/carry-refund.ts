/**
 * Carries one refund to its bank, and asks what became of it. The same order as for a payment: committed as `dispatched` first, then
 * the bytes, then the outcome (money.md sections 4 and 8). Always the same reference, so that what arrives twice is done once.
 */
import type { Channel, Evidence, Refund } from '#domain';
import { isSettledRefund } from '#domain';
import {
  type Alert,
  type EvidenceOrigin,
  FIRST_INQUIRY_MS,
  GIVE_BACK_SCHEDULE_MS,
  nextLookMs,
  weighRefund,
} from '#policy';
import { SEND_WITHIN_MS, type ShardOwnership } from './dispatch-payment';
import type { ChannelEntry, ChannelRegistry } from './ports/channel-registry';
import type { Connector } from './ports/connector';
import type { RefundJournal } from './ports/refund-journal';
import type { Clock, Log, Meters, Names } from './ports/surroundings';
import type { Worklist } from './ports/worklist';
import type { StepProbe } from './steps';

export interface CarryRefundParts {
  readonly refunds: RefundJournal;
  readonly worklist: Worklist;
  readonly channels: ChannelRegistry;
  readonly connectorFor: (channel: Channel) => Connector;
  readonly shards: ShardOwnership;
  readonly clock: Clock;
  readonly names: Names;
  readonly log: Log;
  readonly meters: Meters;
  readonly reached: StepProbe;
}

/** A closed channel is sent no money; when it opens again, its refunds go within this, ms. */
const CHANNEL_CLOSED_MS = 15_000;

/** Beyond the send-by and the bank's deadline: the commit of the outcome, with its repeats, ms. */
const ANSWER_GRACE_MS = 5_000;

/** One refund has one carrier at a time; more collisions than this mean that something is wrong. It is looked at again anyway. */
const COLLISIONS_MAX = 8;

export class CarryRefund {
  constructor(private readonly parts: CarryRefundParts) {}

  /** @param refund as taken from the list of what is due. @throws JournalUnavailable; the lease brings it back */
  async carry(refund: Refund): Promise<void> {
    const { channels, refunds } = this.parts;
    const entry = channels.get(refund.channelId);
    if (!entry?.lines[0] || (!entry.channel.enabled && refund.state === 'requested')) {
      await refunds.postpone(refund, CHANNEL_CLOSED_MS);
      return;
    }
    switch (refund.state) {
      case 'requested':
        return this.send(refund, entry);
      case 'dispatched':
        // Its worker died, or could not write the answer. Nobody sends again: the bank is asked.
        await this.settle(refund, entry, { class: 'unknown', reason: 'answer_overdue' }, 'answer');
        return;
      case 'unknown':
        return this.ask(refund, entry);
      case 'succeeded':
      case 'declined':
        return;
    }
  }

  private async send(refund: Refund, entry: ChannelEntry): Promise<void> {
    const { clock, connectorFor, log, meters, names, reached, refunds, shards } = this.parts;
    const { channelId } = refund;
    const dispatchToken = names.dispatchToken();
    const startedMs = clock.monotonicMs();
    const lookAgainInMs = SEND_WITHIN_MS + entry.limits.timeoutMs + ANSWER_GRACE_MS;
    const commit = await refunds.dispatch({ refund, dispatchToken, epochs: shards.epochs(), lookAgainInMs });
    if (commit.kind !== 'committed' || !commit.value) {
      // Undecided: nothing is sent. If the row is there it is `dispatched`, and an inquiry finds that the bank has nothing.
      if (commit.kind !== 'committed') {
        log.warn('A refund was not dispatched; nothing was sent', { refund: refund.id, detail: commit.detail });
      }
      return;
    }
    reached('refund.committed');
    const dispatched = commit.value;
    const connector = connectorFor(entry.channel);
    reached('refund.sending');
    const exchange = await connector.refund(
      { channelId, line: entry.lines[0]! },
      {
        reference: refund.bankReference,
        originalReference: refund.originalReference,
        amount: refund.amount,
        sendBy: dispatched.sendBy!,
      },
      {
        timeoutMs: entry.limits.timeoutMs,
        maySend: () => clock.monotonicMs() - startedMs < SEND_WITHIN_MS,
      },
    );
    reached('refund.answered');
    const evidence = connector.classify('refund', exchange);
    meters.observeMs('sluice_bank_call_ms', exchange.elapsedMs, { channel: channelId, operation: 'refund' });
    meters.count('sluice_bank_answers_total', { channel: channelId, operation: 'refund', class: evidence.class });
    await this.settle(dispatched, entry, evidence, 'answer', dispatchToken);
    reached('refund.settled');
  }

  private async ask(refund: Refund, entry: ChannelEntry): Promise<void> {
    const { connectorFor, meters } = this.parts;
    const { channelId } = refund;
    const connector = connectorFor(entry.channel);
    const exchange = await connector.inquireRefund(
      { channelId, line: entry.lines[0]! },
      { reference: refund.bankReference },
      { timeoutMs: entry.limits.timeoutMs, maySend: () => true },
    );
    const evidence = connector.classify('inquire_refund', exchange);
    meters.count('sluice_bank_answers_total', {
      channel: channelId,
      operation: 'inquire_refund',
      class: evidence.class,
    });
    if ((await this.settle(refund, entry, evidence, 'inquiry')) === 'resend') await this.send(refund, entry);
  }

  private async settle(
    refund: Refund,
    entry: ChannelEntry,
    evidence: Evidence,
    origin: EvidenceOrigin,
    dispatchToken?: string,
  ): Promise<'written' | 'resend'> {
    const { clock, connectorFor, log, refunds } = this.parts;
    const contract = connectorFor(entry.channel).capabilities(refund.channelId);
    let current: Refund = refund;
    for (let tries = 0; tries < COLLISIONS_MAX; tries += 1) {
      const verdict = weighRefund(current, evidence, origin, contract, clock.epochMs());
      if (verdict.kind === 'resend') {
        if (entry.channel.enabled) return 'resend';
        await refunds.postpone(current, CHANNEL_CLOSED_MS);
        return 'written';
      }
      if (verdict.kind === 'stay') {
        await this.raise(verdict.alert, current);
        if (verdict.lookAgainInMs !== null) await refunds.postpone(current, verdict.lookAgainInMs);
        return 'written';
      }
      const { kind: _kind, alert, ...move } = verdict;
      // Before the write: a process that dies between the two tells people once too often, never not at all.
      await this.raise(alert, current);
      const commit = await refunds.move({ refund: current, ...move, ...(dispatchToken && { dispatchToken }) });
      if (commit.kind === 'committed' && commit.value) {
        if (isSettledRefund(move.to)) {
          await this.parts.worklist.resolve('refund_unanswered', current.id, `The bank has spoken: ${move.to}`);
        }
        return 'written';
      }
      if (commit.kind === 'not_committed') {
        log.error('The outcome of a refund could not be written; the bank is asked again', {
          refund: refund.id,
          to: move.to,
          reason: commit.reason,
          detail: commit.detail,
        });
        return 'written';
      }
      const now = await refunds.read(refund.id);
      if (!now) return 'written';
      current = now;
    }
    await refunds.postpone(current, nextLookMs(GIVE_BACK_SCHEDULE_MS, current.looks) + FIRST_INQUIRY_MS);
    return 'written';
  }

  private async raise(alert: Alert | null, refund: Refund): Promise<void> {
    if (!alert) return;
    const { bankReference, channelId, id, leg, originalReference, paymentId } = refund;
    this.parts.log.error(alert.message, { alert: alert.code, payment: paymentId, refund: id });
    this.parts.meters.count('sluice_alerts_total', { alert: alert.code });
    const facts = { reference: bankReference, of: originalReference, amount: { ...refund.amount } };
    await this.parts.worklist.add({ kind: alert.code, subject: id, paymentId, leg, channelId, facts });
  }
}
