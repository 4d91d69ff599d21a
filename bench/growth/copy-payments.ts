/**
 * Fills a journal with payments like those the product has just carried. Each row is a copy of a row that the product wrote; new are what
 * makes a payment itself (id, order number, key, reference, attempt, dispatch token), made by the product's own functions, and the times,
 * which keep their distances. Constraints, indexes, triggers, partitions and fill factors are those of the schema, since the copies go in by `insert`.
 *
 * Not as in life: rows come at once at their last version, so the dead versions that vacuum has cleared in life were never there.
 */
import type { MerchantId as Merchant } from '../../libs/domain/src/index.ts';
import type { Engines } from '../engines.ts';
import { domain, runtime } from '../product-libs.ts';

type Query = Engines['query'];

/** Rows sent at once: some MB, and a commit of a second. */
const CHUNK = 25_000;
/** Real payments that are copied in turn. */
const TEMPLATES = 64;
/** A payment that waits lives to the end of the run: a day, the longest a payment may. */
const WAITS_FOR = '23 hours';

/** `succeeded`: with all its rows. `queued`: as it was when it was accepted, with the follow-up that the sweeper keeps for it. */
export type Kind = 'succeeded' | 'queued';

/** Columns that are not copied, by table; `t` is the template's row, `p` its payment, `n` the names. */
const AFRESH: Readonly<Record<Kind, Readonly<Record<string, Readonly<Record<string, string>>>>>> = {
  succeeded: {
    payments: { ...named('id'), ...asked(), expires_at: moved('expires_at') },
    payment_heads: { ...named('payment_id'), bank_reference: 'n.reference', ...times('queued_at', 'updated_at') },
    attempts: {
      ...named('payment_id'),
      attempt_id: 'n.attempt_id',
      bank_reference: 'n.reference',
      dispatch_token: 'n.dispatch_token',
      ...times('dispatched_at', 'send_by', 'answer_by', 'settled_at'),
    },
    payment_events: { ...named('payment_id'), ...times('at') },
  },
  queued: {
    payments: { ...named('id'), ...asked(), expires_at: `now() + interval '${WAITS_FOR}'` },
    payment_heads: {
      ...named('payment_id'),
      bank_reference: 'n.reference',
      ...{ state: `'queued'`, version: '1', kept_leg: 'null', captured_minor: '0', reason: 'null' },
      ...{ queued_at: 'now()', updated_at: 'now()' },
    },
    payment_events: { ...named('payment_id'), ...times('at') },
  },
};

function named(column: string): Record<string, string> {
  return { [column]: 'n.id' };
}
function asked(): Record<string, string> {
  return { merchant_order_no: 'n.order_no', idempotency_key: 'n.order_no', shard: 'n.shard', accepted_at: 'now()' };
}
function times(...columns: readonly string[]): Record<string, string> {
  return Object.fromEntries(columns.map((column) => [column, moved(column)]));
}
function moved(column: string): string {
  return `t.${column} - p.accepted_at + now()`;
}

/** @param channelId of the payments that are copied; the product must have carried some over it */
export async function copyPayments(query: Query, kind: Kind, channelId: string | null, count: number): Promise<void> {
  await query(`create temp table if not exists names (ord int, id text, order_no text, reference text, attempt_id text,
    dispatch_token text, shard smallint)`);
  await query('drop table if exists templates');
  await query(
    `create temp table templates as select (row_number() over () - 1)::int as place, p.id, p.merchant_id, p.accepted_at
     from payments p join payment_heads h on h.payment_id = p.id
     where h.state = 'succeeded' and h.leg = 1 and p.merchant_id = (select min(merchant_id) from payments) and ($1::text is null or h.channel_id = $1) limit ${TEMPLATES}`,
    [channelId],
  );
  const [template] = await query('select merchant_id from templates');
  if (!template) throw new Error('The product has carried no payment yet that could be copied.');
  const copies: string[] = [];
  for (const [table, afresh] of Object.entries(AFRESH[kind])) copies.push(await insertOf(query, table, afresh, kind));
  let sent = Promise.resolve();
  for (let from = 0; from < count; from += CHUNK) {
    // Names are made while the chunk before is written.
    const names = namesOf(template['merchant_id'] as Merchant, from, Math.min(CHUNK, count - from));
    await sent;
    sent = write(query, names, copies, kind);
    // Heard below or in the next round; until then it is nobody's.
    sent.catch(() => undefined);
  }
  await sent;
}

/** What a journal of this size has behind it: an autovacuum, a checkpoint. */
export async function settleJournal(query: Query): Promise<void> {
  for (const table of ['payments', 'payment_heads', 'attempts', 'payment_events', 'follow_ups'])
    await query(`vacuum analyze ${table}`);
  await query('checkpoint');
}

async function insertOf(
  query: Query,
  table: string,
  afresh: Readonly<Record<string, string>>,
  kind: Kind,
): Promise<string> {
  const rows = await query(
    `select column_name::text as name from information_schema.columns
     where table_schema = 'public' and table_name = $1 and is_identity = 'NO' order by ordinal_position`,
    [table],
  );
  const columns = rows.map((row) => String(row['name']));
  const unknown = Object.keys(afresh).filter((column) => !columns.includes(column));
  if (unknown.length > 0) throw new Error(`The table ${table} has no column ${unknown.join(', ')} any more.`);
  const key = table === 'payments' ? 'id' : 'payment_id';
  const first = kind === 'queued' && table === 'payment_events' ? 'and t.version = 1' : '';
  return `insert into ${table} (${columns.join(', ')})
    select ${columns.map((column) => afresh[column] ?? `t.${column}`).join(', ')}
    from names n join templates p on p.place = n.ord % (select count(*)::int from templates)
    join ${table} t on t.${key} = p.id ${first}
    order by n.ord`;
}

async function write(
  query: Query,
  names: readonly (readonly unknown[])[],
  copies: readonly string[],
  kind: Kind,
): Promise<void> {
  await query('begin');
  try {
    await query('truncate names');
    await query(
      `insert into names select * from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::smallint[])`,
      names,
    );
    // As the sweeper would have: without it, it would visit them all.
    await query('select 1 from sweep_cursor for update');
    for (const copy of copies) await query(copy);
    if (kind === 'queued') {
      // Those that wait are looked at once a minute, one after the other.
      await query(
        `insert into follow_ups (payment_id, next_action_at, looks)
         select id, now() + random() * interval '60 seconds', 6 from names order by id`,
      );
    }
    await query('update sweep_cursor set visited_seq = (select max(accepted_seq) from payments)');
    await query('commit');
  } catch (error) {
    await query('rollback');
    throw error;
  }
}

let run = 0;

/** Columns of the table `names`. */
function namesOf(merchant: Merchant, from: number, count: number): readonly (readonly unknown[])[] {
  const { paymentReference, shardOf, SHARDS } = domain();
  const { systemNames: make } = runtime();
  if (from === 0) run += 1;
  const orders = Array.from({ length: count }, (_, at) => `filled-${process.pid}-${run}-${from + at}`);
  return [
    orders.map((_, at) => from + at),
    orders.map(() => make.paymentId()),
    orders,
    orders.map((order) => paymentReference(merchant, order, 1, make.sha256)),
    orders.map(() => make.attemptId()),
    orders.map(() => make.dispatchToken()),
    orders.map((order) => shardOf(merchant, order, SHARDS, make.sha256)),
  ];
}
