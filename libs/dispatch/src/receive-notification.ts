/**
 * A bank tells us something on its own. It is evidence like an inquiry's answer: verified on the raw bytes, then fed to the same
 * function. It may come twice, before the answer, late, out of order, or contradict what we know (money rule 9).
 */
import type { Channel, ChannelId } from '#domain';
import type { ChannelRegistry } from './ports/channel-registry';
import type { Connector, NotificationRequest } from './ports/connector';
import type { PaymentJournal } from './ports/payment-journal';
import type { Clock, Meters } from './ports/surroundings';
import type { WorkQueue } from './ports/work-queue';
import type { SettleAttempt } from './settle-attempt';

export type Received =
  /** Processed, or stored facts already said so: the bank may stop repeating it. */
  | 'taken'
  /** Not ours, or not readable: repeating it would not help. */
  | 'rejected'
  /** Could not be written now: the bank should repeat it, and the inquiry comes anyway. */
  | 'try_again';

export interface ReceiveNotificationParts {
  readonly journal: PaymentJournal;
  readonly queue: WorkQueue;
  readonly channels: ChannelRegistry;
  readonly connectorFor: (channel: Channel) => Connector;
  readonly settle: SettleAttempt;
  readonly clock: Clock;
  readonly meters: Meters;
}

export class ReceiveNotification {
  constructor(private readonly parts: ReceiveNotificationParts) {}

  /** @param request as it arrived: the signature is over its raw bytes. @throws JournalUnavailable */
  async receive(channelId: ChannelId, request: NotificationRequest): Promise<Received> {
    const { channels, clock, connectorFor, journal, meters, queue, settle } = this.parts;
    const entry = channels.get(channelId);
    if (!entry) return 'rejected';
    const connector = connectorFor(entry.channel);
    const parsed = connector.parseNotification(channelId, request, clock.epochMs());
    meters.count('sluice_notifications_total', { channel: channelId, result: parsed.kind });
    if (parsed.kind === 'rejected') return 'rejected';
    const { notification } = parsed;
    const payment = await journal.readByBankReference(notification.reference);
    // The reference of another channel's attempt proves nothing about this one.
    if (!payment?.attempt || payment.attempt.channelId !== channelId) return 'rejected';
    const contract = connector.capabilities(channelId);
    const settled = await settle.settle(payment, payment.attempt, notification.evidence, 'notification', contract);
    if (settled.kind === 'unwritten') return 'try_again';
    if (settled.kind === 'stayed' && settled.inquireInMs !== null) {
      await queue.add('inquiry', channelId, { paymentId: payment.id, version: payment.head.version });
    }
    return 'taken';
  }
}
