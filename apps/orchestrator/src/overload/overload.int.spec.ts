/** An API whose event loop is really blocked: who is turned away, what they are told, and that it ends. */
import { PAYER_COHORTS, shardOf } from '#domain';
import { systemNames } from '#runtime';
import { TEST_MERCHANT, TEST_TOKEN, type TestDatabase, createTestJournal, createTestRedis } from '#testing';
import { type Answer, type SpecApi, ask, startApi } from '../spec-kit/api';

let database: TestDatabase;
let api: SpecApi;
let orders = 0;

beforeAll(async () => {
  database = await createTestJournal();
  api = await startApi(database.url, (await createTestRedis()).url, { measuresItself: true });
});
afterAll(async () => {
  await api.stop();
  await database.drop();
});

/** Of the middle cohort: the first half of a kind that yields stays in, the second half goes. */
const PAYER = Array.from({ length: 10_000 }, (_, n) => `payer-${n}`).find(
  (payer) => shardOf(TEST_MERCHANT, payer, PAYER_COHORTS, systemNames.sha256) === PAYER_COHORTS / 2,
)!;

function post(tier: 'bulk' | 'paying', key = `key-${(orders += 1)}`, orderNo = key): Promise<Answer> {
  return ask(`${api.url}/v1/payments`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
    body: JSON.stringify({
      merchant_order_no: orderNo,
      amount: { value: 100, currency: 'CNY' },
      payment_method: { token: TEST_TOKEN },
      payer_id: PAYER,
      ...(tier === 'bulk' ? { tier } : {}),
    }),
  });
}

/** Nothing else of this process runs meanwhile: late enough for reads to yield, which is later than for anything else. */
function block(): void {
  const untilMs = performance.now() + 1_400;
  while (performance.now() < untilMs);
}
/** Until timers and what hangs on them have run. */
const turn = () => new Promise((resolve) => setTimeout(resolve, 1));

it('turns bulk away first, then paying customers, then reads, never health, and lets everybody in when it is over', async () => {
  const first = await post('paying', 'accepted-before');
  expect(first.status).toBe(202);
  const seen: string[] = [];
  // Each block may cost at most one kind; three kinds, and what is won back between two.
  for (let n = 0; n < 12 && seen.at(-1) !== '503 503 503'; n += 1) {
    block();
    await turn();
    const [bulk, paying] = [await post('bulk'), await post('paying')];
    const read = await ask(`${api.url}/v1/payments/${String(first.json.id)}`);
    seen.push([bulk, paying, read].map(({ status }) => status).join(' '));
    for (const refused of [bulk, paying].filter(({ status }) => status === 503)) {
      expect(refused.json).toMatchObject({
        code: 'router_overloaded',
        accepted: false,
        retry: { safe: true, same_key: true },
        reason: { code: 'router_overloaded', because: 'loop_delay' },
      });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    }
    if (bulk.status === 503) {
      // The retry of something accepted is not told that it was refused.
      const again = await post('paying', 'accepted-before');
      expect([again.status, again.json.id]).toEqual([202, first.json.id]);
    }
  }
  const inOrder = ['202 202 200', '503 202 200', '503 503 200', '503 503 503'];
  expect(seen.filter((step) => !inOrder.includes(step))).toEqual([]);
  // One block costs one kind; a machine that is busy with other things may cost another.
  expect(seen.length).toBeGreaterThan(1);
  expect(seen.at(-1)).toBe('503 503 503');
  expect((await ask(`${api.url}/health/live`, { key: null })).status).toBe(200);
  const metrics = await ask(`${api.url}/metrics`, { key: null });
  for (const work of ['bulk', 'paying', 'read'])
    expect(metrics.text).toMatch(new RegExp(`sluice_shed_total{.*work="${work}".*} [1-9]`));

  let last: Answer | null = null;
  for (let n = 0; n < 600 && last?.status !== 202; n += 1) {
    await new Promise((resolve) => setTimeout(resolve, 25));
    last = await post('bulk');
  }
  expect(last?.status).toBe(202);
});
