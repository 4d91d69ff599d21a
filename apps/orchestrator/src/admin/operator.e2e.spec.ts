/** The built product, as an operator meets it at midnight: a stop reaches payers and the bank alike, and every worker says that it acts on it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningProduct, type TestDatabase, createTestDatabase, createTestRedis, startProduct } from '#testing';

const CHANNEL = 'icbc.quickpay';
const LIMITS = `/v1/admin/channels/${CHANNEL}/limits`;

let database: TestDatabase;
let product: RunningProduct;
let orders = 0;

beforeAll(async () => {
  const [made, redis] = await Promise.all([createTestDatabase(), createTestRedis()]);
  database = made;
  product = await startProduct({ databaseUrl: database.url, redisUrl: redis.url });
});

afterAll(async () => {
  await product.end();
  await database.drop();
});

interface Answer {
  readonly status: number;
  readonly json: Record<string, unknown>;
}

async function ask(path: string, key: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const method = headers['If-Match'] === undefined ? 'POST' : 'PATCH';
  const response = await fetch(`${product.urls.api}${path}`, {
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', ...headers },
    ...(body === undefined ? {} : { method, body: JSON.stringify(body) }),
  });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}
const operate = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
  ask(path, product.keys.operator, body, headers);
const pay = (): Promise<Answer> => {
  orders += 1;
  const body = {
    merchant_order_no: `e2e-${orders}`,
    amount: { value: 100, currency: 'CNY' },
    payment_method: { token: product.tokens['ok'] },
  };
  return ask('/v1/payments', product.keys.merchant, body, { 'Idempotency-Key': `e2e-${orders}` });
};
const read = async ({ json }: Answer, wait = 0): Promise<string> => {
  const headers: Record<string, string> = wait === 0 ? {} : { Prefer: `wait=${wait}` };
  const payment = await ask(`/v1/payments/${String(json['id'])}`, product.keys.merchant, undefined, headers);
  return String(payment.json['status']);
};
/** Looks until it is so, at most 20 s. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const endMs = Date.now() + 20_000; !(await isSo()); await sleep(50)) {
    if (Date.now() > endMs) throw new Error('Waited 20 s.');
  }
}
/** Every worker acts on the newest limits and orders, and says so. */
async function acknowledged(): Promise<void> {
  await until(async () => {
    const { acknowledged: by } = (await operate(`/v1/admin/channels/${CHANNEL}`)).json as {
      acknowledged: { workers: number | null; workers_acting: number | null };
    };
    return by.workers !== null && by.workers > 0 && by.workers_acting === by.workers;
  });
}
const order = (hold: string) => operate('/v1/admin/orders', { target: CHANNEL, hold, reason: 'a test' });
const release = () => operate('/v1/admin/orders/release', { target: CHANNEL, reason: 'over' });

it('pauses: payments come in and wait; isolates: none comes in; releases: all of them go', async () => {
  expect(await read(await pay(), 20)).toBe('succeeded');

  await order('pause');
  await acknowledged();
  const waiting = await pay();
  expect(waiting.status).toBe(202);
  await order('isolate');
  await acknowledged();
  const refused = await pay();
  expect(refused).toMatchObject({ status: 503, json: { code: 'channel_breaker_open', accepted: false } });
  // Long enough for a payment that is sent to be answered: the bank takes a quarter of a second.
  await sleep(2_000);
  expect(await read(waiting)).toBe('queued');

  expect((await release()).json).toMatchObject({ released: [{ hold: 'pause' }, { hold: 'isolate' }] });
  expect(await read(waiting, 20)).toBe('succeeded');
  await until(async () => (await pay()).status === 202);
});

it('shows what the controller makes of a lowered limit, and that the workers act on it', async () => {
  const before = (await operate(LIMITS)).json as {
    latest_revision: number;
    in_force: { limits: { in_flight_max: number } };
  };
  const ceiling = Math.floor(before.in_force.limits.in_flight_max / 2);
  const body = {
    limits: { in_flight_max: ceiling },
    until: new Date(Date.now() + 600_000).toISOString(),
    reason: 'a test',
  };
  const changed = await operate(LIMITS, body, { 'If-Match': `"${before.latest_revision}"` });
  expect(changed).toMatchObject({ status: 200, json: { in_force: { limits: { in_flight_max: ceiling } } } });
  await acknowledged();
  await until(async () => {
    const { json } = await operate(`/v1/admin/channels/${CHANNEL}`);
    const flow = json['flow'] as { limits: { pay: { configured: number; effective: number } } } | null;
    return flow !== null && flow.limits.pay.configured === ceiling && flow.limits.pay.effective <= ceiling;
  });
});
