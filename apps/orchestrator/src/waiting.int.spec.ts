/** Waiting for a payment's fate over real sockets: long-polls that wake, event streams that resume. */
import {
  TEST_MERCHANT,
  TEST_TOKEN,
  type TestDatabase,
  claimOf,
  createTestJournal,
  createTestRedis,
  silentLog,
} from '#testing';
import type { PaymentId } from '#domain';
import { CancelPayment } from '#dispatch';
import { type Postgres, createPostgres } from '#postgres';
import { systemClock } from '#runtime';
import { type SpecApi, ask, startApi } from './spec-kit/api';

let database: TestDatabase;
let api: SpecApi;
/** Another process, as a worker is. */
let worker: Postgres;
let orders = 0;

beforeAll(async () => {
  database = await createTestJournal();
  const redis = await createTestRedis();
  api = await startApi(database.url, redis.url);
  worker = await createPostgres({
    databaseUrl: database.url,
    applicationName: 'spec-worker',
    site: 'a',
    log: silentLog,
    monotonicMs: systemClock.monotonicMs,
  });
});
afterAll(async () => {
  await api.stop();
  await worker.close();
  await database.drop();
});

async function makePayment(): Promise<PaymentId> {
  orders += 1;
  const { json } = await ask(`${api.url}/v1/payments`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `wait-${orders}` },
    body: JSON.stringify({
      merchant_order_no: `wait-${orders}`,
      amount: { value: 1, currency: 'CNY' },
      payment_method: { token: TEST_TOKEN },
    }),
  });
  return json.id as PaymentId;
}

const dispatch = (id: PaymentId) => worker.journal.dispatch(claimOf(id));
const succeed = (id: PaymentId) =>
  worker.journal.apply({
    paymentId: id,
    version: 2,
    to: 'succeeded',
    attempt: { leg: 1, state: 'succeeded', bankTransactionId: 'ICBC1' },
    kept: { leg: 1, capturedMinor: 1 },
    eventType: 'payment.succeeded',
    lookAgainInMs: null,
  });
const get = (id: string, headers: Record<string, string> = {}) => ask(`${api.url}/v1/payments/${id}`, { headers });

describe('a long-poll', () => {
  it('wakes when another process ends the payment, and not before', async () => {
    const id = await makePayment();
    const waiting = get(id, { Prefer: 'wait=30' });
    await dispatch(id);
    await succeed(id);
    const answer = await waiting;
    expect(answer.json).toMatchObject({ id, status: 'succeeded', final: true, version: 3, amount_captured: 1 });
    expect(answer.headers.get('preference-applied')).toBe('wait=30');
    expect((await get(id)).json).toEqual(answer.json);
  });

  it('answers at once where there is something to say, or nobody to wait', async () => {
    const id = await makePayment();
    expect((await get(id, { Prefer: 'wait=0' })).json.status).toBe('queued');
    await new CancelPayment(worker.journal).cancel(TEST_MERCHANT, id);
    expect((await get(id, { Prefer: 'respond-async, wait="30"' })).json.status).toBe('canceled');
    expect((await get('pay_01h455vb4pex5vsknk084sn02q', { Prefer: 'wait=30' })).status).toBe(404);
  });

  it('answers with the payment as it is when the patience ends', async () => {
    const id = await makePayment();
    expect((await get(id, { Prefer: 'wait=1' })).json).toMatchObject({ status: 'queued', final: false });
  });

  it('wakes a thousand at once', async () => {
    const id = await makePayment();
    const waiting = Array.from({ length: 1_000 }, () => get(id, { Prefer: 'wait=30' }));
    await dispatch(id);
    await succeed(id);
    const answers = await Promise.all(waiting);
    expect(new Set(answers.map(({ json }) => json.status))).toEqual(new Set(['succeeded']));
  });
});

describe('an event stream', () => {
  const follow = (id: string, headers: Record<string, string> = {}, query = '') =>
    ask(`${api.url}/v1/payments/${id}/events${query}`, { headers });
  const idsOf = (text: string) => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));

  it('tells what was missed, then what happens, then that it is over', async () => {
    const id = await makePayment();
    await dispatch(id);
    const following = follow(id);
    await succeed(id);
    const { text, headers } = await following;
    expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(headers.get('request-id')).toMatch(/^req_/);
    expect(idsOf(text)).toEqual([1, 2, 3]);
    expect(text).toContain('event: payment.succeeded\n');
    expect(text.endsWith('event: done\ndata: {}\n\n')).toBe(true);
    const data = JSON.parse(/^data: (\{"id":3.*)$/m.exec(text)![1]!) as Record<string, unknown>;
    expect(data).toMatchObject({ id: 3, type: 'payment.succeeded', payment: { id, status: 'succeeded' } });
  });

  it('resumes after the last event a reader has, by header or by query', async () => {
    const id = await makePayment();
    await dispatch(id);
    await succeed(id);
    expect(idsOf((await follow(id, { 'Last-Event-ID': '1' })).text)).toEqual([2, 3]);
    expect(idsOf((await follow(id, {}, '?after=2')).text)).toEqual([3]);
    expect((await follow(id, { 'Last-Event-ID': '3' })).status).toBe(204);
  });

  it.each(['x', '-1', '4', '1.5', '99999999999'])('refuses %s as the last event of three', async (cursor) => {
    const id = await makePayment();
    await dispatch(id);
    await succeed(id);
    expect((await follow(id, { 'Last-Event-ID': cursor })).json).toMatchObject({
      code: 'event_cursor_invalid',
      status: 400,
    });
  });

  it('does not exist for another payment', async () => {
    expect((await follow('pay_01h455vb4pex5vsknk084sn02q')).json.code).toBe('not_found');
  });
});
