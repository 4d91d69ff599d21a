/** Over HTTP: one operator proposes, another approves, nobody alone; and a person may have an attempt undone. */
import { createHash } from 'node:crypto';
import type { PaymentId } from '#domain';
import { type Postgres, createPostgres, readAuditChain } from '#postgres';
import {
  type TestDatabase,
  type TestRedis,
  claimOf,
  createTestJournal,
  createTestRedis,
  draftOf,
  silentLog,
} from '#testing';
import { Client } from 'pg';
import { type SpecApi, ask, startApi } from './spec-kit/api';

const FIRST = 'op_sandbox_test';
const SECOND = 'op_second_person';

let database: TestDatabase;
let redis: TestRedis;
let postgres: Postgres;
let api: SpecApi;

beforeAll(async () => {
  [database, redis] = await Promise.all([createTestJournal(), createTestRedis()]);
  const sql = new Client({ connectionString: database.url });
  await sql.connect();
  const hash = createHash('sha256').update(SECOND).digest();
  await sql.query(`insert into api_keys (key_hash, role, merchant_id, name) values ($1, 'operator', null, 'Second')`, [
    hash,
  ]);
  await sql.end();
  const monotonicMs = () => performance.now();
  const options = { databaseUrl: database.url, applicationName: 'spec', site: 'a', log: silentLog, monotonicMs };
  postgres = await createPostgres(options);
  api = await startApi(database.url, redis.url);
});

afterAll(async () => {
  await api.stop();
  await postgres.close();
  await database.drop();
});

const act = (item: string, deed: string, body: unknown, key = FIRST) =>
  ask(`${api.url}/v1/admin/worklist/${item}/${deed}`, {
    method: 'POST',
    key,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });

/** @returns the id of an item about a dispatched attempt that went wrong in this way */
async function itemOf(kind: 'integrity_failure' | 'long_unknown'): Promise<{ payment: PaymentId; item: string }> {
  const draft = draftOf();
  await postgres.journal.accept(draft);
  await postgres.journal.dispatch(claimOf(draft.id));
  await postgres.journal.apply({
    ...{ paymentId: draft.id, version: 2, to: 'unknown', eventType: 'payment.unknown', lookAgainInMs: null },
    attempt: { leg: 1, state: kind === 'long_unknown' ? 'unknown' : 'integrity_failure' },
  });
  const subject = `${draft.id}/1`;
  await postgres.worklist.add({ kind, subject, paymentId: draft.id, leg: 1, channelId: null, facts: {} });
  const { items } = await postgres.worklist.list(true, null, 100);
  return { payment: draft.id, item: `wrk_${items.find((each) => each.subject === subject)!.id}` };
}

it('settles an integrity failure by two operators, and not by one', async () => {
  const { item, payment } = await itemOf('integrity_failure');
  const alone = await act(item, 'settle', { note: 'nothing to see' });
  expect(alone).toMatchObject({ status: 403, json: { code: 'permission_denied' } });
  const proposed = await act(item, 'propose', { outcome: 'declined', note: 'taken back by the bank' });
  expect(proposed).toMatchObject({ status: 200, json: { settled_at: null, proposal: { outcome: 'declined' } } });
  const { number } = proposed.json['proposal'] as { number: number };
  expect((await act(item, 'approve', { proposal: number, note: 'mine' })).status).toBe(403);
  const approved = await act(item, 'approve', { proposal: number, note: 'seen' }, SECOND);
  expect(approved).toMatchObject({ status: 200, json: { settled_by: 'Operator and Second' } });
  expect((await postgres.journal.read(payment))!.head.state).toBe('failed');
});

it('has an unknown undone by a person, on record before it begins, and once', async () => {
  const { item, payment } = await itemOf('long_unknown');
  const note = 'the payer has paid at the counter';
  expect(await act(item, 'reverse', { note })).toMatchObject({ status: 200, json: { id: item } });
  expect((await postgres.journal.read(payment))!.attempt!.state).toBe('reversing');
  expect((await act(item, 'reverse', { note })).status).toBe(200);
  const acts = [];
  for await (const link of readAuditChain(database.url)) if (link.subject === item) acts.push(link);
  expect(acts[0]).toMatchObject({ actor: 'operator:Operator', action: 'attempt.reversal_ordered', reason: note });
});

it.each([
  ['propose', { outcome: 'succeeded', note: 'no transaction' }, '/bank_transaction_id'],
  ['propose', { outcome: 'declined', bank_transaction_id: 'TX', note: 'one too many' }, '/bank_transaction_id'],
  ['propose', { outcome: 'maybe', note: 'x' }, '/outcome'],
  ['approve', { proposal: 0, note: 'x' }, '/proposal'],
  ['reverse', { note: ' ' }, '/note'],
])('says what is wrong with a body of %s', async (deed, body, pointer) => {
  expect(await act('wrk_1', deed, body)).toMatchObject({ status: 422, json: { errors: [{ pointer }] } });
});

it('knows no other items, and no other people', async () => {
  const { item } = await itemOf('long_unknown');
  expect((await act(item, 'propose', { outcome: 'declined', note: 'not that kind' })).status).toBe(404);
  for (const deed of ['propose', 'approve', 'reverse']) {
    expect(
      (await act('wrk_999', deed, { outcome: 'declined', proposal: 1, note: 'x' }, 'sk_sandbox_test')).status,
    ).toBe(403);
  }
  expect((await act('wrk_999', 'reverse', { note: 'x' })).status).toBe(404);
});
