/**
 * What happens to a payment after its call was answered? The payer presses a button on the gateway page, the page
 * expires, or a decision that was put off falls due. Each ends in one booked line and one notification.
 */
import type { NewEntry } from '../books/entry';
import type { ChargeRecord, Order } from '../books/records';
import { bookCharge } from './booking';
import type { Channel } from './channel';
import { notifyByPlan, notifyCharge } from './tell';

export type Button = 'pay' | 'cancel';

/** Presses a button for the payer. An order that is no longer open stays as it is. */
export function press(channel: Channel, reference: string, button: Button): ChargeRecord | undefined {
  const charge = openOrder(channel, reference);
  if (charge === null) return channel.records.charge(reference);
  const { order, record } = charge;
  if (channel.world.wallMs() >= order.expiresAtMs) return close(channel, record, order, '68');
  if (button === 'cancel') return close(channel, record, order, '17');
  const fate = channel.fateOf(order.behaviour);
  if (fate.later !== undefined) {
    const dueMs = channel.world.wallMs() + channel.settings.lateMs;
    channel.world.ledger.write({
      ...entryOf(channel, record, order),
      ...(order.notifyUrl === null ? {} : { notify_url: order.notifyUrl }),
      due_at: new Date(dueMs).toISOString(),
      behaviour: order.behaviour,
      result: fate.later === 'hidden' ? 'TAKEN' : 'PENDING',
      code: '09',
    });
    scheduleDecision(channel, reference);
    return channel.records.charge(reference);
  }
  if (fate.reject !== undefined) return close(channel, record, order, fate.reject);
  const booked = bookCharge(channel, entryOf(channel, record, order), fate);
  if (fate.notify === undefined) notifyCharge(channel, booked, order.notifyUrl);
  else notifyByPlan(channel, booked, order.notifyUrl, fate.notify);
  return booked;
}

export function scheduleExpiry(channel: Channel, reference: string): void {
  const found = openOrder(channel, reference);
  if (found === null || found.order.expiresAtMs === Infinity) return;
  const leftMs = Math.max(0, found.order.expiresAtMs - channel.world.wallMs());
  channel.world.agenda.after(leftMs, () => {
    const still = openOrder(channel, reference);
    if (still === null) return;
    // The heap runs on the monotonic clock and the promise on the wall clock: if they parted, look again.
    if (channel.world.wallMs() < still.order.expiresAtMs) scheduleExpiry(channel, reference);
    else close(channel, still.record, still.order, '68');
  });
}

export function schedulePayer(channel: Channel, reference: string, button: Button): void {
  channel.world.agenda.after(channel.settings.payerDelayMs, () => press(channel, reference, button));
}

/** A decision that was put off is made when it is due, also after a restart. */
export function scheduleDecision(channel: Channel, reference: string): void {
  const order = channel.records.charge(reference)?.order;
  if (order?.dueAtMs === null || order?.dueAtMs === undefined) return;
  channel.world.agenda.after(Math.max(0, order.dueAtMs - channel.world.wallMs()), () => decide(channel, reference));
}

/** After a restart: everything that was promised before it. */
export function resumeOrders(channel: Channel): void {
  for (const row of channel.records.all()) {
    if (row.operation !== 'charge' || row.order === null) continue;
    if (row.order.dueAtMs !== null) scheduleDecision(channel, row.reference);
    else if (row.state === 'ACTION') {
      scheduleExpiry(channel, row.reference);
      const { payer } = channel.fateOf(row.order.behaviour);
      if (payer !== undefined) schedulePayer(channel, row.reference, payer);
    }
  }
}

function decide(channel: Channel, reference: string): void {
  const record = channel.records.charge(reference);
  const order = record?.order ?? null;
  if (record === undefined || order === null || order.dueAtMs === null || record.state === 'OK') return;
  if (record.reversed && channel.settings.cancelBlocksLatePay) return;
  const fate = channel.fateOf(order.behaviour);
  // A soft refusal that was not final has been said already; what is due now is the charge behind it.
  if (fate.reject !== undefined && record.state !== 'REJECT') close(channel, record, order, fate.reject);
  else notifyCharge(channel, bookCharge(channel, entryOf(channel, record, order), fate), order.notifyUrl);
}

function close(channel: Channel, record: ChargeRecord, order: Order, code: string): ChargeRecord {
  channel.world.ledger.write({ ...entryOf(channel, record, order), result: 'REJECT', code });
  const closed = channel.records.charge(record.reference) as ChargeRecord;
  notifyCharge(channel, closed, order.notifyUrl);
  return closed;
}

function openOrder(channel: Channel, reference: string): { record: ChargeRecord; order: Order } | null {
  const record = channel.records.charge(reference);
  if (record === undefined || record.state !== 'ACTION' || record.order === null || record.reversed) return null;
  return { record, order: record.order };
}

function entryOf(channel: Channel, record: ChargeRecord, order: Order): NewEntry {
  return {
    channel: channel.id,
    operation: 'charge',
    reference: record.reference,
    amount_minor: record.amountMinor,
    currency: record.currency,
    instrument: record.instrument,
    received_at: order.receivedAt,
    send_by: order.sendBy,
    result: 'OK',
    code: '00',
  };
}
