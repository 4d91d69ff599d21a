/** Giving money back: a reversal undoes a payment whose fate its caller does not know; a refund returns part of one that stands. */
import type { NewEntry } from '../books/entry';
import type { ChargeRecord, UndoRecord } from '../books/records';
import { type Answer, answer, type Reply, undoAnswer } from '../protocol/answer';
import { type Delivery, type Fate, FATES } from '../protocol/fates';
import type { RefundMessage, ReverseMessage } from '../protocol/messages';
import type { Channel } from './channel';
import { chargeState } from './inquire';
import { conflict } from './pay';
import { inSideLane } from './side-lane';
import { notifyRefund } from './tell';

/** How often a `reversal_busy` instrument is busy before its reversal goes through. */
const BUSY_REVERSALS = 3;

export function reverse(channel: Channel, message: ReverseMessage, receivedMs: number, reply: Reply): void {
  inSideLane(channel, message.reference, reply, () => decideReversal(channel, message, receivedMs));
}

export function refund(channel: Channel, message: RefundMessage, receivedMs: number, reply: Reply): void {
  inSideLane(channel, message.reference, reply, () => decideRefund(channel, message, receivedMs));
}

function decideReversal(channel: Channel, message: ReverseMessage, receivedMs: number): Answer {
  const { reference, originalReference } = message;
  const known = channel.records.get(reference);
  if (known !== undefined || channel.inside.has(reference)) {
    const same = known?.operation === 'reversal' && known.originalReference === originalReference;
    return same ? again(known) : conflict(reference);
  }
  const original = channel.records.get(originalReference);
  const charge = original?.operation === 'charge' ? original : undefined;
  const fate = fateOf(channel, charge);
  if (fate.reversal === 'busy' && channel.arrival(`reversal of ${originalReference}`) <= BUSY_REVERSALS) {
    return answer('BUSY', 'N1', { reference });
  }
  const standing = charge?.state === 'OK' && !charge.reversed;
  const line: NewEntry = {
    channel: channel.id,
    operation: 'reversal',
    reference,
    original_reference: originalReference,
    amount_minor: standing ? charge.amountMinor : 0,
    currency: charge?.currency ? charge.currency : 'XXX', // ISO 4217's code for "no currency": nothing was there
    received_at: new Date(receivedMs).toISOString(),
    original_result: chargeState(channel, originalReference).word,
    result: 'OK',
    code: '00',
  };
  const refunded = standing && charge.refundedMinor + charge.refundHeldMinor > 0;
  const foreign = original !== undefined && original.operation !== 'charge';
  if (fate.reversal === 'reject' || refunded || foreign)
    return write(channel, { ...line, result: 'REJECT', code: '12' });
  return write(channel, { ...line, booked_at: new Date(channel.world.wallMs()).toISOString() });
}

function decideRefund(
  channel: Channel,
  message: RefundMessage,
  receivedMs: number,
): Answer | { answer: Answer; delivery: Delivery } {
  const { reference, originalReference } = message;
  const known = channel.records.get(reference);
  if (known !== undefined || channel.inside.has(reference)) {
    const same =
      known?.operation === 'refund' &&
      known.originalReference === originalReference &&
      known.amountMinor === message.amountMinor &&
      known.currency === message.currency;
    return same ? again(known) : conflict(reference);
  }
  const charge = channel.records.charge(originalReference);
  const fate = fateOf(channel, charge);
  const line: NewEntry = {
    channel: channel.id,
    operation: 'refund',
    reference,
    original_reference: originalReference,
    amount_minor: message.amountMinor,
    currency: message.currency,
    received_at: new Date(receivedMs).toISOString(),
    ...(message.notifyUrl === null ? {} : { notify_url: message.notifyUrl }),
    result: 'OK',
    code: '00',
  };
  const refusal = refundRefusal(charge, message, fate);
  if (refusal !== null) return write(channel, { ...line, result: 'REJECT', code: refusal });
  if (fate.refund === 'pending') {
    const dueMs = channel.world.wallMs() + channel.settings.lateMs;
    const said = write(channel, { ...line, due_at: new Date(dueMs).toISOString(), result: 'PENDING', code: '09' });
    scheduleRefund(channel, reference);
    return said;
  }
  const said = write(channel, { ...line, booked_at: new Date(channel.world.wallMs()).toISOString() });
  return fate.refund === 'lost_answer' ? { answer: said, delivery: 'reset' } : said;
}

function refundRefusal(charge: ChargeRecord | undefined, message: RefundMessage, fate: Fate): string | null {
  if (charge === undefined || charge.state === 'NONE' || charge.state === 'TAKEN') return '25';
  if (charge.state !== 'OK' || charge.reversed || charge.currency !== message.currency) return '12';
  if (fate.refund === 'reject') return '12';
  const left = charge.amountMinor - charge.refundedMinor - charge.refundHeldMinor;
  return message.amountMinor > left ? '61' : null;
}

/** A pending refund is done when due, also after a restart. */
export function scheduleRefund(channel: Channel, reference: string): void {
  const row = channel.records.get(reference);
  if (row?.operation !== 'refund' || row.state !== 'PENDING' || row.dueAtMs === null) return;
  channel.world.agenda.after(Math.max(0, row.dueAtMs - channel.world.wallMs()), () => {
    const now = channel.records.get(reference);
    if (now?.operation !== 'refund' || now.state !== 'PENDING') return;
    write(channel, {
      channel: channel.id,
      operation: 'refund',
      reference,
      original_reference: now.originalReference,
      amount_minor: now.amountMinor,
      currency: now.currency,
      received_at: now.receivedAt,
      ...(now.notifyUrl === null ? {} : { notify_url: now.notifyUrl }),
      booked_at: new Date(channel.world.wallMs()).toISOString(),
      result: 'OK',
      code: '00',
    });
    notifyRefund(channel, channel.records.get(reference) as UndoRecord);
  });
}

/** After a restart: refunds that were promised before it. */
export function resumeRefunds(channel: Channel): void {
  for (const row of channel.records.all()) if (row.operation === 'refund') scheduleRefund(channel, row.reference);
}

function fateOf(channel: Channel, charge: ChargeRecord | undefined): Fate {
  const behaviour = charge === undefined ? null : channel.behaviourFor(charge.instrument, charge.reference);
  return behaviour === null ? {} : FATES[behaviour];
}

function write(channel: Channel, line: NewEntry): Answer {
  channel.world.ledger.write(line);
  return undoAnswer(channel.records.get(line.reference) as UndoRecord);
}

function again(undo: UndoRecord): Answer {
  const first = undoAnswer(undo);
  return { ...first, fields: { ...first.fields, duplicate: true } };
}
