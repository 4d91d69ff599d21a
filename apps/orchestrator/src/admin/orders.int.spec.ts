/** An operator stops and releases channels over HTTP, and payers hear of it at once. Time is moved in the database. */
import { OTHER_CHANNEL, OTHER_TOKEN, TEST_CHANNEL, TEST_TOKEN } from '#testing';
import { type TestDatabase, type TestRedis, createTestJournal, createTestRedis } from '#testing';
import { Client } from 'pg';
import { type Answer, type SpecApi, ask, startApi } from '../spec-kit/api';

const OPERATOR = 'op_sandbox_test';
const ORDERS = '/v1/admin/orders';
const WINDOWS = '/v1/admin/maintenance_windows';

let database: TestDatabase;
let redis: TestRedis;
let api: SpecApi;
let sql: Client;
let orders = 0;

beforeAll(async () => {
  [database, redis] = await Promise.all([createTestJournal(), createTestRedis()]);
  sql = new Client({ connectionString: database.url });
  await sql.connect();
  api = await startApi(database.url, redis.url);
});

beforeEach(async () => {
  await sql.query('delete from channel_orders');
  await untilPaid(TEST_TOKEN, 202);
});

afterAll(async () => {
  await api.stop();
  await sql.end();
  await database.drop();
});

const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
const read = (path: string) => ask(`${api.url}${path}`, { key: OPERATOR });
const post = (path: string, body: unknown, key = OPERATOR) =>
  ask(`${api.url}${path}`, {
    method: 'POST',
    key,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
const order = (hold: string, more: object = {}) =>
  post(ORDERS, { target: TEST_CHANNEL, hold, reason: 'a test', ...more });
const release = (target: string, holds?: string[]) =>
  post(`${ORDERS}/release`, { target, reason: 'over', ...(holds ? { holds } : {}) });
const pay = (token: string) => {
  orders += 1;
  const body = {
    merchant_order_no: `o-${orders}`,
    amount: { value: 100, currency: 'CNY' },
    payment_method: { token },
  };
  return ask(`${api.url}/v1/payments`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `k-${orders}` },
    body: JSON.stringify(body),
  });
};
/** A notification is under way for some milliseconds: asked again until it has arrived, at most 5 s. */
async function untilPaid(token: string, status: number): Promise<Answer> {
  for (const end = Date.now() + 5_000; ;) {
    const answer = await pay(token);
    if (answer.status === status || Date.now() > end) return answer;
  }
}
const refusedWith = async (token = TEST_TOKEN) => (await untilPaid(token, 503)).json['code'];
const data = ({ json }: Answer) => json['data'] as Record<string, unknown>[];

describe('an order', () => {
  it.each([
    ['drain', 'channel_draining'],
    ['isolate', 'channel_breaker_open'],
    ['kill', 'channel_closed'],
  ])('to %s turns payers away with %s, stores nothing of them, and lets others pay elsewhere', async (hold, code) => {
    const given = await order(hold);
    expect(given).toMatchObject({
      status: 201,
      json: { object: 'order', hold, state: 'in_force', by: 'Operator', ends_at: null },
    });
    const refused = await untilPaid(TEST_TOKEN, 503);
    expect(refused.json).toMatchObject({ code, accepted: false });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const { rows } = await sql.query('select from payments where merchant_order_no = $1', [`o-${orders}`]);
    expect(rows).toHaveLength(0);
    expect((await pay(OTHER_TOKEN)).status).toBe(202);
    await release(TEST_CHANNEL, [hold]);
    expect((await untilPaid(TEST_TOKEN, 202)).status).toBe(202);
  });

  it('to pause lets payments in: they wait', async () => {
    await order('pause');
    await refusedOnlyOnce();
    expect((await pay(TEST_TOKEN)).json).toMatchObject({ status: 'queued' });
  });

  /** Until the registry of this process shows the order. */
  async function refusedOnlyOnce(): Promise<void> {
    for (const end = Date.now() + 5_000; Date.now() < end;) {
      const { json } = await read(`/v1/admin/channels/${TEST_CHANNEL}`);
      if ((json['order'] as { hold: string } | null)?.hold === 'pause') return;
    }
    throw new Error('The order was not seen.');
  }

  it('may be about a bank, or everything', async () => {
    await order('isolate', { target: 'ccb' });
    expect(await refusedWith(OTHER_TOKEN)).toBe('channel_breaker_open');
    expect((await pay(TEST_TOKEN)).status).toBe(202);
    await order('kill', { target: 'everything' });
    expect(await refusedWith()).toBe('channel_closed');
    // A release of the bank, or of no kill switch by name, does not end the kill switch.
    expect((await release('ccb')).json).toMatchObject({ released: [{ target: 'ccb', state: 'over' }] });
    expect((await release('everything')).json).toMatchObject({ released: [] });
    expect(await refusedWith()).toBe('channel_closed');
    await release('everything', ['kill']);
    expect((await untilPaid(TEST_TOKEN, 202)).status).toBe(202);
    expect((await untilPaid(OTHER_TOKEN, 202)).status).toBe(202);
  });

  it('that is given again is the one that stands, and is released once', async () => {
    const first = await order('isolate');
    const again = await order('isolate', { reason: 'in doubt whether it had been heard' });
    expect(again).toMatchObject({ status: 200, json: { id: first.json['id'], reason: 'a test' } });
    const path = `${ORDERS}/${String(first.json['id'])}/release`;
    expect(await post(path, { reason: 'over' })).toMatchObject({
      status: 200,
      json: {
        state: 'over',
        released_by: 'Operator',
        release_reason: 'over',
        acknowledged: { version: expect.any(Number) as number },
      },
    });
    expect(await post(path, { reason: 'over' })).toMatchObject({ status: 409, json: { code: 'order_over' } });
    expect((await post(`${ORDERS}/ord_999999/release`, { reason: 'over' })).status).toBe(404);
    expect((await post(`${WINDOWS}/mwn_${String(first.json['id']).slice(4)}/cancel`, { reason: 'over' })).status).toBe(
      404,
    );
  });

  it('with an end ends by itself', async () => {
    await order('isolate', { until: inMs(3_600_000) });
    const refused = await untilPaid(TEST_TOKEN, 503);
    expect(refused.json).toMatchObject({ code: 'channel_breaker_open', until: expect.stringMatching(/Z$/) as string });
    await sql.query(`update channel_orders set starts_at = starts_at - interval '2 hours', drains_at = drains_at - interval '2 hours',
      ends_at = ends_at - interval '2 hours'`);
    expect((await untilPaid(TEST_TOKEN, 202)).status).toBe(202);
    expect(data(await read(`${ORDERS}?open=true`))).toEqual([]);
    expect(data(await read(`${ORDERS}?open=false`))).toMatchObject([
      { hold: 'isolate', state: 'over', released_at: null },
    ]);
  });

  it.each([
    [{ target: 'nobody.quickpay', hold: 'drain' }, '/target', 'order_target'],
    [{ target: 'EVERYTHING', hold: 'drain' }, '/target', 'order_target'],
    [{ target: 'icbc', hold: 'maintenance' }, '/hold', 'hold'],
    [{ target: 'icbc', hold: 'drain', until: '2020-01-01T00:00:00Z' }, '/until', 'order_end'],
    [{ target: 'icbc', hold: 'drain', reason: ' ' }, '/reason', 'why'],
  ])('%j is refused, and nothing stops', async (body, pointer, code) => {
    const refused = await post(ORDERS, { reason: 'a test', ...body });
    expect(refused).toMatchObject({ status: 422, json: { code: 'parameter_invalid', errors: [{ pointer, code }] } });
    expect(data(await read(ORDERS))).toEqual([]);
  });

  it('is an operator’s alone, and on record', async () => {
    expect((await post(ORDERS, { target: 'icbc', hold: 'kill', reason: 'mine' }, 'sk_sandbox_test')).status).toBe(403);
    const { rows } = await sql.query<{ seq: string }>('select coalesce(max(seq), 0)::text as seq from audit_chain');
    await order('drain');
    await release(TEST_CHANNEL);
    const page = await read(`/v1/admin/audit?subject=${TEST_CHANNEL}&limit=2`);
    expect(data(page)).toMatchObject([
      { action: 'order.released', actor: 'operator:Operator', reason: 'over', id: `aud_${Number(rows[0]!.seq) + 2}` },
      { action: 'order.given', facts: { hold: 'drain' }, id: `aud_${Number(rows[0]!.seq) + 1}` },
    ]);
    const [newest, before] = data(page) as { hash: string; prev_hash: string }[];
    expect(newest!.prev_hash).toBe(before!.hash);
  });
});

describe('a maintenance window', () => {
  const announce = (more: object = {}) =>
    post(WINDOWS, {
      target: TEST_CHANNEL,
      starts_at: inMs(3_600_000),
      ends_at: inMs(7_200_000),
      reason: 'monthly',
      ...more,
    });
  const move = async (minutes: number): Promise<void> => {
    await sql.query(`update channel_orders set starts_at = starts_at - interval '${minutes} minutes',
      drains_at = drains_at - interval '${minutes} minutes', ends_at = ends_at - interval '${minutes} minutes'`);
  };

  it('is announced, drains before, stops within, and ends by itself', async () => {
    expect(await announce({ drain_minutes: 10 })).toMatchObject({
      status: 201,
      json: { object: 'maintenance_window', state: 'ahead' },
    });
    expect((await pay(TEST_TOKEN)).status).toBe(202);
    await move(55);
    expect(await refusedWith()).toBe('channel_draining');
    expect((await read(`/v1/admin/channels/${TEST_CHANNEL}`)).json).toMatchObject({
      order: { hold: 'drain' },
      announced: { starts_at: expect.any(String) as string },
    });
    expect(data(await read(`${WINDOWS}?open=true`))).toMatchObject([{ state: 'draining' }]);
    await move(10);
    for (const end = Date.now() + 5_000; (await pay(TEST_TOKEN)).json['code'] !== 'channel_maintenance';) {
      expect(Date.now()).toBeLessThan(end);
    }
    expect(data(await read(`${WINDOWS}?target=${TEST_CHANNEL}`))).toMatchObject([{ state: 'in_force' }]);
    await move(60);
    expect((await untilPaid(TEST_TOKEN, 202)).status).toBe(202);
    expect(data(await read(WINDOWS))).toMatchObject([{ state: 'over' }]);
  });

  it('is canceled before it begins, or within', async () => {
    const { json } = await announce({ target: OTHER_CHANNEL });
    expect(await post(`${WINDOWS}/${String(json['id'])}/cancel`, { reason: 'moved' })).toMatchObject({
      status: 200,
      json: { state: 'over', release_reason: 'moved' },
    });
    const second = await announce();
    await move(70);
    expect(await refusedWith()).toBe('channel_maintenance');
    await post(`${WINDOWS}/${String(second.json['id'])}/cancel`, { reason: 'done early' });
    expect((await untilPaid(TEST_TOKEN, 202)).status).toBe(202);
  });

  it.each([
    [{ starts_at: '2020-01-01T00:00:00Z' }, '/starts_at', 'window_start'],
    [{ ends_at: '2020-01-01T00:00:00Z' }, '/ends_at', 'window_end'],
    [{ drain_minutes: 1_441 }, '/drain_minutes', 'drain_minutes'],
  ])('with %j is refused', async (body, pointer, code) => {
    expect(await announce(body)).toMatchObject({ status: 422, json: { errors: [{ pointer, code }] } });
  });

  it('is listed apart from orders, in pages', async () => {
    await announce();
    await announce({ starts_at: inMs(86_400_000), ends_at: inMs(90_000_000) });
    await order('drain');
    const [newest] = data(await read(`${WINDOWS}?limit=1`)) as { id: string }[];
    expect(newest!.id).toMatch(/^mwn_/);
    expect(data(await read(`${WINDOWS}?limit=1&starting_after=${newest!.id}`))).toHaveLength(1);
    expect(data(await read(ORDERS))).toMatchObject([{ hold: 'drain' }]);
    expect(data(await read(`${ORDERS}?hold=kill`))).toEqual([]);
  });
});
