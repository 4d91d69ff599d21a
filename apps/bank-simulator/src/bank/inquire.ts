/** What became of a reference, as far as this bank says? */
import { answer, type Answer, chargeAnswer, type Reply, undoAnswer } from '../protocol/answer';
import type { Channel } from './channel';
import { inSideLane } from './side-lane';

export function inquire(channel: Channel, reference: string, reply: Reply): void {
  inSideLane(channel, reference, reply, () => chargeState(channel, reference));
}

export function inquireRefund(channel: Channel, reference: string, reply: Reply): void {
  inSideLane(channel, reference, reply, () => {
    const row = channel.records.get(reference);
    return row === undefined || row.operation === 'charge' ? notFound(reference) : undoAnswer(row);
  });
}

/** A payment in the bank's own queue, or taken without a word, is *not found*: that is why not found is not "not charged". */
export function chargeState(channel: Channel, reference: string): Answer {
  const charge = channel.records.charge(reference);
  if (charge === undefined || (charge.state === 'NONE' && !charge.reversed)) return notFound(reference);
  if (charge.reversed) {
    const { amountMinor: amount_minor, currency, reversedMinor: reversed_minor } = charge;
    const money = charge.state === 'NONE' ? {} : { amount_minor, currency };
    return answer('REVERSED', '17', { reference, ...money, reversed_minor });
  }
  if (charge.state === 'TAKEN') return notFound(reference);
  if (charge.state !== 'OK') return chargeAnswer(charge, channel.actionUrl);
  if (channel.world.wallMs() < charge.bookedMs + channel.settings.inquiryLagMs) return notFound(reference);
  const ok = chargeAnswer(charge, channel.actionUrl);
  return { ...ok, fields: { ...ok.fields, refunded_minor: charge.refundedMinor } };
}

const notFound = (reference: string): Answer => answer('NOT_FOUND', '25', { reference });
