/**
 * Reads a day's statement (CSV, docs/bank-protocol.md section 4): header, lines in order of booking, trailer with count and sum.
 *
 * All or nothing: one line that does not read, a gap in the numbering or a trailer that disagrees makes the whole file unusable. A
 * statement with a hole would prove an absence that is none.
 */
import type { EpochMs } from '#domain';
import { isCurrency } from '#domain';
import type { Statement, StatementLine } from '#dispatch';

const OPERATIONS = { charge: 1, refund: -1, reversal: -1 } as const;

/** @param date the bank day asked for; a file about another day or channel is unusable */
export function parseRestStatement(text: string, channelId: string, date: string): Statement {
  const rows = text.split(/\r?\n/);
  if (rows.at(-1) === '') rows.pop();
  const head = rows.shift()?.split(',') ?? [];
  const tail = rows.pop()?.split(',') ?? [];
  if (head[0] !== 'H' || head[1] !== '1' || head.length !== 6)
    return unusable('the header is missing or of another version');
  if (head[2] !== channelId || head[3] !== date) return unusable(`it is about ${head[2]} on ${head[3]}`);
  if (head[5] !== 'open' && head[5] !== 'closed') return unusable('the header does not say whether the day is closed');
  if (tail[0] !== 'T' || tail.length !== 3) return unusable('the trailer is missing: the file was cut off');
  const lines: StatementLine[] = [];
  // Sums of a day pass 2^53 at ten thousand of the largest amounts.
  let sum = 0n;
  for (const [index, row] of rows.entries()) {
    const read = readLine(row, index + 1);
    if (typeof read === 'string') return unusable(`line ${index + 1}: ${read}`);
    lines.push(read);
    sum += BigInt(OPERATIONS[read.operation]) * BigInt(read.amount.value);
  }
  if (tail[1] !== String(lines.length))
    return unusable(`the trailer counts ${tail[1]}, the file has ${lines.length} lines`);
  if (tail[2] !== String(sum)) return unusable(`the trailer sums to ${tail[2]}, the lines to ${sum}`);
  return { kind: 'complete', date, closed: head[5] === 'closed', lines };
}

function readLine(row: string, number: number): StatementLine | string {
  const fields = row.split(',');
  const [kind, position, operation, reference, original, amount, currency, bankTransactionId, bookedAt] = fields;
  if (kind !== 'D' || fields.length !== 9) return 'not a line of nine fields';
  if (position !== String(number)) return `numbered ${position}`;
  if (operation !== 'charge' && operation !== 'refund' && operation !== 'reversal') return 'unknown operation';
  if (!reference || !bankTransactionId) return 'no reference or no transaction id';
  // Charges stand with a plus, what was given back with a minus.
  const magnitude = OPERATIONS[operation] === 1 ? amount : amount?.slice(1);
  if (OPERATIONS[operation] === -1 && amount?.[0] !== '-') return 'the sign does not fit the operation';
  if (!/^[1-9][0-9]{0,14}$/.test(magnitude ?? '')) return 'the amount is not a whole number of minor units';
  if (!isCurrency(currency)) return 'the currency is not in ISO 4217';
  const booked: EpochMs = Date.parse(bookedAt ?? '');
  if (Number.isNaN(booked)) return 'the booking time does not read';
  return {
    operation,
    reference,
    originalReference: original || null,
    amount: { value: Number(magnitude), currency },
    bankTransactionId,
    bookedAt: booked,
  };
}

function unusable(reason: string): Statement {
  return { kind: 'unusable', reason: `The statement is not usable: ${reason}` };
}
