/** Operators see what is for people, and what they settle is on record; nobody else does. */
import type { PaymentId, WorklistDraft } from '#domain';
import { type Postgres, createPostgres, readAuditChain } from '#postgres';
import { type TestDatabase, type TestRedis, createTestJournal, createTestRedis, silentLog } from '#testing';
import { type SpecApi, ask, startApi } from './spec-kit/api';

const OPERATOR = { key: 'op_sandbox_test' };
const JSON_TYPE = { 'Content-Type': 'application/json' };

let database: TestDatabase;
let redis: TestRedis;
let postgres: Postgres;
let api: SpecApi;

beforeAll(async () => {
  [database, redis] = await Promise.all([createTestJournal(), createTestRedis()]);
  const monotonicMs = () => performance.now();
  const options = { databaseUrl: database.url, applicationName: 'spec', site: 'a', log: silentLog, monotonicMs };
  postgres = await createPostgres(options);
  api = await startApi(database.url, redis.url);
  for (const leg of [1, 2, 3]) await postgres.worklist.add(item(leg));
});

afterAll(async () => {
  await api.stop();
  await postgres.close();
  await database.drop();
});

const item = (leg: number): WorklistDraft => ({
  kind: 'long_unknown',
  subject: `pay_1/${leg}`,
  paymentId: 'pay_1' as PaymentId,
  leg,
  channelId: null,
  facts: { reference: `R${leg}` },
});
const list = (query = '') => ask(`${api.url}/v1/admin/worklist${query}`, OPERATOR);
const settle = (id: string, body: unknown, key = OPERATOR.key) =>
  ask(`${api.url}/v1/admin/worklist/${id}/settle`, {
    method: 'POST',
    key,
    headers: JSON_TYPE,
    body: JSON.stringify(body),
  });
const legs = (data: unknown) => (data as { leg: number }[]).map(({ leg }) => leg);

it('shows what is open, newest first, in pages', async () => {
  const first = await list('?open=true&limit=2');
  expect(first).toMatchObject({ status: 200, json: { object: 'list', has_more: true } });
  expect(legs(first.json['data'])).toEqual([3, 2]);
  const { id } = (first.json['data'] as { id: string }[])[1]!;
  const rest = await list(`?open=true&limit=2&starting_after=${id}`);
  expect(rest.json).toMatchObject({
    has_more: false,
    data: [{ leg: 1, kind: 'long_unknown', facts: { reference: 'R1' } }],
  });
});

it('takes an item off with a note, once, and writes into the audit chain who did', async () => {
  const { id } = ((await list()).json['data'] as { id: string }[])[0]!;
  const settled = await settle(id, { note: 'the bank telephoned' });
  expect(settled).toMatchObject({ status: 200, json: { id, settled_by: 'Operator', note: 'the bank telephoned' } });
  expect(await settle(id, { note: 'another note' })).toMatchObject({
    status: 200,
    json: { note: 'the bank telephoned' },
  });
  expect(legs((await list('?open=true')).json['data'])).toEqual([2, 1]);
  expect(legs((await list('?open=false')).json['data'])).toEqual([3]);
  const links = [];
  for await (const link of readAuditChain(database.url)) links.push(link);
  expect(links).toMatchObject([{ actor: 'operator:Operator', action: 'worklist.settled', subject: id }]);
});

it('is for operators only', async () => {
  for (const key of ['sk_sandbox_test', 'nobody_has_this']) {
    const status = key === 'sk_sandbox_test' ? 403 : 401;
    expect((await ask(`${api.url}/v1/admin/worklist`, { key })).status).toBe(status);
    expect((await settle('wrk_1', { note: 'mine' }, key)).status).toBe(status);
  }
});

it.each([
  ['?open=yes', 'open'],
  ['?limit=0', 'limit'],
  ['?starting_after=pay_1', 'worklist_item'],
  ['?kind=late_success', 'unknown_field'],
])('says what is wrong with %s', async (query, code) => {
  expect(await list(query)).toMatchObject({ status: 422, json: { code: 'parameter_invalid', errors: [{ code }] } });
});

it('settles nothing without a note, and nothing that there is not', async () => {
  expect(await settle('wrk_1', {})).toMatchObject({ status: 422, json: { errors: [{ pointer: '/note' }] } });
  expect(await settle('wrk_1', { note: '  ' })).toMatchObject({ status: 422, json: { errors: [{ code: 'note' }] } });
  expect((await settle('wrk_999', { note: 'seen' })).status).toBe(404);
  expect((await settle('wrk_0x1', { note: 'seen' })).status).toBe(404);
});
