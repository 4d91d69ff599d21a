/**
 * Carries one refund to its bank, and asks what became of it. The same order as for a payment: committed as `dispatched` first, then
 * the bytes, then the outcome (money.md sections 4 and 8). Always the same reference, so that what arrives twice is done once.
 */
import type { Channel, Refund } from '#domain';
import { SEND_WITHIN_MS, type ShardOwnership } from './dispatch-payment';
import { mayAsk } from './may-ask';
import type { ChannelEntry, ChannelRegistry } from './ports/channel-registry';
import type { Connector } from './ports/connector';
import type { RefundJournal } from './ports/refund-journal';
import type { Clock, Log, Meters, Names } from './ports/surroundings';
import type { Worklist } from './ports/worklist';
import { CHANNEL_CLOSED_MS, SettleRefund } from './settle-refund';
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

/** Beyond the send-by and the bank's deadline: the commit of the outcome, with its repeats, ms. */
const ANSWER_GRACE_MS = 5_000;

export class CarryRefund {
  private readonly settled: SettleRefund;

  constructor(private readonly parts: CarryRefundParts) {
    this.settled = new SettleRefund(parts);
  }

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
        await this.settled.settle(refund, entry, { class: 'unknown', reason: 'answer_overdue' }, 'answer');
        return;
      case 'unknown':
        return this.ask(refund, entry);
      case 'succeeded':
      case 'declined':
        return;
    }
  }

  private async send(refund: Refund, entry: ChannelEntry): Promise<void> {
    const { channels, clock, connectorFor, log, meters, names, reached, refunds, shards } = this.parts;
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
        // Killed while the refund was on its way to its connection: it goes back to `requested`, and not a byte leaves.
        maySend: () => clock.monotonicMs() - startedMs < SEND_WITHIN_MS && mayAsk(channels, channelId)(),
      },
    );
    reached('refund.answered');
    const evidence = connector.classify('refund', exchange);
    meters.observeMs('sluice_bank_call_ms', exchange.elapsedMs, { channel: channelId, operation: 'refund' });
    meters.count('sluice_bank_answers_total', { channel: channelId, operation: 'refund', class: evidence.class });
    await this.settled.settle(dispatched, entry, evidence, 'answer', dispatchToken);
    reached('refund.settled');
  }

  private async ask(refund: Refund, entry: ChannelEntry): Promise<void> {
    const { channels, connectorFor, meters } = this.parts;
    const { channelId } = refund;
    const connector = connectorFor(entry.channel);
    const exchange = await connector.inquireRefund(
      { channelId, line: entry.lines[0]! },
      { reference: refund.bankReference },
      { timeoutMs: entry.limits.timeoutMs, maySend: mayAsk(channels, channelId) },
    );
    const evidence = connector.classify('inquire_refund', exchange);
    meters.count('sluice_bank_answers_total', {
      channel: channelId,
      operation: 'inquire_refund',
      class: evidence.class,
    });
    if ((await this.settled.settle(refund, entry, evidence, 'inquiry')) === 'resend') await this.send(refund, entry);
  }
}
