/** Advice before a payment, the instruments it is about, and how channels are doing: over real sockets and a real journal. */
import {
  OTHER_TOKEN,
  TEST_TOKEN,
  type TestDatabase,
  claimOf,
  createTestJournal,
  createTestRedis,
  silentLog,
} from '#testing';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Client } from 'pg';
import type { PaymentId } from '#domain';
import { type Postgres, createPostgres } from '#postgres';
import { systemClock } from '#runtime';
import { type Answer, type SpecApi, ask, exchangeRaw, startApi } from '../spec-kit/api';
import { FULL, SaidFlow } from '../spec-kit/flow';

let database: TestDatabase;
let api: SpecApi;
let postgres: Postgres;
const flow = new SaidFlow();
let orders = 0;

beforeAll(async () => {
  database = await createTestJournal();
  api = await startApi(database.url, (await createTestRedis()).url, {
    flow: flow.door,
    env: { SLUICE_CLIENT_PER_SECOND: '50' },
  });
  const { monotonicMs } = systemClock;
  postgres = await createPostgres({
    databaseUrl: database.url,
    applicationName: 'spec',
    site: 'a',
    log: silentLog,
    monotonicMs,
  });
});
afterAll(async () => {
  await api.stop();
  await postgres.close();
  await database.drop();
});
beforeEach(() => flow.say());

const AMOUNT = { value: 19_900, currency: 'CNY' };
const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  ask(`${api.url}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const suggest = (change: object = {}) => {
  orders += 1;
  const instruments = [TEST_TOKEN, OTHER_TOKEN];
  return call('POST', '/v1/suggestions', {
    merchant_order_no: `advice-${orders}`,
    amount: AMOUNT,
    instruments,
    ...change,
  });
};
const kinds = ({ json }: Answer) =>
  (json.data as { kind: string; channel: string }[]).map(({ kind, channel }) => `${kind} ${channel}`);

const onDatabase = async (statement: string): Promise<void> => {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(statement);
  await client.end();
};

/** A stream over a socket of its own. */
function follow(path: string) {
  const { hostname, port } = new URL(api.url);
  const socket = connect(Number(port), hostname);
  let heard = '';
  socket.setEncoding('utf8');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk_sandbox_test\r\n\r\n`);
  socket.on('data', (text: string) => (heard += text));
  /** @returns what was heard from `part` on, once it has come, up to `end` after it */
  const until = async (part: string, end = ''): Promise<string> => {
    for (;;) {
      const from = heard.indexOf(part);
      const to = from < 0 ? -1 : heard.indexOf(end, from + part.length);
      if (to >= 0) return heard.slice(from, to + end.length);
      await once(socket, 'data');
    }
  };
  return { until, hangUp: () => void socket.destroy() };
}

describe('advice before a payment', () => {
  it('names the payer’s choice first while it works, and holds nothing', async () => {
    const answer = await suggest();
    expect(answer.status).toBe(200);
    expect(kinds(answer)).toEqual(['as_chosen icbc.quickpay', 'another_card ccb.quickpay']);
    expect(answer.json).toMatchObject({ level: 'normal', data: [{ id: null, expires_at: null }, { id: null }] });
  });

  it('names what will work where the choice does not, with an id to take it by', async () => {
    flow.say({ 'icbc.quickpay': FULL });
    const answer = await suggest();
    expect(kinds(answer)).toEqual(['another_card ccb.quickpay', 'wait icbc.quickpay']);
    expect(answer.json).toMatchObject({
      level: 'congested',
      data: [{ id: expect.stringMatching(/^sug_/) }, { id: null }],
    });
  });

  it('respects amount caps and currencies', async () => {
    flow.say({ 'ccb.quickpay': FULL });
    // The first bank takes a tenth of this amount.
    const large = { amount: { value: 2_000_000, currency: 'CNY' }, instruments: [OTHER_TOKEN, TEST_TOKEN] };
    expect(kinds(await suggest(large))).toEqual(['wait ccb.quickpay']);
    expect(kinds(await suggest({ ...large, amount: { value: 1, currency: 'USD' } }))).toEqual([]);
  });

  it('refuses tokens that are not the merchant’s, and a request about nobody’s instruments', async () => {
    expect((await suggest({ instruments: [TEST_TOKEN, 'tok_nobody'] })).json).toMatchObject({
      code: 'instrument_unknown',
      errors: [{ pointer: '/instruments/1' }],
    });
    expect((await suggest({ instruments: null })).json).toMatchObject({
      code: 'parameter_invalid',
      errors: [{ pointer: '/instruments', code: 'required' }],
    });
  });

  it('is silent about an order whose money may be on its way', async () => {
    const order = { merchant_order_no: 'advice-known', amount: AMOUNT };
    const body = { ...order, payment_method: { token: TEST_TOKEN }, alternatives: [OTHER_TOKEN] };
    const { json } = await call('POST', '/v1/payments', body, { 'Idempotency-Key': 'known' });
    flow.say({ 'icbc.quickpay': FULL });
    // It came in before the channel was full, and is told the wait that is left to it.
    expect(kinds(await suggest(order))).toContain('wait icbc.quickpay');
    await postgres.journal.dispatch(claimOf(json.id as PaymentId));
    expect(kinds(await suggest(order))).toEqual([]);
  });
});

describe('a payer’s stored instruments', () => {
  const path = '/v1/payers/u-1/instruments';
  const tokens = ({ json }: Answer) => (json.data as { token: string }[]).map(({ token }) => token);

  it('are kept in the payer’s order, added once, and forgotten one by one', async () => {
    expect(tokens(await call('GET', path))).toEqual([]);
    expect((await call('POST', path, { token: OTHER_TOKEN })).status).toBe(201);
    const again = await call('POST', path, { token: OTHER_TOKEN });
    expect([again.status, tokens(again)]).toEqual([200, [OTHER_TOKEN]]);
    const put = await call('PUT', path, { tokens: [TEST_TOKEN, OTHER_TOKEN] });
    expect(put.json).toMatchObject({
      data: [
        { token: TEST_TOKEN, channel: 'icbc.quickpay', product: 'quickpay', bank: { id: 'icbc' } },
        { token: OTHER_TOKEN },
      ],
    });
    expect(tokens(await call('GET', path))).toEqual([TEST_TOKEN, OTHER_TOKEN]);
    expect((await call('DELETE', `${path}/${TEST_TOKEN}`)).status).toBe(204);
    expect((await call('DELETE', `${path}/${TEST_TOKEN}`)).status).toBe(404);
    expect(tokens(await call('GET', path))).toEqual([OTHER_TOKEN]);
  });

  it('are the merchant’s own tokens, and no more than sixteen', async () => {
    expect((await call('POST', path, { token: 'tok_nobody' })).json).toMatchObject({
      code: 'instrument_unknown',
      errors: [{ pointer: '/token' }],
    });
    expect((await call('PUT', path, { tokens: [TEST_TOKEN, 'tok_nobody'] })).json).toMatchObject({
      errors: [{ pointer: '/tokens/1' }],
    });
    expect((await call('PUT', path, { tokens: [TEST_TOKEN, TEST_TOKEN] })).json).toMatchObject({
      code: 'parameter_invalid',
    });
    await onDatabase(
      `insert into instruments (token, merchant_id, channel_id, bank_token)
       select 'tok_more_' || n, 'mer_test', 'icbc.quickpay', 'x' from generate_series(1, 17) n`,
    );
    const many = Array.from({ length: 16 }, (_, n) => `tok_more_${n + 1}`);
    expect(tokens(await call('PUT', path, { tokens: many }))).toEqual(many);
    expect((await call('POST', path, { token: 'tok_more_17' })).json).toMatchObject({ code: 'payer_instruments_full' });
  });

  it('are ranked for the payer, and used by a payment that asks for them', async () => {
    await call('PUT', path, { tokens: [TEST_TOKEN, OTHER_TOKEN] });
    expect(kinds(await suggest({ instruments: null, payer_id: 'u-1' }))[0]).toBe('as_chosen icbc.quickpay');
    expect(kinds(await suggest({ instruments: null, payer_id: 'u-nobody' }))).toEqual([]);
    const body = { merchant_order_no: 'stored-1', amount: AMOUNT, payment_method: { token: OTHER_TOKEN } };
    const post = (change: object, key: string) =>
      call('POST', '/v1/payments', { ...body, ...change }, { 'Idempotency-Key': key });
    expect((await post({ stored_instruments: true }, 'stored-a')).json).toMatchObject({
      code: 'parameter_invalid',
      errors: [{ pointer: '/payer_id' }],
    });
    const stored = await post({ stored_instruments: true, payer_id: 'u-1' }, 'stored-b');
    expect(stored.json).toMatchObject({ payment_method: { token: OTHER_TOKEN }, alternatives: [TEST_TOKEN] });
  });
});

describe('channels', () => {
  it('are shown as they are doing', async () => {
    flow.say({
      'icbc.quickpay': { level: 'congested', backlog: 100 },
      'ccb.quickpay': { level: 'closed', breaker: 'open' },
    });
    const { json } = await call('GET', '/v1/channels');
    expect(json).toMatchObject({
      data: [
        { id: 'ccb.quickpay', level: 'closed', reason: { code: 'breaker_open' } },
        {
          id: 'icbc.quickpay',
          level: 'congested',
          reason: { code: 'channel_congested' },
          eta_ms: { p50: expect.any(Number) },
        },
      ],
    });
    flow.say();
    expect((await call('GET', '/v1/channels/icbc.quickpay')).json).toMatchObject({
      level: 'normal',
      reason: null,
      success_rate: 0.99,
      maintenance: null,
    });
  });

  it('are told about as they change', async () => {
    const line = follow('/v1/channels/stream');
    await line.until('text/event-stream');
    await line.until('event: channels');
    flow.say({ 'icbc.quickpay': { level: 'busy' } });
    await line.until('"level":"busy"');
    line.hangUp();
  });
});

describe('a payer who is declined', () => {
  it('is told on the payment’s stream what else would work, but for the card that was declined', async () => {
    const body = { merchant_order_no: 'declined-1', amount: AMOUNT, payment_method: { token: TEST_TOKEN } };
    const both = { ...body, alternatives: [OTHER_TOKEN] };
    const { json } = await call('POST', '/v1/payments', both, { 'Idempotency-Key': 'declined-1' });
    const line = follow(`/v1/payments/${String(json.id)}/events`);
    await line.until('event: payment.queued');
    const paymentId = json.id as PaymentId;
    await postgres.journal.dispatch(claimOf(paymentId));
    await postgres.journal.apply({
      paymentId,
      version: 2,
      to: 'requires_payment_method',
      attempt: { leg: 1, state: 'declined', declineReason: 'insufficient_funds' },
      eventType: 'payment.requires_payment_method',
      reason: { code: 'declined' },
      lookAgainInMs: 60_000,
    });
    const frame = await line.until('event: payment.suggestions', '\n\n');
    line.hangUp();
    expect(frame).not.toContain('id: ');
    expect(JSON.parse(/^data: (.*)$/m.exec(frame)![1]!)).toMatchObject({
      payment: paymentId,
      queue: null,
      suggestions: [{ kind: 'another_card', payment_method: { token: OTHER_TOKEN }, reason: { code: 'declined' } }],
    });
  });
});

describe('a merchant’s own quota', () => {
  it('is the only thing that 429 is about, and says when there is room again', async () => {
    const body = JSON.stringify({ merchant_order_no: 'quota', amount: AMOUNT, instruments: [TEST_TOKEN] });
    const head = 'Host: x\r\nAuthorization: Bearer sk_sandbox_test\r\nContent-Type: application/json';
    const one = `POST /v1/suggestions HTTP/1.1\r\n${head}\r\nContent-Length: ${body.length}\r\n`;
    // Over one connection, one behind the other, so that they come faster than a quota drains.
    const many = `${one}\r\n${body}`.repeat(199) + `${one}Connection: close\r\n\r\n${body}`;
    const answers = (await exchangeRaw(api.url, many)).split(/(?=HTTP\/1\.1 )/);
    const limited = answers.filter((answer) => answer.startsWith('HTTP/1.1 429'));
    const passed = answers.filter((answer) => answer.startsWith('HTTP/1.1 200'));
    expect([answers.length, limited.length + passed.length]).toEqual([200, 200]);
    expect(passed.length).toBeGreaterThanOrEqual(40);
    expect(passed[0]).toMatch(/ratelimit-policy: "client";q=50;w=1/i);
    expect(limited[0]).toMatch(/ratelimit: "client";r=0;t=\d+/i);
    expect(limited[0]).toMatch(/retry-after: [1-9]/i);
    expect(limited[0]).toMatch(/"code":"client_rate_limited".*"accepted":"unknown"/);
    // What is only read has no part in it.
    expect((await call('GET', '/v1/channels')).status).toBe(200);
  });
});
