/** Coming in over real sockets and a real journal, by the word of a controller that the spec plays: admitted, advised, refused. */
import { OTHER_TOKEN, TEST_TOKEN, type TestDatabase, createTestJournal, createTestRedis } from '#testing';
import { createSuggestionSeal } from '#runtime';
import { Client } from 'pg';
import type { MerchantId } from '#domain';
import { type Answer, type SpecApi, ask, startApi } from '../spec-kit/api';
import { FULL, SLOW, SaidFlow } from '../spec-kit/flow';

let database: TestDatabase;
let redisUrl: string;
let api: SpecApi;
const flow = new SaidFlow();
let orders = 0;

beforeAll(async () => {
  database = await createTestJournal();
  redisUrl = (await createTestRedis()).url;
  api = await startApi(database.url, redisUrl, { flow: flow.door });
});
afterAll(async () => {
  await api.stop();
  await database.drop();
});
beforeEach(() => flow.say());

const AMOUNT = { value: 19_900, currency: 'CNY' };
const BOTH = { payment_method: { token: TEST_TOKEN }, alternatives: [OTHER_TOKEN] };

function bodyOf(change: object = {}): Record<string, unknown> & { merchant_order_no: string } {
  orders += 1;
  return { merchant_order_no: `door-${orders}`, amount: AMOUNT, payment_method: { token: TEST_TOKEN }, ...change };
}
const send = (path: string, body: unknown, key = `key-${orders}`, url = api.url): Promise<Answer> =>
  ask(`${url}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
    body: JSON.stringify(body),
  });
const post = (body: unknown, key?: string, url?: string) => send('/v1/payments', body, key, url);

interface Offered {
  readonly id: string | null;
  readonly kind: string;
  readonly payment_method: { readonly token: string };
}
const suggestionsOf = ({ json }: Answer) => json.suggestions as readonly Offered[];
const stored = async (orderNo: string) =>
  ((await ask(`${api.url}/v1/payments?merchant_order_no=${orderNo}`)).json.data as readonly unknown[]).length;

describe('a payment that comes in', () => {
  it('is told its place in the queue and its honest time, the same again under the same key', async () => {
    flow.say({ 'icbc.quickpay': { backlog: 50 } });
    const body = bodyOf(BOTH);
    const first = await post(body);
    expect(first.status).toBe(202);
    expect(first.json).toMatchObject({
      queue: { ahead: expect.any(Number), eta_ms: { p50: expect.any(Number), p90: expect.any(Number) } },
      suggestions: [],
    });
    const { ahead, eta_ms } = first.json.queue as { ahead: number; eta_ms: { p50: number; p90: number } };
    expect(ahead).toBeGreaterThan(30);
    expect(ahead).toBeLessThanOrEqual(50);
    expect(eta_ms.p90).toBeGreaterThan(eta_ms.p50);
    flow.say();
    const again = await post(body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.text).toBe(first.text);
  });

  it('is shown what would be quicker where its channel is busy, in both languages, and again under the same key', async () => {
    flow.say({ 'icbc.quickpay': SLOW });
    const body = bodyOf(BOTH);
    const first = await post(body);
    expect(first.status).toBe(202);
    expect(suggestionsOf(first)).toMatchObject([
      {
        id: expect.stringMatching(/^sug_/),
        kind: 'another_card',
        payment_method: { token: OTHER_TOKEN },
        channel: 'ccb.quickpay',
        success_rate: 0.99,
        reason: { code: 'channel_congested', channel: 'icbc.quickpay', waiting: 100 },
        message: { 'zh-CN': '改用中国建设银行快捷支付，约 1 秒完成', en: 'Use CCB quick-pay instead, about 1 s.' },
        expires_at: expect.any(String),
      },
      { id: null, kind: 'wait', payment_method: { token: TEST_TOKEN }, expires_at: null },
    ]);
    expect((await post(body)).text).toBe(first.text);
    const later = await ask(`${api.url}/v1/payments/${String(first.json.id)}`);
    expect(later.json).toMatchObject({ status: 'queued', queue: { ahead: expect.any(Number) }, suggestions: [] });
  });

  it('is not advised where its caller only wants to wait', async () => {
    flow.say({ 'icbc.quickpay': SLOW });
    expect(suggestionsOf(await post(bodyOf({ ...BOTH, routing: { mode: 'queue' } })))).toEqual([]);
  });
});

describe('a payment that is refused', () => {
  it('is told what will work instead; nothing is stored, and the key stays free', async () => {
    flow.say({ 'icbc.quickpay': FULL });
    const body = bodyOf(BOTH);
    const refused = await post(body);
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(refused.json).toMatchObject({
      code: 'channel_saturated',
      accepted: false,
      channel: 'icbc.quickpay',
      retry: { safe: true, same_key: true },
      reason: { code: 'beyond_fair_share', message: { 'zh-CN': expect.any(String) } },
    });
    expect(suggestionsOf(refused)).toMatchObject([{ kind: 'another_card', payment_method: { token: OTHER_TOKEN } }]);
    expect(await stored(body.merchant_order_no)).toBe(0);
    flow.say();
    const later = await post(body);
    expect([later.status, later.headers.get('idempotent-replayed')]).toEqual([202, null]);
  });

  it.each<[string, object, object, string]>([
    ['the payer’s patience is shorter than the wait', SLOW, { routing: { max_wait_ms: 500 } }, 'deadline_unreachable'],
    ['the bank does not answer', { level: 'closed', breaker: 'open' }, {}, 'channel_breaker_open'],
    ['an operator has closed it for maintenance', { level: 'closed', hold: 'maintenance' }, {}, 'channel_maintenance'],
    ['an operator drains it', { level: 'closed', hold: 'drain' }, {}, 'channel_draining'],
  ])('because %s has a code of its own, and another card', async (_why, said, change, code) => {
    flow.say({ 'icbc.quickpay': said });
    const refused = await post(bodyOf({ ...BOTH, ...change }));
    expect(refused.json).toMatchObject({ code, status: 503, accepted: false });
    expect(suggestionsOf(refused)[0]).toMatchObject({ kind: 'another_card', payment_method: { token: OTHER_TOKEN } });
  });

  it('is offered nothing where the other bank has no headroom, so that it does not fall too', async () => {
    flow.say({ 'icbc.quickpay': FULL, 'ccb.quickpay': { headroomPerSecond: 0, offerBudget: 0 } });
    expect(suggestionsOf(await post(bodyOf(BOTH)))).toEqual([]);
  });

  it('is offered what is left, and no more: offers never exceed the other bank’s headroom', async () => {
    flow.say({ 'icbc.quickpay': FULL, 'ccb.quickpay': { offerBudget: 2 } });
    const offered = [];
    for (let payer = 0; payer < 6; payer += 1) offered.push(suggestionsOf(await post(bodyOf(BOTH))).length);
    // Two units of headroom, of which earlier specs' offers may still hold a part, and each offer counts for most of one.
    expect(offered.filter((count) => count > 0).length).toBeLessThanOrEqual(2);
    expect(offered.at(-1)).toBe(0);
  });

  it('is moved within the other bank’s headroom where its merchant lets us, and says so', async () => {
    flow.say({ 'icbc.quickpay': FULL, 'ccb.quickpay': { offerBudget: 40 } });
    const body = bodyOf({ ...BOTH, routing: { mode: 'reroute' } });
    const moved = await post(body);
    expect(moved.status).toBe(202);
    const reason = { code: 'rerouted_at_admission', from: 'icbc.quickpay', to: 'ccb.quickpay' };
    expect(moved.json).toMatchObject({ instrument: OTHER_TOKEN, channel: { id: 'ccb.quickpay' }, reason });
    expect((await post(body)).text).toBe(moved.text);
    expect((await ask(`${api.url}/v1/payments/${String(moved.json.id)}`)).json).toMatchObject({ reason });
    flow.say({ 'icbc.quickpay': FULL, 'ccb.quickpay': { offerBudget: 0 } });
    const stays = await post(bodyOf({ ...BOTH, routing: { mode: 'reroute' } }));
    expect(stays.json).toMatchObject({ code: 'channel_saturated' });
  });
});

describe('a suggestion that is taken', () => {
  const FULL_BOTH = { 'icbc.quickpay': FULL, 'ccb.quickpay': { ...FULL, share: 0 } };
  const offer = async () => {
    flow.say({ 'icbc.quickpay': FULL, 'ccb.quickpay': { offerBudget: 1_000 } });
    const body = bodyOf(BOTH);
    const suggestion = suggestionsOf(await post(body))[0]!;
    const taking = {
      ...body,
      payment_method: { token: OTHER_TOKEN },
      alternatives: null,
      suggestion_id: suggestion.id,
    };
    // From now on the other bank turns newcomers away as well.
    flow.say(FULL_BOTH);
    return taking;
  };

  it('lets its payer in past a door that turns newcomers away, and once: the order is paid by one payment', async () => {
    const taking = await offer();
    const { suggestion_id: _, ...plain } = taking;
    expect((await post({ ...plain, merchant_order_no: 'a-newcomer' }, 'newcomer')).json).toMatchObject({
      code: 'channel_saturated',
    });
    const taken = await post(taking, 'taking');
    expect(taken.json).toMatchObject({ status: 'queued', channel: { id: 'ccb.quickpay' }, instrument: OTHER_TOKEN });
    expect((await post(taking, 'taking')).text).toBe(taken.text);
    expect((await post(taking, 'taking-again')).json).toMatchObject({ code: 'order_no_conflict' });
  });

  it('is honoured by another process than the one that offered it', async () => {
    const taking = await offer();
    const other = await startApi(database.url, redisUrl, { flow: flow.door });
    expect((await post(taking, 'elsewhere', other.url)).status).toBe(202);
    await other.stop();
  });

  it.each<[string, object]>([
    ['another amount', { amount: { value: 19_901, currency: 'CNY' } }],
    ['another order', { merchant_order_no: 'another-order' }],
    ['another instrument', { payment_method: { token: TEST_TOKEN } }],
    ['a made-up id', { suggestion_id: `sug_${'A'.repeat(32)}` }],
  ])('is good for nothing else: %s', async (_what, change) => {
    const taking = { ...(await offer()), ...change };
    const refused = await post(taking, `mismatch-${orders}`);
    expect(refused.json).toMatchObject({
      code: 'suggestion_mismatch',
      status: 422,
      accepted: false,
      errors: [{ pointer: '/suggestion_id' }],
    });
  });

  it('ends with its time', async () => {
    const taking = await offer();
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query<{ secret: Buffer }>('select secret from suggestion_key');
    await client.end();
    const terms = {
      merchantId: 'mer_test' as MerchantId,
      merchantOrderNo: taking.merchant_order_no,
      token: OTHER_TOKEN,
      amount: AMOUNT,
    };
    const old = createSuggestionSeal(rows[0]!.secret).seal(terms, 0, Date.now() - 1);
    expect((await post({ ...taking, suggestion_id: old }, 'late')).json).toMatchObject({ code: 'suggestion_expired' });
  });

  it('does not lead past an operator, or to a bank that does not answer', async () => {
    const taking = await offer();
    flow.say({ 'ccb.quickpay': { level: 'closed', breaker: 'open' } });
    expect((await post(taking, 'fallen')).json).toMatchObject({ code: 'channel_breaker_open', status: 503 });
    flow.say({ 'ccb.quickpay': { level: 'closed', hold: 'maintenance' } });
    expect((await post(taking, 'fallen')).json).toMatchObject({ code: 'channel_maintenance' });
    flow.say(FULL_BOTH);
    expect((await post(taking, 'fallen')).status).toBe(202);
  });

  it('moves a payment that waits already', async () => {
    flow.say({ 'icbc.quickpay': SLOW, 'ccb.quickpay': { offerBudget: 1_000 } });
    const waiting = await post(bodyOf(BOTH));
    const [suggestion] = suggestionsOf(waiting);
    flow.say({ 'icbc.quickpay': SLOW, 'ccb.quickpay': FULL });
    const path = `/v1/payments/${String(waiting.json.id)}/switch`;
    const bare = { payment_method: { token: OTHER_TOKEN } };
    expect((await send(path, bare, 'bare')).json).toMatchObject({ code: 'channel_saturated' });
    const moved = await send(path, { ...bare, suggestion_id: suggestion!.id }, 'with');
    expect(moved.json).toMatchObject({ status: 'queued', version: 2, channel: { id: 'ccb.quickpay' } });
    expect(moved.json.queue).toMatchObject({ ahead: expect.any(Number) });
  });
});
