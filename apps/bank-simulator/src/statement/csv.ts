/** The statement as Chinese banks send it (对账单): a head, one line per booking, a trailer with count and sum. */
import type { Statement } from './bookings-of-day';

/** No cell can hold a comma or a quote: references, codes and times have none. */
export function csv({ channel, day, currency, closed, lines, sumMinor }: Statement): string {
  const details = lines.map(({ entry: e, signedMinor }, index) =>
    [
      'D',
      index + 1,
      e.operation,
      e.reference,
      e.original_reference ?? '',
      signedMinor,
      e.currency,
      e.bank_transaction_id,
      e.booked_at,
    ].join(','),
  );
  const head = `H,1,${channel},${day},${currency},${closed ? 'closed' : 'open'}`;
  return `${[head, ...details, `T,${lines.length},${sumMinor}`].join('\n')}\n`;
}
