// A journal that is at work is brought to this version: what was accepted, charged and limited before stays as it was.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { settleByPersons } from '#policy';
import type { PaymentId } from '#domain';
import { TEST_CHANNEL, createTestDatabase, silentLog, type TestDatabase } from '#testing';
import { Client } from 'pg';
import { migrate } from './migrate';
import { createPostgres } from './postgres';

const FOLDER = join(__dirname, 'migrations');
/** The last one before operators' orders, two persons and suggestions. */
const BEFORE = '0005-operation-keys.sql';

let database: TestDatabase;
let sql: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  sql = new Client({ connectionString: database.url });
  await sql.connect();
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.sql') && name <= BEFORE);
  await sql.query(
    'create table schema_migrations (name text primary key, applied_at timestamptz not null default now())',
  );
  for (const name of files.sort()) {
    await sql.query(readFileSync(join(FOLDER, name), 'utf8'));
    await sql.query('insert into schema_migrations (name) values ($1)', [name]);
  }
  await sql.query(ROWS);
});

afterAll(async () => {
  await sql.end();
  await database.drop();
});

it('keeps payments readable, limits in force, and gives an open integrity failure back to people', async () => {
  expect(await migrate(database.url)).toHaveLength(readdirSync(FOLDER).length - 5);
  const postgres = await createPostgres({
    ...{ databaseUrl: database.url, applicationName: 'spec', site: 'a', log: silentLog },
    monotonicMs: () => performance.now(),
  });
  try {
    // The operator's second revision, lowered to nothing, is still the one in force, and the first is the contract.
    expect(postgres.channels.get(TEST_CHANNEL)).toMatchObject({
      limits: { revision: 2, inFlightMax: 0 },
      contract: { inFlightMax: 10 },
    });
    const queued = await postgres.journal.read('pay_1' as PaymentId);
    expect(queued).toMatchObject({ acceptance: null, head: { state: 'queued', version: 1 } });
    expect(await postgres.journal.findByKey(queued!.merchantId, 'key-1')).toMatchObject({ id: 'pay_1' });
    const { items } = await postgres.worklist.list(true, null, 10);
    expect(items).toMatchObject([{ kind: 'integrity_failure', subject: 'pay_2/1' }]);
    const { id } = items[0]!;
    const draft = { outcome: 'declined', bankTransactionId: null, note: 'taken back' } as const;
    const proposed = await postgres.worklist.propose(id, 'Li Wei', draft);
    const number = proposed.outcome === 'proposed' ? proposed.item.proposal!.id : 0;
    const approved = await postgres.worklist.approve(id, number, 'Chen Jing', 'seen', settleByPersons);
    expect(approved.outcome).toBe('approved');
    expect((await postgres.journal.read('pay_2' as PaymentId))!.head.state).toBe('failed');
  } finally {
    await postgres.close();
  }
});

const ROWS = `
insert into merchants (id, name) values ('mer_1', 'One');
insert into banks values ('icbc', '工', 'ICBC');
insert into channels (id, bank_id, product, connector, currencies) values ('${TEST_CHANNEL}', 'icbc', 'quickpay', 'rest', '{CNY}');
insert into channel_lines values ('${TEST_CHANNEL}', 'l1', 'http://127.0.0.1:9');
insert into channel_limits
select '${TEST_CHANNEL}', revision, 100, 10, ceiling, 2000, 1000, 1, 1000000, 'op', 'test', now() - interval '1 hour' / revision
from (values (1, 10), (2, 0)) as r (revision, ceiling);
insert into payments (id, merchant_id, merchant_order_no, idempotency_key, fingerprint, amount_minor, currency, instruments, routing_mode,
  on_decline, payer_cohort, tier, shard, expires_at, metadata)
select 'pay_' || n, 'mer_1', 'order-' || n, 'key-' || n, 'f', 100, 'CNY', '[]', 'suggest', 'fail', 1, 1, 1, now() + interval '1 hour', '{}'
from generate_series(1, 2) n;
insert into payment_heads (payment_id, state, version, leg, channel_id, instrument_token, bank_reference, limit_revision, queued_at, updated_at)
values ('pay_1', 'queued', 1, 1, '${TEST_CHANNEL}', 'tok_1', 'REF1', 1, now(), now()),
  ('pay_2', 'unknown', 3, 1, '${TEST_CHANNEL}', 'tok_1', 'REF2', 1, now(), now());
insert into attempts (payment_id, leg, attempt_id, channel_id, instrument_token, bank_reference, state, epoch, dispatch_token, dispatched_at,
  send_by, answer_by, bank_transaction_id)
values ('pay_2', 1, 'att_2', '${TEST_CHANNEL}', 'tok_1', 'REF2', 'integrity_failure', 1, 'd', now(), now(), now(), 'TX-WRONG');
insert into worklist (kind, subject, payment_id, leg, channel_id, facts, settled_at, settled_by, note)
values ('integrity_failure', 'pay_2/1', 'pay_2', 1, '${TEST_CHANNEL}', '{}', now(), 'Li Wei', 'settled by one person, as it was before');`;
