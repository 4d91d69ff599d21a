/** Which news goes to the caller's `notify_url`, how often and in which order? */
import { randomUUID } from 'node:crypto';
import type { ChargeRecord, UndoRecord } from '../books/records';
import { answer, type Answer, bodyOf, chargeAnswer, undoAnswer } from '../protocol/answer';
import type { NotifyPlan } from '../protocol/fates';
import type { Channel } from './channel';

/** Tells how a charge was decided; does nothing without a URL. `onFirst` is called after the first delivery, good or bad. */
export function notifyCharge(
  channel: Channel,
  charge: ChargeRecord,
  url: string | null,
  onFirst: () => void = () => {},
): void {
  if (url === null) onFirst();
  else send(channel, 'payment', chargeAnswer(charge, channel.actionUrl), url, onFirst);
}

export function notifyRefund(channel: Channel, refund: UndoRecord): void {
  if (refund.notifyUrl !== null) send(channel, 'refund', undoAnswer(refund), refund.notifyUrl);
}

/** The disorderly ways of telling; without a plan nothing is told, since the answer said it. */
export function notifyByPlan(
  channel: Channel,
  charge: ChargeRecord,
  url: string | null,
  plan: NotifyPlan | undefined,
): void {
  if (url === null || plan === undefined || plan === 'early') return;
  const { agenda } = channel.world;
  const truth = chargeAnswer(charge, channel.actionUrl);
  const money = { reference: charge.reference, amount_minor: charge.amountMinor, currency: charge.currency };
  switch (plan) {
    case 'duplicate': {
      const body = notification(channel, 'payment', truth);
      for (let copy = 0; copy < 3; copy += 1) deliver(channel, url, body);
      return;
    }
    case 'late':
      return agenda.after(channel.settings.lateMs, () => send(channel, 'payment', truth, url));
    case 'after_1s':
      return agenda.after(1_000, () => send(channel, 'payment', truth, url));
    case 'out_of_order':
      return send(channel, 'payment', truth, url, () => send(channel, 'payment', answer('PENDING', '09', money), url));
    case 'contradicting':
      if (!channel.isGateway) return send(channel, 'payment', answer('REJECT', '05', money), url);
      return send(channel, 'payment', truth, url, () => send(channel, 'payment', answer('REJECT', '05', money), url));
  }
}

function send(channel: Channel, event: string, what: Answer, url: string, onFirst: () => void = () => {}): void {
  deliver(channel, url, notification(channel, event, what), onFirst);
}

function deliver(channel: Channel, url: string, body: string, onFirst: () => void = () => {}): void {
  // Never tell what is not in the book.
  channel.world.ledger.afterWrite(() => channel.world.notifier.deliver(url, body, onFirst));
}

function notification(channel: Channel, event: string, what: Answer): string {
  return JSON.stringify({ notification_id: `ntf_${randomUUID()}`, event, channel: channel.id, ...bodyOf(what) });
}
