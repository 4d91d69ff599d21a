/** Without PostgreSQL nothing is accepted and nothing is claimed; without Redis payments go on; at the end readers are told. */
import { TEST_TOKEN, type TestDatabase, createTestJournal, createTestRedis } from '#testing';
import { type CuttableLine, type SpecApi, ask, cuttableLine, startApi } from './spec-kit/api';

let database: TestDatabase;
let toPostgres: CuttableLine;
let toRedis: CuttableLine;
let api: SpecApi;

beforeEach(async () => {
  database = await createTestJournal();
  toPostgres = await cuttableLine(database.url);
  toRedis = await cuttableLine((await createTestRedis()).url);
  api = await startApi(toPostgres.url, toRedis.url);
});
afterEach(async () => {
  await api.stop();
  await toPostgres.close();
  await toRedis.close();
  await database.drop();
});

const post = (order: string) =>
  ask(`${api.url}/v1/payments`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': order },
    body: JSON.stringify({
      merchant_order_no: order,
      amount: { value: 1, currency: 'CNY' },
      payment_method: { token: TEST_TOKEN },
    }),
  });

describe('PostgreSQL gone', () => {
  it('is a 503 that says when to come back and never claims that a key was not accepted; then the first answer again', async () => {
    const first = await post('kept');
    expect(first.status).toBe(202);
    toPostgres.cut();
    for (const order of ['kept', 'fresh']) {
      const refused = await post(order);
      expect(refused.status).toBe(503);
      expect(['acceptance_unknown', 'storage_unavailable']).toContain(refused.json.code);
      expect(refused.json).toMatchObject({ accepted: 'unknown', retry: { safe: true, same_key: true } });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    }
    const read = await ask(`${api.url}/v1/payments/${String(first.json.id)}`);
    expect(read.json).toMatchObject({ code: 'journal_unreadable', status: 503, accepted: null });
    expect((await ask(`${api.url}/health/ready`)).json).toMatchObject({ status: 'unavailable' });
    expect((await ask(`${api.url}/health/live`)).status).toBe(200);

    toPostgres.mend();
    const again = await untilStatus(202, () => post('kept'));
    expect(again.text).toBe(first.text);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  it('wakes a waiting reader with what it missed', async () => {
    const { json } = await post('missed');
    const address = `${api.url}/v1/payments/${String(json.id)}`;
    const waiting = ask(address, { headers: { Prefer: 'wait=20' } });
    await untilStatus(
      200,
      () => ask(`${api.url}/metrics`),
      ({ text }) => /sluice_long_polls\{[^}]*\} 1/.test(text),
    );
    toPostgres.cut();
    toPostgres.mend();
    await untilStatus(200, () => ask(`${address}/cancel`, { method: 'POST' }));
    expect((await waiting).json.status).toBe('canceled');
  });
});

describe('Redis gone', () => {
  it('changes nothing for a payment', async () => {
    toRedis.cut();
    expect((await post('without-redis')).status).toBe(202);
    const ready = await ask(`${api.url}/health/ready`);
    expect(ready.status).toBe(200);
    expect(JSON.stringify(ready.json)).toContain('payments go on');
  });
});

describe('an orderly end', () => {
  it('answers who waits, ends streams with a hint, finishes requests and closes everything', async () => {
    const { json } = await post('ending');
    const address = `${api.url}/v1/payments/${String(json.id)}`;
    const waiting = ask(address, { headers: { Prefer: 'wait=30' } });
    const following = ask(`${address}/events`);
    await untilStatus(
      200,
      () => ask(`${api.url}/metrics`),
      ({ text }) => /sluice_long_polls\{[^}]*\} 1/.test(text) && /sluice_event_streams\{[^}]*\} 1/.test(text),
    );
    expect(await api.stop()).toEqual([]);
    expect((await waiting).json.status).toBe('queued');
    expect((await following).text).toMatch(/retry: \d+\n\n$/);
    await expect(ask(`${api.url}/health/live`)).rejects.toThrow();
  });
});

/** Asks until the answer is as wanted: how fast a reconnect is, is the network's business. Bounded by the spec's own time-out. */
async function untilStatus(
  status: number,
  question: () => ReturnType<typeof ask>,
  also: (answer: Awaited<ReturnType<typeof ask>>) => boolean = () => true,
): ReturnType<typeof ask> {
  for (;;) {
    const answer = await question();
    if (answer.status === status && also(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
