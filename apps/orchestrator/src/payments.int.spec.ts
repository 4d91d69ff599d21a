/** Payments over real sockets and a real journal: accepted once, replayed for ever, found, listed, canceled. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { OTHER_TOKEN, TEST_TOKEN, type TestDatabase, createTestJournal, createTestRedis } from '#testing';
import { type SpecApi, ask, startApi } from './spec-kit/api';

let database: TestDatabase;
let api: SpecApi;
let orders = 0;

beforeAll(async () => {
  database = await createTestJournal();
  api = await startApi(database.url, (await createTestRedis()).url);
});
afterAll(async () => {
  await api.stop();
  await database.drop();
});

function bodyOf(change: object = {}): Record<string, unknown> {
  orders += 1;
  return {
    merchant_order_no: `order-${orders}`,
    amount: { value: 19900, currency: 'CNY' },
    payment_method: { token: TEST_TOKEN },
    ...change,
  };
}

const post = (body: unknown, key: string) =>
  ask(`${api.url}/v1/payments`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

describe('posting a payment', () => {
  it('does not accept what its caller gave up on before it was read (chaos, random, seed 400)', async () => {
    const body = JSON.stringify(bodyOf());
    const { hostname, host, port } = new URL(api.url);
    const head = (line: string, more = '') => `${line} HTTP/1.1\r\nHost: ${host}\r\n${more}\r\n`;
    const caller = connect(Number(port), hostname);
    await once(caller, 'connect');
    // Answered once, so that the API holds the connection and knows the key; then request and hang-up reach it as one, as after a standstill.
    const known = 'Authorization: Bearer sk_sandbox_test\r\n';
    caller.write(head('GET /v1/payments/pay_01jd8x0000e00r000000000000', known));
    await once(caller, 'data');
    const length = `Content-Length: ${Buffer.byteLength(body)}\r\nContent-Type: application/json\r\n`;
    const gone = `${known}Idempotency-Key: left-1\r\n${length}`;
    caller.write(head('POST /v1/payments', gone) + body);
    caller.destroy();
    // The same key, a turn later: were the first one accepted, this would be a replay.
    const answer = await post(body, 'left-1');
    expect(answer.status).toBe(202);
    expect(answer.headers.get('idempotent-replayed')).toBeNull();
  });

  it('answers 202 with the payment and its address once it is durable', async () => {
    const body = bodyOf({ metadata: { cart: 'c9' }, description: '双11', tier: 'bulk', expires_at: soon() });
    const answer = await post(body, 'post-1');
    expect(answer.status).toBe(202);
    expect(answer.json).toMatchObject({
      ...body,
      expires_at: expect.any(String),
      status: 'queued',
      final: false,
      version: 1,
    });
    expect(answer.headers.get('location')).toBe(`/v1/payments/${String(answer.json.id)}`);
    expect(answer.headers.get('request-id')).toMatch(/^req_/);
    expect(answer.headers.get('idempotent-replayed')).toBeNull();
    expect(api.steps.slice(0, 2)).toEqual(['accept.admitted', 'accept.committed']);
    expect((await ask(`${api.url}/v1/payments/${String(answer.json.id)}`)).json).toEqual(answer.json);
  });

  it('gives the first answer again, word for word, whatever became of the payment and however the body is spaced', async () => {
    const body = bodyOf();
    const first = await post(body, 'replay-1');
    await ask(`${api.url}/v1/payments/${String(first.json.id)}/cancel`, { method: 'POST' });
    const reversed = Object.fromEntries(Object.entries(body).reverse());
    const again = await post(JSON.stringify(reversed, null, 3), 'replay-1');
    expect(again.status).toBe(202);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.text).toBe(first.text);
  });

  it('refuses the same key with another body, and the same order with another key', async () => {
    const body = bodyOf();
    const first = await post(body, 'reuse-1');
    const other = await post({ ...body, amount: { value: 1, currency: 'CNY' } }, 'reuse-1');
    expect(other.json).toMatchObject({ code: 'idempotency_key_reused', status: 422, payment_id: first.json.id });
    const conflict = await post(body, 'reuse-2');
    expect(conflict.json).toMatchObject({ code: 'order_no_conflict', status: 409, payment_id: first.json.id });
    expect(conflict.json.errors).toMatchObject([{ pointer: '/merchant_order_no' }]);
  });
});

describe('finding payments', () => {
  it('by order number, and page by page, newest first', async () => {
    const made: string[] = [];
    for (let i = 0; i < 3; i += 1) made.unshift(String((await post(bodyOf(), `list-${i}`)).json.id));
    const orderNo = `order-${orders}`;
    const found = await ask(`${api.url}/v1/payments?merchant_order_no=${orderNo}`);
    expect(found.json).toMatchObject({ data: [{ id: made[0] }], has_more: false });
    const page = await ask(`${api.url}/v1/payments?limit=2`);
    expect(page.json).toMatchObject({ data: [{ id: made[0] }, { id: made[1] }], has_more: true });
    const next = await ask(`${api.url}/v1/payments?limit=1&starting_after=${made[1]}`);
    expect(next.json).toMatchObject({ data: [{ id: made[2] }] });
    expect((await ask(`${api.url}/v1/payments?merchant_order_no=nobody`)).json).toMatchObject({ data: [] });
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=1&limit=2',
    'starting_after=x',
    'nothing=1',
    'hasOwnProperty=1',
    '__proto__=1',
  ])('refuses ?%s', async (query) => {
    const answer = await ask(`${api.url}/v1/payments?${query}`);
    expect(answer.json).toMatchObject({ code: 'parameter_invalid', status: 422 });
  });
});

describe('canceling', () => {
  it('works while queued, and as often as one likes', async () => {
    const { json } = await post(bodyOf(), 'cancel-1');
    for (let i = 0; i < 2; i += 1) {
      const answer = await ask(`${api.url}/v1/payments/${String(json.id)}/cancel`, { method: 'POST' });
      expect(answer.status).toBe(200);
      expect(answer.json).toMatchObject({
        status: 'canceled',
        final: true,
        version: 2,
        reason: { code: 'canceled_by_merchant' },
      });
    }
  });
});

describe('switching', () => {
  const switchTo = (id: unknown, token: unknown, key: string | null) =>
    ask(`${api.url}/v1/payments/${String(id)}/switch`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(key === null ? {} : { 'Idempotency-Key': key }) },
      body: JSON.stringify({ payment_method: { token } }),
    });

  it('takes another card while queued, once for one key', async () => {
    const { json } = await post(bodyOf(), 'switch-1');
    const answer = await switchTo(json.id, OTHER_TOKEN, 'to-ccb');
    expect(answer.status).toBe(200);
    const switched = { status: 'queued', version: 2, instrument: OTHER_TOKEN, channel: { id: 'ccb.quickpay' } };
    expect(answer.json).toMatchObject({ ...switched, reason: { code: 'switched_by_payer' } });
    const again = await switchTo(json.id, OTHER_TOKEN, 'to-ccb');
    expect(again.json).toMatchObject(switched);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  it('wants a key, a token of the merchant’s own, and a payment that is not over', async () => {
    const { json } = await post(bodyOf(), 'switch-2');
    expect((await switchTo(json.id, OTHER_TOKEN, null)).json).toMatchObject({ code: 'idempotency_key_missing' });
    expect((await switchTo(json.id, 'tok_nobody', 'to-nobody')).json).toMatchObject({
      code: 'instrument_unknown',
      errors: [{ pointer: '/payment_method/token' }],
    });
    await ask(`${api.url}/v1/payments/${String(json.id)}/cancel`, { method: 'POST' });
    expect((await switchTo(json.id, OTHER_TOKEN, 'too-late')).json).toMatchObject({
      code: 'payment_final',
      status: 409,
    });
  });
});

describe('the rest of the API', () => {
  it('lists channels, and one', async () => {
    const { json } = await ask(`${api.url}/v1/channels`);
    const icbc = { id: 'icbc.quickpay', level: 'normal', bank: { id: 'icbc', name: { en: 'ICBC' } } };
    expect(json).toMatchObject({ data: [{ id: 'ccb.quickpay' }, icbc] });
    expect((await ask(`${api.url}/v1/channels/icbc.quickpay`, { key: 'op_sandbox_test' })).json).toMatchObject({
      limits: { amount_min: 1, amount_max: 1_000_000 },
    });
    expect((await ask(`${api.url}/v1/channels/nobody.quickpay`)).status).toBe(404);
  });

  it('rejects a notification that no bank signed', async () => {
    const answer = await ask(`${api.url}/v1/notifications/icbc.quickpay`, { method: 'POST', body: '{}', key: null });
    expect(answer.json).toMatchObject({ code: 'notification_rejected', status: 400 });
  });

  it('is alive and ready, and tells how it is doing', async () => {
    expect((await ask(`${api.url}/health/live`, { key: null })).json.status).toBe('ok');
    const ready = await ask(`${api.url}/health/ready`, { key: null });
    expect(ready.json).toEqual({ status: 'ok', parts: { postgres: 'ok', redis: 'ok' } });
    const { text } = await ask(`${api.url}/metrics`, { key: null });
    expect(text).toMatch(
      /sluice_http_requests_total\{operation="createPayment",status="202",process="orchestrator"\} \d/,
    );
  });

  it.each([
    ['/openapi.json', 'application/json', '"openapi":"3.1.0"'],
    ['/reference', 'text/html', 'POST /v1/payments'],
    ['/llms.txt', 'text/plain', 'Idempotency-Key'],
    ['/errors/order_no_conflict', 'text/markdown', '### order_no_conflict'],
  ])('documents itself at %s', async (path, type, part) => {
    const answer = await ask(`${api.url}${path}`, { key: null });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain(type);
    expect(answer.text).toContain(part);
  });
});

function soon(): string {
  return new Date(Date.now() + 600_000).toISOString();
}
