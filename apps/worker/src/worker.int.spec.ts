/** One payment's way to a real bank simulator and back, over real PostgreSQL and Redis, in ordinary and bad weather. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { WorkerEnv } from '#config';
import { type PaymentDraft, type StepProbe, type WorkQueue } from '#dispatch';
import { type Payment, type PaymentState, isFinal } from '#domain';
import { BullWorkQueue, RedisLink } from '#queue';
import {
  OTHER_CHANNEL,
  OTHER_TOKEN,
  TEST_CHANNEL,
  type SpawnedProcess,
  type TestDatabase,
  type TestRedis,
  createTestJournal,
  createTestRedis,
  draftOf,
  silentLog,
  spawnProcess,
  testToken,
} from '#testing';
import { type Worker, createWorker } from './worker';

const SIMULATOR = resolve(__dirname, '../../../dist/apps/bank-simulator/src/main.js');
const BANK_SECRET = 'a secret between us and the banks';
const meters = { count: () => undefined, observeMs: () => undefined };

let folder: string;
let bank: SpawnedProcess;
let bankUrl: string;
let database: TestDatabase;
let redis: TestRedis;
let worker: Worker;
let link: RedisLink;
let queue: WorkQueue;

const startBank = async (port: string) => {
  bank = spawnProcess(SIMULATOR, {
    env: { BANK_SIMULATOR_PORT: port, BANK_SIMULATOR_DATA: folder, BANK_SECRET, BANK_SIMULATOR_SEED: '1' },
  });
  const output = await bank.untilOutput(/"msg":"ready"/);
  return /"url":"([^"]+)"/.exec(output)![1]!;
};
const startWorker = async (redisUrl: string) => {
  const env = Object.assign(new WorkerEnv(), { DATABASE_URL: database.url, REDIS_URL: redisUrl, BANK_SECRET });
  const reached: StepProbe = () => undefined;
  worker = await createWorker(env, silentLog, meters, reached);
  worker.start();
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-bank-'));
  bankUrl = await startBank('0');
  [database, redis] = await Promise.all([createTestJournal(bankUrl), createTestRedis()]);
  await startWorker(redis.url);
  link = new RedisLink(redis.url, 'spec');
  queue = new BullWorkQueue(link, meters);
});

afterAll(async () => {
  link.close();
  await worker.stop();
  await bank.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function accept(behaviour: string, changes: Partial<PaymentDraft> = {}, enqueue = true): Promise<Payment> {
  const draft = draftOf({ instrumentToken: testToken(behaviour), onDecline: 'fail', ...changes });
  const commit = await worker.postgres.journal.accept(draft);
  if (commit.kind !== 'committed') throw new Error(JSON.stringify(commit));
  if (enqueue) await queue.add('pay', TEST_CHANNEL, { paymentId: draft.id, version: 1 });
  return commit.value.payment;
}

/** Waits for a payment to stand somewhere: woken by the feed, at most 50 s (the slowest truth here is the bank's time fence). */
async function until(payment: Payment, done: (state: PaymentState) => boolean = isFinal): Promise<Payment> {
  const { feed, journal } = worker.postgres;
  let wake = () => undefined as void;
  const stop = feed.subscribe((ids) => ids.includes(payment.id) && wake());
  try {
    for (const endMs = Date.now() + 50_000; Date.now() < endMs;) {
      const changed = new Promise<void>((resolved) => {
        wake = resolved;
        setTimeout(resolved, 1_000).unref();
      });
      const now = await journal.read(payment.id);
      if (now && done(now.head.state)) return now;
      await changed;
    }
  } finally {
    stop();
  }
  throw new Error(`Payment ${payment.id} did not get there: ${JSON.stringify(await journal.read(payment.id))}`);
}
async function charges(payment: Payment): Promise<number> {
  const text = await (await fetch(`${bankUrl}/control/ledger?channel=${TEST_CHANNEL}`)).text();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { operation: string; reference: string; result: string })
    .filter((entry) => entry.operation === 'charge' && entry.result === 'OK')
    .filter((entry) => entry.reference === payment.head.bankReference).length;
}

describe('an ordinary day', () => {
  it('charges the payer once and says so', async () => {
    const payment = await until(await accept('ok'));
    expect(payment).toMatchObject({ head: { state: 'succeeded', keptLeg: 1, capturedMinor: 19_900, version: 3 } });
    expect(await charges(payment)).toBe(1);
  });

  it('charges once however often the job comes', async () => {
    const payment = await accept('ok');
    await Promise.all(
      Array.from({ length: 20 }, () => queue.add('pay', TEST_CHANNEL, { paymentId: payment.id, version: 1 })),
    );
    await until(payment);
    await queue.add('pay', TEST_CHANNEL, { paymentId: payment.id, version: 1 });
    expect(await charges(payment)).toBe(1);
  });

  it('tells the bank’s clear no as it is', async () => {
    const payment = await until(await accept('insufficient_funds'));
    expect(payment.head.state).toBe('failed');
    expect(payment.attempt).toMatchObject({ state: 'declined', declineReason: 'insufficient_funds', bankCode: '51' });
    expect(await charges(payment)).toBe(0);
  });

  it('lets a payer choose again after a decline', async () => {
    const payment = await accept('insufficient_funds', { onDecline: 'requires_payment_method' });
    expect((await until(payment, (state) => state !== 'queued' && state !== 'processing')).head.state).toBe(
      'requires_payment_method',
    );
  });

  it('lets a payment expire unsent when its deadline passes in the queue', async () => {
    const payment = await until(await accept('ok', { expiresAt: Date.now() + 900 }));
    expect(payment).toMatchObject({ head: { state: 'expired' }, attempt: null });
    expect(await charges(payment)).toBe(0);
  });
});

describe('a bank that does not answer', () => {
  it('is asked, and a charge whose answer was lost is found and kept', async () => {
    const payment = await until(await accept('lost_answer'));
    expect(payment).toMatchObject({ head: { state: 'succeeded', keptLeg: 1 }, attempt: { state: 'succeeded' } });
    const events = await worker.postgres.journal.events(payment, 0, 10);
    expect(events.map(({ type }) => type)).toEqual([
      'payment.queued',
      'payment.processing',
      'payment.unknown',
      'payment.succeeded',
    ]);
    expect(await charges(payment)).toBe(1);
  });

  it('is not sent again when the request was lost: the payment fails only once the bank can no longer charge it', async () => {
    const payment = await until(await accept('reset'));
    expect(payment).toMatchObject({ head: { state: 'failed', leg: 1 }, attempt: { declineReason: 'refused_late' } });
    expect(await charges(payment)).toBe(0);
  });

  it('that charges another amount is believed by nobody: a person looks', async () => {
    const payment = await accept('wrong_amount');
    const seen = await until(payment, (state) => state !== 'queued' && state !== 'processing');
    expect(seen).toMatchObject({ head: { state: 'unknown' }, attempt: { state: 'integrity_failure' } });
  });
});

describe('bad weather', () => {
  it('finds payments whose job never reached Redis', async () => {
    const payment = await accept('ok', {}, false);
    expect((await until(payment)).head.state).toBe('succeeded');
  });

  it('goes on when Redis is wiped in the middle', async () => {
    const payments = await Promise.all(Array.from({ length: 60 }, () => accept('ok')));
    await redis.flush();
    for (const payment of payments) expect((await until(payment)).head.state).toBe('succeeded');
    for (const payment of payments) expect(await charges(payment)).toBe(1);
  });

  it('tries again when the bank cannot be reached, under a new leg and a new reference', async () => {
    await bank.end();
    const payment = await accept('ok');
    await until(payment, (state) => state === 'queued' || isFinal(state));
    const port = new URL(bankUrl).port;
    await startBank(port);
    const paid = await until(payment);
    expect(paid.head.state).toBe('succeeded');
    expect(paid.head.leg).toBeGreaterThan(1);
    expect(paid.head.bankReference).not.toBe(payment.head.bankReference);
    expect(await charges(paid)).toBe(1);
  });
});

describe('a merchant that lets us reroute', () => {
  const instruments = (behaviour: string): PaymentDraft['instruments'] => [
    { token: testToken(behaviour), channelId: TEST_CHANNEL, bankToken: testToken(behaviour) },
    { token: OTHER_TOKEN, channelId: OTHER_CHANNEL, bankToken: OTHER_TOKEN },
  ];
  const rerouting = (behaviour: string) =>
    accept(behaviour, { routingMode: 'reroute', instruments: instruments(behaviour) });

  it('is served by the other bank when the first one is busy', async () => {
    const payment = await until(await rerouting('busy'));
    expect(payment.head).toMatchObject({ state: 'succeeded', leg: 2, channelId: OTHER_CHANNEL });
    const reasons = (await worker.postgres.journal.events(payment, 0, 10)).map(({ type, data }) => [
      type,
      data?.['because'],
    ]);
    expect(reasons).toContainEqual(['payment.rerouted', 'declined']);
  });

  it('is served by the other bank when the first one is silent, but only once the silent one has canceled', async () => {
    const accepted = await rerouting('lost_request');
    const payment = await until(accepted);
    expect(payment.head).toMatchObject({ state: 'succeeded', leg: 2, channelId: OTHER_CHANNEL });
    expect(await charges(accepted)).toBe(0);
    const types = (await worker.postgres.journal.events(payment, 0, 20)).map(({ type }) => type);
    expect(types.indexOf('payment.reversing')).toBeLessThan(types.lastIndexOf('payment.processing'));
  });

  it('is not sent elsewhere when the payer has no money: that is the payer’s to answer', async () => {
    const payment = await until(await rerouting('insufficient_funds'));
    expect(payment.head).toMatchObject({ state: 'failed', leg: 1, channelId: TEST_CHANNEL });
  });
});

describe('no Redis at all', () => {
  beforeAll(async () => {
    await worker.stop();
    await startWorker('redis://127.0.0.1:1'); // nobody listens there
  });

  it('carries payments from the journal to the bank', async () => {
    const payments = await Promise.all(Array.from({ length: 30 }, () => accept('ok', {}, false)));
    for (const payment of payments) expect((await until(payment)).head.state).toBe('succeeded');
    for (const payment of payments) expect(await charges(payment)).toBe(1);
  });

  it('asks the bank about a lost answer all the same', async () => {
    const payment = await until(await accept('lost_answer', {}, false));
    expect(payment.head.state).toBe('succeeded');
    expect(await charges(payment)).toBe(1);
  });
});
