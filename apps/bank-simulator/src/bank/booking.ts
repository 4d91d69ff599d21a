/** Puts a charge in the book: as asked, or as its fate bends it. */
import type { NewEntry } from '../books/entry';
import type { ChargeRecord } from '../books/records';
import type { Fate } from '../protocol/fates';
import type { Channel } from './channel';

/** Writes the charge of `entry` as booked now. The answer or notification must wait for `ledger.afterWrite`. */
export function bookCharge(channel: Channel, entry: NewEntry, fate: Fate): ChargeRecord {
  const asked = entry.asked ?? { amount_minor: entry.amount_minor, currency: entry.currency };
  const bent = fate.wrong === undefined ? {} : { asked };
  channel.world.ledger.write({
    ...entry,
    amount_minor: asked.amount_minor + (fate.wrong === 'amount' ? 1 : 0),
    currency: fate.wrong === 'currency' ? (asked.currency === 'USD' ? 'EUR' : 'USD') : asked.currency,
    ...bent,
    booked_at: new Date(channel.world.wallMs()).toISOString(),
    result: 'OK',
    code: '00',
  });
  return channel.records.charge(entry.reference) as ChargeRecord;
}
