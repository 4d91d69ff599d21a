/** Refunds over real sockets and a real journal: asked for once, within what was captured, found again. */
import type { PaymentId } from '#domain';
import { type Postgres, createPostgres } from '#postgres';
import { type TestDatabase, claimOf, createTestJournal, createTestRedis, draftOf, silentLog } from '#testing';
import { type SpecApi, ask, startApi } from './spec-kit/api';

let database: TestDatabase;
let api: SpecApi;
let postgres: Postgres;

beforeAll(async () => {
  database = await createTestJournal();
  api = await startApi(database.url, (await createTestRedis()).url);
  const monotonicMs = () => performance.now();
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

async function accepted(): Promise<PaymentId> {
  const draft = draftOf();
  await postgres.journal.accept(draft);
  return draft.id;
}
/** A payment that the bank has charged: 199.00 CNY. */
async function paid(): Promise<PaymentId> {
  const id = await accepted();
  await postgres.journal.dispatch(claimOf(id));
  const applied = await postgres.journal.apply({
    paymentId: id,
    version: 2,
    to: 'succeeded',
    attempt: { leg: 1, state: 'succeeded' },
    kept: { leg: 1, capturedMinor: 19_900 },
    eventType: 'payment.succeeded',
    lookAgainInMs: null,
  });
  expect(applied).toMatchObject({ kind: 'committed', value: { outcome: 'applied' } });
  return id;
}
const post = (id: string, body: unknown, key?: string) =>
  ask(`${api.url}/v1/payments/${id}/refunds`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(key && { 'Idempotency-Key': key }) },
    body: JSON.stringify(body),
  });
const amount = (value: number, currency = 'CNY') => ({ amount: { value, currency } });

describe('asking for a refund', () => {
  it('answers 202 with the refund and its address once it is durable, and the same again for the same key', async () => {
    const id = await paid();
    const first = await post(id, { ...amount(5_000), reason: '缺货退款' }, 'refund-1');
    expect(first.status).toBe(202);
    expect(first.json).toMatchObject({
      object: 'refund',
      payment: id,
      kind: 'merchant',
      status: 'requested',
      ...amount(5_000),
      reason: '缺货退款',
      settled_at: null,
    });
    expect(first.headers.get('location')).toBe(`/v1/refunds/${String(first.json.id)}`);
    const again = await post(id, { reason: '缺货退款', ...amount(5_000) }, 'refund-1');
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([202, 'true']);
    expect(again.json).toEqual(first.json);
    expect((await ask(`${api.url}/v1/payments/${id}`)).json).toMatchObject({ amount_refunded: 5_000, version: 4 });
    expect((await ask(`${api.url}/v1/refunds/${String(first.json.id)}`)).json).toEqual(first.json);
    expect((await ask(`${api.url}/v1/payments/${id}/refunds`)).json).toEqual({
      object: 'list',
      data: [first.json],
      has_more: false,
    });
  });

  it('gives back all that is left where no amount is named, and nothing beyond', async () => {
    const id = await paid();
    await post(id, amount(900), 'part');
    expect((await post(id, {}, 'rest')).json).toMatchObject(amount(19_000));
    const beyond = await post(id, amount(1), 'beyond');
    expect(beyond.status).toBe(422);
    expect(beyond.json).toMatchObject({ code: 'refund_exceeds_captured', accepted: false, refundable_minor: 0 });
  });

  it('refuses a key that means something else', async () => {
    const [one, other] = [await paid(), await paid()];
    await post(one, amount(100), 'mine');
    for (const [id, body] of [
      [one, amount(200)],
      [other, amount(100)],
    ] as const) {
      expect((await post(id, body, 'mine')).json).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
    }
  });

  it('says what is wrong: no key, another currency, too much, an open payment, a strange field, nobody’s payment', async () => {
    const id = await paid();
    const open = await accepted();
    const codeOf = async (answer: ReturnType<typeof post>) => (await answer).json.code;
    expect(await codeOf(post(id, {}))).toBe('idempotency_key_missing');
    expect(await codeOf(post(id, amount(1, 'USD'), 'a'))).toBe('refund_currency_mismatch');
    expect(await codeOf(post(id, amount(19_901), 'b'))).toBe('refund_exceeds_captured');
    expect(await codeOf(post(open, {}, 'c'))).toBe('payment_not_refundable');
    expect(await codeOf(post(id, { amount: 5 }, 'd'))).toBe('parameter_invalid');
    expect(await codeOf(post(id, { reason: '4111111111111111' }, 'e'))).toBe('card_number_forbidden');
    expect(await codeOf(post(draftOf().id, {}, 'f'))).toBe('not_found');
    expect((await ask(`${api.url}/v1/refunds/ref_01m80jktghe4fbqfv67qr043d6`)).status).toBe(404);
    expect((await ask(`${api.url}/v1/payments/${id}/refunds`)).json).toMatchObject({ data: [] });
  });
});
