/** Webhook endpoints over real sockets and a real journal. Where deliveries go is the worker's spec. */
import { type TestDatabase, createTestJournal, createTestRedis, draftOf } from '#testing';
import { createPostgres } from '#postgres';
import { Client } from 'pg';
import { type SpecApi, ask, startApi } from '../spec-kit/api';

let database: TestDatabase;
let api: SpecApi;
let sql: Client;

beforeAll(async () => {
  database = await createTestJournal();
  api = await startApi(database.url, (await createTestRedis()).url);
  sql = new Client({ connectionString: database.url });
  await sql.connect();
});
afterAll(async () => {
  await sql.end();
  await api.stop();
  await database.drop();
});
beforeEach(() => sql.query('delete from webhook_endpoints'));

const create = (body: unknown, key?: string | null) =>
  ask(`${api.url}/v1/webhook_endpoints`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    ...(key === undefined ? {} : { key }),
  });
const at = (path: string, method = 'GET', key?: string) =>
  ask(`${api.url}${path}`, { method, ...(key === undefined ? {} : { key }) });
const URL_1 = 'https://shop.example.com/hooks';

describe('an endpoint', () => {
  it('is made with a secret that is shown once', async () => {
    const made = await create({ url: URL_1, event_types: ['payment.succeeded'] });
    expect(made.status).toBe(201);
    expect(made.headers.get('cache-control')).toBe('no-store');
    const { secret, ...endpoint } = made.json;
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(endpoint).toMatchObject({
      id: expect.stringMatching(/^whe_/),
      object: 'webhook_endpoint',
      url: URL_1,
      event_types: ['payment.succeeded'],
      enabled: true,
    });
    const path = made.headers.get('location')!;
    expect((await at(path)).json).toEqual(endpoint);
    expect((await at('/v1/webhook_endpoints')).json).toEqual({ object: 'list', data: [endpoint], has_more: false });
    expect(api.logged()).not.toContain(String(secret));
  });

  it('is told everything unless it says what', async () => {
    expect((await create({ url: URL_1 })).json).toMatchObject({ event_types: ['*'] });
  });

  it('is made once for each address; a repeated request says so', async () => {
    await create({ url: URL_1 });
    expect(await create({ url: URL_1 })).toMatchObject({ status: 409, json: { code: 'webhook_url_taken' } });
  });

  it('is the seventeenth: there is no room', async () => {
    for (let n = 0; n < 16; n += 1) expect((await create({ url: `${URL_1}/${n}` })).status).toBe(201);
    expect(await create({ url: `${URL_1}/17` })).toMatchObject({
      status: 409,
      json: { code: 'webhook_endpoints_full' },
    });
  });

  it.each([
    ['http://shop.example.com/hooks', 'webhook_url'],
    ['https://127.0.0.1/hooks', 'webhook_url'],
    ['https://2130706433/hooks', 'webhook_url'],
    ['https://localhost/hooks', 'webhook_url'],
    ['https://u:p@shop.example.com/hooks', 'webhook_url'],
    ['https://shop.example.com:6379/', 'webhook_url'],
    ['shop', 'webhook_url'],
  ])('is not made at %s', async (url, code) => {
    const answer = await create({ url });
    expect(answer).toMatchObject({
      status: 422,
      json: { code: 'parameter_invalid', errors: [{ pointer: '/url', code }] },
    });
  });

  it.each([[[]], [['payment.paid']], [['*', 'payment.failed']], ['payment.failed']])(
    'is not made for the types %j',
    async (event_types) => {
      const answer = await create({ url: URL_1, event_types });
      expect(answer.json).toMatchObject({ errors: [{ pointer: '/event_types', code: 'event_types' }] });
    },
  );

  it('rotates its secret, and says until when the old one signs', async () => {
    const made = await create({ url: URL_1 });
    const rotated = await at(`/v1/webhook_endpoints/${String(made.json.id)}/rotate_secret`, 'POST');
    expect(rotated.status).toBe(200);
    expect(rotated.json.secret).not.toBe(made.json.secret);
    expect(Date.parse(String(rotated.json.previous_secret_until))).toBeGreaterThan(Date.now());
  });

  it('is deleted, with its secrets, and its address is free again', async () => {
    const path = `/v1/webhook_endpoints/${String((await create({ url: URL_1 })).json.id)}`;
    expect((await at(path, 'DELETE')).status).toBe(204);
    expect((await at(path)).status).toBe(404);
    expect((await at(path, 'DELETE')).status).toBe(404);
    expect((await at(`${path}/deliveries`)).status).toBe(404);
    expect((await sql.query('select secrets from webhook_endpoints')).rows).toEqual([{ secrets: [] }]);
    expect((await create({ url: URL_1 })).status).toBe(201);
  });

  it('belongs to its merchant, and to nobody without a merchant’s key', async () => {
    const path = `/v1/webhook_endpoints/${String((await create({ url: URL_1 })).json.id)}`;
    await sql.query(`insert into merchants (id, name) values ('mer_other', 'Other') on conflict do nothing`);
    await sql.query(
      `insert into api_keys (key_hash, role, merchant_id, name)
       values (sha256('sk_sandbox_other'), 'merchant', 'mer_other', 'Other') on conflict do nothing`,
    );
    for (const [method, address] of [
      ['GET', path],
      ['DELETE', path],
      ['POST', `${path}/rotate_secret`],
      ['GET', `${path}/deliveries`],
    ] as const) {
      expect([address, (await at(address, method, 'sk_sandbox_other')).status]).toEqual([address, 404]);
      expect([address, (await at(address, method, 'op_sandbox_test')).status]).toEqual([address, 403]);
    }
    expect((await create({ url: URL_1 }, null)).status).toBe(401);
    expect((await at(path)).status).toBe(200);
  });
});

describe('deliveries', () => {
  it('are listed newest first, and delivered once more on demand', async () => {
    const made = await create({ url: URL_1 });
    const id = String(made.json.id);
    const postgres = await createPostgres({
      databaseUrl: database.url,
      applicationName: 'spec',
      site: 'a',
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      monotonicMs: () => performance.now(),
    });
    const commit = await postgres.journal.accept(draftOf());
    if (commit.kind !== 'committed') throw new Error(JSON.stringify(commit));
    const payment = commit.value.payment.id;
    await at(`/v1/payments/${payment}/cancel`, 'POST');
    const path = `/v1/webhook_endpoints/${id}/deliveries`;
    const first = await at(`${path}?limit=1`);
    expect(first.json).toMatchObject({
      has_more: true,
      data: [{ payment, version: 2, type: 'payment.canceled', status: 'pending', tries: 0, endpoint: id }],
    });
    const [last] = first.json.data as { id: string }[];
    const second = await at(`${path}?limit=1&starting_after=${last!.id}`);
    expect(second.json).toMatchObject({ has_more: false, data: [{ version: 1, type: 'payment.queued' }] });
    expect(await at(`${path}?starting_after=pay_1`)).toMatchObject({ status: 422 });

    await sql.query(`update webhook_deliveries set state = 'dead', tries = 10, last_status = 500`);
    const again = await at(`/v1/webhook_deliveries/${last!.id}/redeliver`, 'POST');
    expect(again).toMatchObject({ status: 200, json: { id: last!.id, status: 'pending', last_status: 500 } });
    expect((await at('/v1/webhook_deliveries/whd_1/redeliver', 'POST')).status).toBe(404);
    await at(`/v1/webhook_endpoints/${id}`, 'DELETE');
    expect(await at(`/v1/webhook_deliveries/${last!.id}/redeliver`, 'POST')).toMatchObject({
      status: 409,
      json: { code: 'webhook_endpoint_closed' },
    });
    await postgres.close();
  });
});
