/**
 * A payment arrives: is it new, in time, and is there room? Then the service desk has it, and when it comes out the
 * decision is booked before the answer leaves. The order of the checks is the protocol's: a repeat is recognised before
 * it can be late or meet a full queue, because what was decided stays decided.
 */
import type { NewEntry } from '../books/entry';
import type { ChargeRecord, Row } from '../books/records';
import { answer, type Answer, chargeAnswer, type Reply } from '../protocol/answer';
import type { Fate } from '../protocol/fates';
import { type BehaviourName, BEHAVIOURS } from '#simulation';
import type { PayMessage } from '../protocol/messages';
import { bookCharge } from './booking';
import type { Channel, PayVisit } from './channel';
import { scheduleDecision, scheduleExpiry, schedulePayer } from './orders';
import { notifyCharge, notifyByPlan } from './tell';

const SOFT_CODES = ['91', '96'];

/** How long an open page stays open if the caller does not say, ms: what Chinese banks' pages usually allow. */
const ACTION_MS = 15 * 60_000;

/** Longest wait for an early notification to be delivered before the answer goes anyway, ms. */
const EARLY_NOTIFICATION_MS = 1_000;

export function pay(channel: Channel, message: PayMessage, receivedMs: number, reply: Reply): void {
  const { settings } = channel;
  const shut = channel.closedAnswer();
  if (shut !== null) return reply.send(shut);

  const known = repeated(channel, message);
  if (known !== null) return channel.answerAfterWrite(reply, known);

  const behaviour = channel.behaviourFor(message.instrument, message.reference);
  const fate: Fate = behaviour === null ? {} : channel.fateOf(behaviour);
  if (fate.firstArrival !== undefined && channel.arrival(message.reference) === 1) {
    return reply.send(answer('PENDING', '09', { reference: message.reference }), fate.firstArrival);
  }
  const visit: PayVisit = { message, receivedMs, behaviour, reply };
  if (settings.refusesLate && receivedMs > message.sendByMs) return refuse(channel, visit, '68', 0);
  if (fate.busy === true) {
    return channel.world.agenda.after(settings.capacity.busyAnswerMs, () => reply.send(busy(message.reference)));
  }
  const offered = channel.desk.offer(visit);
  if (offered.kind === 'admitted') channel.inside.set(message.reference, visit);
  else channel.world.agenda.after(offered.delayMs, () => reply.send(busy(message.reference)));
}

/** The desk is done with a payment: decide, book, answer. */
export function served(channel: Channel, visit: PayVisit, delayMs: number): void {
  const { message, behaviour } = visit;
  const { settings, world } = channel;
  if (channel.inside.get(message.reference) === visit) channel.inside.delete(message.reference);
  // A reversal was acknowledged while it waited inside.
  if (settings.cancelBlocksLatePay && channel.records.charge(message.reference)?.reversed === true) {
    return channel.answerAfterWrite(visit.reply, rejection(message, '17'), delayMs);
  }
  if (settings.refusesLate && world.wallMs() > message.sendByMs + settings.maxProcessingTimeMs) {
    return refuse(channel, visit, '68', delayMs);
  }
  if (behaviour === null) return refuse(channel, visit, '14', delayMs);
  const fate = channel.fateOf(behaviour);
  const waitMs = fate.slow === true ? delayMs + settings.slowMs : delayMs;
  if (channel.isGateway && !decidedAtCall(behaviour, fate)) return openOrder(channel, visit, behaviour, waitMs);
  if (fate.later !== undefined) return decideLater(channel, visit, behaviour, fate, waitMs);
  if (fate.reject !== undefined) {
    const soft = SOFT_CODES.includes(fate.reject) && !settings.softFinal;
    return refuse(channel, visit, fate.reject, waitMs, soft ? behaviour : undefined);
  }
  if (fate.payer === 'cancel') return refuse(channel, visit, '17', waitMs);
  book(channel, visit, fate, waitMs);
}

/** The answer to a repeat, a conflict or a canceled reference; null if this is a new instruction. */
function repeated(channel: Channel, message: PayMessage): Answer | null {
  const { dedupes, cancelBlocksLatePay } = channel.settings;
  const { reference } = message;
  const known: Row | undefined = channel.records.get(reference);
  if (known === undefined || (known.operation === 'charge' && known.state === 'NONE')) {
    if (known?.reversed === true && cancelBlocksLatePay) return rejection(message, '17');
    const inside = dedupes ? channel.inside.get(reference) : undefined;
    if (inside === undefined) return null;
    const money = { reference, amount_minor: message.amountMinor, currency: message.currency };
    return same(inside.message, message) ? answer('PENDING', '09', { ...money, duplicate: true }) : conflict(reference);
  }
  if (known.operation !== 'charge') return conflict(reference);
  if (!dedupes) return known.reversed && cancelBlocksLatePay ? rejection(message, '17') : null;
  const asked: Pick<PayMessage, 'amountMinor' | 'currency' | 'instrument'> = {
    amountMinor: known.asked?.amount_minor ?? known.amountMinor,
    currency: known.asked?.currency ?? known.currency,
    instrument: known.instrument,
  };
  if (!same(asked, message)) return conflict(reference);
  const first = known.reversed ? rejection(message, '17') : chargeAnswer(known, channel.actionUrl);
  return { ...first, fields: { ...first.fields, duplicate: true } };
}

function same(
  a: Pick<PayMessage, 'amountMinor' | 'currency' | 'instrument'>,
  b: Pick<PayMessage, 'amountMinor' | 'currency' | 'instrument'>,
): boolean {
  return a.amountMinor === b.amountMinor && a.currency === b.currency && a.instrument === b.instrument;
}

function book(channel: Channel, visit: PayVisit, fate: Fate, waitMs: number): void {
  const { world } = channel;
  const charge = bookCharge(channel, entryOf(channel, visit), fate);
  const ok = chargeAnswer(charge, channel.actionUrl);
  const isGateway = channel.isGateway;
  if (fate.notify === 'early') {
    const said = isGateway ? actionAnswer(channel, visit) : ok;
    let gone = false;
    const go = (): void => {
      if (!gone) channel.answerAfterWrite(visit.reply, said);
      gone = true;
    };
    world.agenda.after(EARLY_NOTIFICATION_MS, go);
    return notifyCharge(channel, charge, visit.message.notifyUrl, go);
  }
  channel.answerAfterWrite(visit.reply, ok, waitMs, fate.delivery);
  world.agenda.after(waitMs, () => notifyByPlan(channel, charge, visit.message.notifyUrl, fate.notify));
}

function refuse(channel: Channel, visit: PayVisit, code: string, waitMs: number, thenBooks?: BehaviourName): void {
  const entry = { ...entryOf(channel, visit), result: 'REJECT' as const, code };
  if (thenBooks === undefined) channel.world.ledger.write(entry);
  else {
    channel.world.ledger.write({ ...entry, ...later(channel, visit, thenBooks) });
    scheduleDecision(channel, visit.message.reference);
  }
  channel.answerAfterWrite(visit.reply, rejection(visit.message, code), waitMs);
}

function decideLater(channel: Channel, visit: PayVisit, behaviour: BehaviourName, fate: Fate, waitMs: number): void {
  const hidden = fate.later === 'hidden';
  channel.world.ledger.write({
    ...entryOf(channel, visit),
    ...later(channel, visit, behaviour),
    result: hidden ? 'TAKEN' : 'PENDING',
    code: '09',
  });
  scheduleDecision(channel, visit.message.reference);
  const charge = channel.records.charge(visit.message.reference) as ChargeRecord;
  channel.answerAfterWrite(
    visit.reply,
    chargeAnswer(charge, channel.actionUrl),
    waitMs,
    hidden ? 'silence' : fate.delivery,
  );
}

function openOrder(channel: Channel, visit: PayVisit, behaviour: BehaviourName, waitMs: number): void {
  const { message } = visit;
  const expiresAtMs = message.actionExpiresAtMs ?? visit.receivedMs + ACTION_MS;
  channel.world.ledger.write({
    ...entryOf(channel, visit),
    ...callbacks(message),
    action_expires_at: new Date(expiresAtMs).toISOString(),
    behaviour,
    result: 'ACTION',
    code: '1A',
  });
  const fate = channel.fateOf(behaviour);
  scheduleExpiry(channel, message.reference);
  if (fate.payer !== undefined) schedulePayer(channel, message.reference, fate.payer);
  channel.answerAfterWrite(visit.reply, actionAnswer(channel, visit), waitMs, fate.delivery);
}

function actionAnswer(channel: Channel, { message, receivedMs }: PayVisit): Answer {
  return answer('ACTION', '1A', {
    reference: message.reference,
    amount_minor: message.amountMinor,
    currency: message.currency,
    action_url: channel.actionUrl(message.reference),
    action_expires_at: new Date(message.actionExpiresAtMs ?? receivedMs + ACTION_MS).toISOString(),
  });
}

/** Gateway: is the charge itself decided when `pay` is called, without any page? */
function decidedAtCall(behaviour: BehaviourName, fate: Fate): boolean {
  const atCall = BEHAVIOURS.some(({ name, onGateway }) => name === behaviour && onGateway === 'call');
  return atCall && (fate.reject !== undefined || fate.notify === 'early');
}

function entryOf(channel: Channel, { message, receivedMs }: PayVisit): NewEntry {
  return {
    channel: channel.id,
    operation: 'charge',
    reference: message.reference,
    amount_minor: message.amountMinor,
    currency: message.currency,
    instrument: message.instrument,
    received_at: new Date(receivedMs).toISOString(),
    send_by: new Date(message.sendByMs).toISOString(),
    result: 'OK',
    code: '00',
  };
}

function later(channel: Channel, visit: PayVisit, behaviour: BehaviourName): Partial<NewEntry> {
  const dueMs = channel.world.wallMs() + channel.settings.lateMs;
  return { ...callbacks(visit.message), due_at: new Date(dueMs).toISOString(), behaviour };
}

function callbacks({ notifyUrl, returnUrl, description }: PayMessage): Partial<NewEntry> {
  return {
    ...(notifyUrl === null ? {} : { notify_url: notifyUrl }),
    ...(returnUrl === null ? {} : { return_url: returnUrl }),
    ...(description === '' ? {} : { description }),
  };
}

const rejection = (message: PayMessage, code: string): Answer =>
  answer('REJECT', code, {
    reference: message.reference,
    amount_minor: message.amountMinor,
    currency: message.currency,
  });

const busy = (reference: string): Answer => answer('BUSY', 'N1', { reference });

export const conflict = (reference: string): Answer => answer('CONFLICT', '94', { reference });
