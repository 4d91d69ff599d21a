/** Banks' statements in PostgreSQL, and what the journal has under the same references. */
import { createHash } from 'node:crypto';
import type { ChannelId } from '#domain';
import { JournalUnavailable } from '#dispatch';
import type { ExpectedEntry, LoadedDay, Statement, StatementsBook, StoredLine } from '#dispatch';
import type { BankDay } from '#policy';
import type { ClientBase, Pool } from 'pg';
import { inTransaction } from './audit-chain';
import { ms } from './payment-row';

type CompleteStatement = Extract<Statement, { kind: 'complete' }>;

/** Lines per statement sent to PostgreSQL: about half a megabyte of JSON. References per look-up likewise. */
const CHUNK = 4_000;

export class PostgresStatementsBook implements StatementsBook {
  constructor(private readonly pool: Pool) {}

  load(channelId: ChannelId, statement: CompleteStatement): Promise<LoadedDay> {
    const digest = digestOf(statement);
    return inTransaction(this.pool, async (client) => {
      const { rows } = await client.query<{ closed: boolean; digest: string }>(
        'select closed, digest from statement_days where channel_id = $1 and day = $2 for update',
        [channelId, statement.date],
      );
      const known = rows[0];
      if (known?.digest === digest && known.closed === statement.closed) return 'same';
      await client.query('delete from statement_days where channel_id = $1 and day = $2', [channelId, statement.date]);
      await this.insert(client, channelId, statement, digest);
      if (!known) return 'new';
      return known.closed ? 'changed' : 'grown';
    });
  }

  async closedDays(channelId: ChannelId, from: BankDay, to: BankDay): Promise<ReadonlySet<BankDay>> {
    const days = await this.query<{ day: string }>(
      'select day::text from statement_days where channel_id = $1 and day between $2 and $3 and closed',
      [channelId, from, to],
    );
    return new Set(days.map(({ day }) => day));
  }

  lines(channelId: ChannelId, day: BankDay): Promise<readonly StoredLine[]> {
    return this.query<LineRow>(LINES, [channelId, day]).then((rows) => rows.map(lineOf));
  }

  async entriesOf(channelId: ChannelId, references: readonly string[]): Promise<readonly ExpectedEntry[]> {
    const found: ExpectedEntry[] = [];
    for (let from = 0; from < references.length; from += CHUNK) {
      const rows = await this.query<EntryRow>(ENTRIES, [channelId, references.slice(from, from + CHUNK)]);
      found.push(...rows.map(entryOf));
    }
    return found;
  }

  async unbooked(
    channelId: ChannelId,
    fromMs: number,
    beforeMs: number,
    limit: number,
  ): Promise<readonly ExpectedEntry[]> {
    const rows = await this.query<EntryRow>(UNBOOKED, [channelId, fromMs, beforeMs, limit]);
    return rows.map(entryOf);
  }

  private async insert(client: ClientBase, channelId: ChannelId, statement: CompleteStatement, digest: string) {
    const { date, closed, lines } = statement;
    const sum = lines.reduce((total, { operation, amount }) => total + SIGN[operation] * BigInt(amount.value), 0n);
    await client.query(
      'insert into statement_days (channel_id, day, closed, lines, sum_minor, digest) values ($1, $2, $3, $4, $5, $6)',
      [channelId, date, closed, lines.length, String(sum), digest],
    );
    for (let from = 0; from < lines.length; from += CHUNK) {
      const rows = lines.slice(from, from + CHUNK).map((line, index) => ({
        position: from + index + 1,
        operation: line.operation,
        reference: line.reference,
        original_reference: line.originalReference,
        amount_minor: line.amount.value,
        currency: line.amount.currency,
        bank_transaction_id: line.bankTransactionId,
        booked_at: line.bookedAt,
      }));
      await client.query(INSERT_LINES, [channelId, date, JSON.stringify(rows)]);
    }
  }

  private async query<R extends object>(text: string, values: readonly unknown[]): Promise<R[]> {
    try {
      return (await this.pool.query<R>(text, [...values])).rows;
    } catch (error) {
      throw new JournalUnavailable(error instanceof Error ? error.message : String(error));
    }
  }
}

/** Charges stand with a plus, what was given back with a minus. */
const SIGN = { charge: 1n, refund: -1n, reversal: -1n } as const;

function digestOf({ lines }: CompleteStatement): string {
  const digest = createHash('sha256');
  for (const line of lines) {
    const { operation, reference, originalReference, amount, bankTransactionId, bookedAt } = line;
    const cells = [operation, reference, originalReference, amount.value, amount.currency, bankTransactionId, bookedAt];
    digest.update(`${JSON.stringify(cells)}\n`);
  }
  return digest.digest('hex');
}

interface LineRow extends Omit<StoredLine, 'amount'> {
  readonly value: number;
  readonly currency: string;
}

function lineOf({ value, currency, ...line }: LineRow): StoredLine {
  return { ...line, amount: { value, currency } };
}

type EntryRow = Omit<ExpectedEntry, 'amount' | 'times'> &
  ExpectedEntry['times'] & { readonly value: number; readonly currency: string };

function entryOf({ value, currency, dispatchedAt, sendBy, actionExpiresAt, ...row }: EntryRow): ExpectedEntry {
  // The row's state is one of its table's, by that table's check.
  return { ...row, amount: { value, currency }, times: { dispatchedAt, sendBy, actionExpiresAt } } as ExpectedEntry;
}

const INSERT_LINES = `
insert into statement_lines
  (channel_id, day, position, operation, reference, original_reference, amount_minor, currency, bank_transaction_id, booked_at)
select $1, $2::date, r.position, r.operation, r.reference, r.original_reference, r.amount_minor, r.currency, r.bank_transaction_id,
  to_timestamp(r.booked_at / 1000)
from jsonb_to_recordset($3::jsonb) as r(position int, operation text, reference text, original_reference text, amount_minor bigint,
  currency text, bank_transaction_id text, booked_at float8)`;

const LINES = `
with own as materialized (
  select reference, original_reference, bank_transaction_id from statement_lines where channel_id = $1 and day = $2
), related as (
  select l.day, l.position from own o join statement_lines l on l.channel_id = $1 and l.reference = o.reference
  union select l.day, l.position from own o join statement_lines l on l.channel_id = $1 and l.original_reference = o.reference
  union select l.day, l.position from own o join statement_lines l on l.channel_id = $1 and l.reference = o.original_reference
  union select l.day, l.position from own o join statement_lines l on l.channel_id = $1 and l.bank_transaction_id = o.bank_transaction_id
)
select l.day::text as day, l.position, l.operation, l.reference, l.original_reference as "originalReference",
  l.amount_minor::float8 as value, l.currency, l.bank_transaction_id as "bankTransactionId", ${ms('l.booked_at')} as "bookedAt"
from related r join statement_lines l on l.channel_id = $1 and l.day = r.day and l.position = r.position
order by l.day, l.position`;

const CHARGES = `
select 'charge' as operation, a.payment_id as "paymentId", a.leg, a.bank_reference as reference, null::text as "originalReference",
  p.amount_minor::float8 as value, p.currency, a.state, ${ms('a.dispatched_at')} as "dispatchedAt", ${ms('a.send_by')} as "sendBy",
  ${ms('a.action_expires_at')} as "actionExpiresAt"
from attempts a join payments p on p.id = a.payment_id`;

const REFUNDS = `
select 'refund' as operation, r.payment_id as "paymentId", r.leg, r.bank_reference as reference, r.original_reference as "originalReference",
  r.amount_minor::float8 as value, r.currency, r.state, ${ms('coalesce(r.dispatched_at, r.created_at)')} as "dispatchedAt",
  ${ms('coalesce(r.settled_at, r.send_by, r.updated_at)')} as "sendBy", null::float8 as "actionExpiresAt"
from refunds r`;

/** A reversal undoes its whole attempt, and may be booked until the bank has acknowledged it. */
const REVERSALS = `
select 'reversal' as operation, v.payment_id as "paymentId", v.leg, v.bank_reference as reference, v.original_reference as "originalReference",
  p.amount_minor::float8 as value, p.currency, v.state, ${ms('v.requested_at')} as "dispatchedAt",
  ${ms('coalesce(v.settled_at, v.requested_at)')} as "sendBy", null::float8 as "actionExpiresAt"
from reversals v join payments p on p.id = v.payment_id`;

const ENTRIES = `
${CHARGES} where a.bank_reference = any ($2) and a.channel_id = $1
union all ${REFUNDS} where r.bank_reference = any ($2) and r.channel_id = $1
union all ${REVERSALS} where v.bank_reference = any ($2) and v.channel_id = $1`;

const sentBetween = (column: string): string =>
  `${column} >= to_timestamp($2::float8 / 1000) and ${column} < to_timestamp($3::float8 / 1000)`;
const notBooked = (reference: string, operation: string): string => `not exists (select from statement_lines l
  where l.channel_id = $1 and l.reference = ${reference} and l.operation = '${operation}')`;

const UNBOOKED = `
select * from (
  ${CHARGES} where a.channel_id = $1 and ${sentBetween('a.dispatched_at')} and a.state not in ('declined', 'not_sent', 'reversed')
    and ${notBooked('a.bank_reference', 'charge')}
  union all ${REFUNDS} where r.channel_id = $1 and ${sentBetween('r.created_at')} and r.state = 'succeeded'
    and ${notBooked('r.bank_reference', 'refund')}
  union all ${REVERSALS} where v.channel_id = $1 and ${sentBetween('v.requested_at')} and v.state = 'acknowledged'
    and exists (select from statement_lines c where c.channel_id = $1 and c.reference = v.original_reference and c.operation = 'charge')
    and ${notBooked('v.bank_reference', 'reversal')}
) e order by "dispatchedAt" limit $4`;
