/**
 * What did the bank book on a day? Read from the ledger file, never from memory of the requests, in order of booking.
 * A day is the bank's day in China: UTC+8 all year.
 */
import type { Ledger } from '../books/ledger';
import type { Statement, StatementLine } from './bookings-of-day';
import { camt053 } from './camt053';
import { csv } from './csv';

const CHINA_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

export function isBankDay(day: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(`${day}T00:00:00.000Z`));
}

/** The statement of one channel and day in one of the two formats. */
export async function statementOf(
  ledger: Ledger,
  channel: string,
  day: string,
  format: 'csv' | 'camt053',
  nowMs: number,
): Promise<{ contentType: string; text: string }> {
  const fromMs = Date.parse(`${day}T00:00:00.000Z`) - CHINA_OFFSET_MS;
  const lines: StatementLine[] = [];
  for await (const { entry } of ledger.read()) {
    if (entry.channel !== channel || entry.result !== 'OK' || entry.booked_at === undefined) continue;
    const bookedMs = Date.parse(entry.booked_at);
    if (bookedMs < fromMs || bookedMs >= fromMs + DAY_MS) continue;
    if (entry.amount_minor === 0) continue; // a reversal that had nothing to undo moved no money
    lines.push({ entry, signedMinor: entry.operation === 'charge' ? entry.amount_minor : -entry.amount_minor });
  }
  const statement: Statement = {
    channel,
    day,
    currency: 'CNY',
    closed: nowMs >= fromMs + DAY_MS,
    lines,
    sumMinor: lines.reduce((sum, line) => sum + line.signedMinor, 0),
  };
  return format === 'csv'
    ? { contentType: 'text/csv; charset=utf-8', text: csv(statement) }
    : { contentType: 'application/xml; charset=utf-8', text: camt053(statement) };
}
