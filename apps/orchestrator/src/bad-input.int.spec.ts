/** Bad input over real sockets: each gets its code, nothing is stored, nothing is queued. */
import { Client } from 'pg';
import { TEST_TOKEN, type TestDatabase, createTestJournal, createTestRedis } from '#testing';
import { type Answer, type SpecApi, ask, exchangeRaw, startApi } from './spec-kit/api';

let database: TestDatabase;
let api: SpecApi;

beforeAll(async () => {
  database = await createTestJournal();
  api = await startApi(database.url, (await createTestRedis()).url);
});
afterAll(async () => {
  await api.stop();
  await database.drop();
});

const good = {
  merchant_order_no: 'bad-input-1',
  amount: { value: 19900, currency: 'CNY' },
  payment_method: { token: TEST_TOKEN as string },
};
const CARD = '4111111111111111';
const textOf = (change: object) => JSON.stringify({ ...good, ...change });

function post(body: string | Uint8Array, headers: Record<string, string> = {}, key?: string | null): Promise<Answer> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(body);
  return ask(`${api.url}/v1/payments`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'bad-input', ...headers },
    body: bytes,
    ...(key === undefined ? {} : { key }),
  });
}

async function stored(): Promise<number> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ n: string }>('select count(*) as n from payments');
    return Number(rows[0]!.n);
  } finally {
    await client.end();
  }
}

describe('bad input is refused by its code, and nothing is stored', () => {
  const deep = `{"a":${'['.repeat(5_000)}`;
  it.each<[string, number, string, string | Uint8Array, Record<string, string>?, (string | null)?]>([
    ['no key', 401, 'api_key_invalid', textOf({}), {}, null],
    ['a key nobody has', 401, 'api_key_invalid', textOf({}), {}, 'sk_sandbox_unknown'],
    ['an operator’s key', 403, 'permission_denied', textOf({}), {}, 'op_sandbox_test'],
    ['no idempotency key', 400, 'idempotency_key_missing', textOf({}), { 'Idempotency-Key': '' }],
    ['an idempotency key with a space', 400, 'idempotency_key_invalid', textOf({}), { 'Idempotency-Key': 'a b' }],
    ['a long idempotency key', 400, 'idempotency_key_invalid', textOf({}), { 'Idempotency-Key': 'k'.repeat(256) }],
    ['a card number as idempotency key', 422, 'card_number_forbidden', textOf({}), { 'Idempotency-Key': CARD }],
    ['another content type', 415, 'unsupported_media_type', textOf({}), { 'Content-Type': 'text/plain' }],
    ['another charset', 415, 'unsupported_media_type', textOf({}), { 'Content-Type': 'application/json; charset=gbk' }],
    ['no body', 400, 'malformed_json', ''],
    ['broken JSON', 400, 'malformed_json', '{"merchant_order_no":'],
    ['trailing garbage', 400, 'malformed_json', `${textOf({})}x`],
    ['a byte order mark', 400, 'malformed_json', `\ufeff${textOf({})}`],
    ['invalid UTF-8', 400, 'malformed_json', Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['a huge body', 413, 'body_too_large', textOf({ description: 'x'.repeat(17_000) })],
    ['deep JSON', 400, 'malformed_json', deep],
    ['duplicate keys', 400, 'malformed_json', '{"amount":{"value":1,"value":2,"currency":"CNY"}}'],
    ['__proto__', 400, 'malformed_json', '{"__proto__":{"amount":1}}'],
    ['a lone surrogate', 400, 'malformed_json', '{"description":"\\ud800"}'],
    ['an unknown field', 422, 'parameter_invalid', textOf({ amuont: 1 })],
    ['an amount as float', 422, 'parameter_invalid', textOf({}).replace('19900', '199.00')],
    ['an amount of 1.0', 422, 'parameter_invalid', textOf({}).replace('19900', '1.0')],
    ['an amount of 1e2', 422, 'parameter_invalid', textOf({}).replace('19900', '1e2')],
    ['an amount beyond 2^53', 422, 'parameter_invalid', textOf({}).replace('19900', '9007199254740993')],
    ['an amount as text', 422, 'parameter_invalid', textOf({ amount: { value: '100', currency: 'CNY' } })],
    ['a negative amount', 422, 'parameter_invalid', textOf({ amount: { value: -1, currency: 'CNY' } })],
    ['nothing', 422, 'parameter_invalid', textOf({ amount: { value: 0, currency: 'CNY' } })],
    ['too large an amount', 422, 'parameter_invalid', textOf({ amount: { value: 1e12, currency: 'CNY' } })],
    [
      'an amount above the channel’s cap',
      422,
      'amount_out_of_range',
      textOf({ amount: { value: 1_000_001, currency: 'CNY' } }),
    ],
    ['no such currency', 422, 'parameter_invalid', textOf({ amount: { value: 1, currency: 'ABC' } })],
    [
      'a currency the channel does not take',
      422,
      'currency_unsupported',
      textOf({ amount: { value: 1, currency: 'USD' } }),
    ],
    ['an unknown token', 422, 'instrument_unknown', textOf({ payment_method: { token: 'tok_nobody' } })],
    ['a deadline that has passed', 422, 'deadline_passed', textOf({ expires_at: '2020-01-01T00:00:00Z' })],
    ['a card number in the order number', 422, 'card_number_forbidden', textOf({ merchant_order_no: CARD })],
    ['a card number as token', 422, 'card_number_forbidden', textOf({ payment_method: { token: CARD } })],
    ['a card number in the description', 422, 'card_number_forbidden', textOf({ description: `card ${CARD}` })],
    ['a card number in metadata', 422, 'card_number_forbidden', textOf({ metadata: { c: CARD } })],
    ['a card number in an unknown field', 422, 'card_number_forbidden', textOf({ pan: CARD })],
    ['a card number as a number', 422, 'card_number_forbidden', textOf({ pan: Number(CARD) })],
    ['a card number as a key', 422, 'card_number_forbidden', textOf({ [CARD]: 1 })],
  ])('%s: %i %s', async (...row) => {
    // A row may be shorter than the parameters, and jest would take the missing one for `done`.
    const [, status, code, body, headers, key] = row;
    const answer = await post(body, headers, key);
    expect({ status: answer.status, code: answer.json.code }).toEqual({ status, code });
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.headers.get('request-id')).toBe(answer.json.request_id);
    expect(answer.json).toMatchObject({ accepted: false, status, instance: '/v1/payments', type: `/errors/${code}` });
    expect(answer.text).not.toContain(CARD);
    expect(await stored()).toBe(0);
    expect(api.steps).not.toContain('accept.admitted');
    expect(api.logged()).not.toContain(CARD);
  });

  it('points at the field', async () => {
    const { json } = await post(textOf({ amount: { value: 0, currency: 'CNY' } }));
    expect(json.errors).toEqual([
      {
        pointer: '/amount/value',
        code: 'amount_value',
        message: { 'zh-CN': expect.any(String), en: expect.any(String) },
      },
    ]);
    expect((await post(textOf({}).replace('19900', '1.5'))).json.errors).toMatchObject([{ pointer: '/amount/value' }]);
    expect((await post(textOf({ payment_method: { token: 'tok_nobody' } }))).json.errors).toMatchObject([
      { pointer: '/payment_method/token', code: 'instrument_unknown' },
    ]);
  });
});

describe('what is not even a request of ours', () => {
  it('another method is 405 and says which it takes', async () => {
    const answer = await ask(`${api.url}/v1/payments`, { method: 'DELETE' });
    expect(answer.json.code).toBe('method_not_allowed');
    expect(answer.headers.get('allow')).toBe('GET, POST');
  });

  it.each([
    '/',
    '/v2/payments',
    '/v1/payments/',
    '/v1/payments/pay_nobody',
    '/v1/payments/x/y',
    `/v1/payments/${'x'.repeat(150)}`,
  ])('%s is not found', async (path) => {
    const answer = await ask(`${api.url}${path}`);
    expect(answer.json).toMatchObject({ code: 'not_found', status: 404, accepted: null });
  });

  it('a card number in an address is not repeated', async () => {
    const { text } = await ask(`${api.url}/v1/payments/${CARD}`);
    expect(text).not.toContain(CARD);
  });

  it.each([
    [
      'an address that cannot be decoded',
      'GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      400,
      'malformed_request',
    ],
    ['no HTTP at all', 'hello\r\n\r\n', 400, 'malformed_request'],
    ['huge headers', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'headers_too_large'],
    [
      'a body longer than it says',
      'POST /v1/payments HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'malformed_request',
    ],
  ])('%s is a problem too', async (_what, bytes, status, code) => {
    const text = await exchangeRaw(api.url, bytes);
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(text).toMatch(/content-type: application\/problem\+json/i);
    expect(JSON.parse(text.slice(text.indexOf('{')))).toMatchObject({ code, status });
  });
});
