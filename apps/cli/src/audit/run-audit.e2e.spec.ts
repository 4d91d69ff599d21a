// The audit against the real product: it passes what was carried out properly, and finds what somebody removed from the journal.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, createTestRedis, type RunningProduct, startProduct, type TestDatabase } from '#testing';
import { Client } from 'pg';
import { runAudit } from './run-audit';

let database: TestDatabase;
let product: RunningProduct;
const log = mkdtempSync(join(tmpdir(), 'sluice-client-log-'));

beforeAll(async () => {
  database = await createTestDatabase();
  const redis = await createTestRedis();
  product = await startProduct({ databaseUrl: database.url, redisUrl: redis.url });
});

afterAll(async () => {
  await product.end();
  await database.drop();
  rmSync(log, { recursive: true });
});

/** Posts a payment, and writes the client's log as k6 does. */
async function pay(n: number, token: string): Promise<string> {
  const body = {
    merchant_order_no: `audited-${n}`,
    amount: { value: 100 + n, currency: 'CNY' },
    payment_method: { token },
    on_decline: 'fail',
  };
  const answer = await fetch(`${product.urls.api}/v1/payments`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${product.keys.merchant}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': `audited-key-${n}`,
    },
    body: JSON.stringify(body),
  });
  const { id, status } = (await answer.json()) as { id: string; status: string };
  const line = {
    ...{
      kind: 'post',
      at: Date.now(),
      key: `audited-key-${n}`,
      order: `audited-${n}`,
      hash: String(n),
      value: 100 + n,
    },
    ...{
      currency: 'CNY',
      token,
      status: answer.status,
      code: null,
      accepted: answer.status === 202,
      payment: id,
      state: status,
    },
  };
  writeFileSync(join(log, 'client.ndjson'), `${JSON.stringify(line)}\n{"kind":"end"}\n`, { flag: 'a' });
  return id;
}

const audit = () =>
  runAudit({
    journalUrl: database.url,
    bankUrl: product.urls.bank_simulator,
    clientLogs: [log],
    waitS: 60,
    say: () => undefined,
  });

it('finds the books of a few payments in order, lost answers included', async () => {
  const fates = ['ok', 'insufficient_funds', 'lost_answer', 'reset', 'garbage', 'ok'];
  for (const [n, fate] of fates.entries()) await pay(n, product.tokens[fate] ?? '');
  await pay(fates.length, product.tokens['balance'] ?? '');
  writeFileSync(join(log, 'client.json'), JSON.stringify({ merchant_id: 'mer_sandbox', journal: null, payments: 7 }));

  const { report } = await audit();
  expect(report.examples).toEqual([]);
  expect(report).toMatchObject({ ok: true, payments: 7, clientRequests: 7, byStanding: { final: 7 } });
});

it('finds a payment that vanished from the journal in every book that still knows it', async () => {
  const id = await pay(7, product.tokens['ok'] ?? '');
  writeFileSync(join(log, 'client.json'), JSON.stringify({ merchant_id: 'mer_sandbox', journal: null, payments: 8 }));
  expect((await audit()).report.ok).toBe(true);

  const sql = new Client({ connectionString: database.url });
  await sql.connect();
  for (const table of ['payment_events', 'attempts', 'payment_heads']) {
    await sql.query(`delete from ${table} where payment_id = $1`, [id]);
  }
  await sql.query('delete from payments where id = $1', [id]);
  await sql.end();
  expect((await audit()).report.byRule).toEqual({ no_attempt: 1, accepted_but_lost: 1, totals_differ: 1 });
});

it('finds a client log that was cut off', async () => {
  writeFileSync(join(log, 'client.json'), JSON.stringify({ merchant_id: 'mer_sandbox', journal: null, payments: 9 }));
  expect((await audit()).report.byRule).toMatchObject({ book_incomplete: 1 });
});
