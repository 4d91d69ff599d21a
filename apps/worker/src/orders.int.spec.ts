/** What an operator has stopped is not sent, and goes once it is released: a real worker, a real bank simulator, PostgreSQL and Redis. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkerEnv } from '#config';
import { type OrderDraft, type WorkQueue } from '#dispatch';
import { type ChannelHold, type Payment, isFinal } from '#domain';
import { BullWorkQueue, RedisLink } from '#queue';
import {
  type SpawnedProcess,
  TEST_CHANNEL,
  type TestDatabase,
  type TestRedis,
  createTestJournal,
  createTestRedis,
  draftOf,
  silentLog,
  spawnProcess,
  testToken,
} from '#testing';
import { Client } from 'pg';
import { type Worker, createWorker } from './worker';

const SIMULATOR = resolve(__dirname, '../../../dist/apps/bank-simulator/src/main.js');
const BANK_SECRET = 'a secret between us and the banks';
const meters = { count: () => undefined, observeMs: () => undefined, gauge: () => undefined };

let folder: string;
let bank: SpawnedProcess;
let bankUrl: string;
let database: TestDatabase;
let redis: TestRedis;
let worker: Worker;
let link: RedisLink;
let queue: WorkQueue;
let sql: Client;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-bank-'));
  bank = spawnProcess(SIMULATOR, {
    env: { BANK_SIMULATOR_PORT: '0', BANK_SIMULATOR_DATA: folder, BANK_SECRET, BANK_SIMULATOR_SEED: '1' },
  });
  bankUrl = /"url":"([^"]+)"/.exec(await bank.untilOutput(/"msg":"ready"/))![1]!;
  [database, redis] = await Promise.all([createTestJournal(bankUrl), createTestRedis()]);
  sql = new Client({ connectionString: database.url });
  await sql.connect();
  const env = Object.assign(new WorkerEnv(), { DATABASE_URL: database.url, REDIS_URL: redis.url, BANK_SECRET });
  worker = await createWorker(env, silentLog, meters, () => undefined);
  worker.start();
  link = new RedisLink(redis.url, 'spec');
  queue = new BullWorkQueue(link, meters);
});

afterAll(async () => {
  link.close();
  await worker.stop();
  await sql.end();
  await bank.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function accept(): Promise<Payment> {
  const draft = draftOf({ instrumentToken: testToken('ok'), onDecline: 'fail' });
  const commit = await worker.postgres.journal.accept(draft);
  if (commit.kind !== 'committed') throw new Error(JSON.stringify(commit));
  await queue.add('pay', TEST_CHANNEL, { paymentId: draft.id, version: 1 });
  return commit.value.payment;
}
/** Looks until it is so, at most 20 s. */
async function until<T>(look: () => Promise<T | null | undefined | false>): Promise<T> {
  for (const endMs = Date.now() + 20_000; ; await sleep(20)) {
    const found = await look();
    if (found) return found;
    if (Date.now() > endMs) throw new Error('Waited 20 s.');
  }
}
const ended = (payment: Payment): Promise<Payment> =>
  until(async () => {
    const now = await worker.postgres.journal.read(payment.id);
    return now && isFinal(now.head.state) && now;
  });
const give = async (hold: ChannelHold, changes: Partial<OrderDraft> = {}): Promise<void> => {
  const draft = {
    target: TEST_CHANNEL,
    hold,
    by: 'spec',
    why: 'test',
    startsAt: null,
    endsAt: null,
    drainsBeforeMs: 0,
  };
  await worker.postgres.orders.give({ ...draft, ...changes });
};
const inForce = (): ChannelHold | null => worker.postgres.channels.get(TEST_CHANNEL)?.order?.hold ?? null;
const acts = (hold: ChannelHold | null) => until(() => Promise.resolve(inForce() === hold));
const charges = async (): Promise<number> => {
  const text = await (await fetch(`${bankUrl}/control/ledger?channel=${TEST_CHANNEL}`)).text();
  return text.split('\n').filter((line) => line.includes('"charge"')).length;
};
/** One that is sent would be at the bank by then: the pump looks every 300 ms, Redis is told every second. */
const LONG_ENOUGH_MS = 2_000;

describe.each<ChannelHold>(['pause', 'isolate', 'kill'])('under %s', (hold) => {
  it('nothing is sent, and all of it goes once it is released', async () => {
    expect((await ended(await accept())).head.state).toBe('succeeded');
    const before = await charges();
    await give(hold);
    await acts(hold);
    const payments = await Promise.all(Array.from({ length: 5 }, () => accept()));
    await sleep(LONG_ENOUGH_MS);
    expect(await charges()).toBe(before);
    for (const { id } of payments) {
      expect((await worker.postgres.journal.read(id))?.head).toMatchObject({ state: 'queued', leg: 1 });
    }
    await worker.postgres.orders.release({ target: TEST_CHANNEL, holds: [hold] }, 'spec', 'over');
    await acts(null);
    for (const payment of payments) expect((await ended(payment)).head.state).toBe('succeeded');
    expect(await charges()).toBe(before + 5);
  });
});

it('a drain sends what waits', async () => {
  await give('drain');
  await acts('drain');
  expect((await ended(await accept())).head.state).toBe('succeeded');
  await worker.postgres.orders.release({ target: TEST_CHANNEL, holds: ['drain'] }, 'spec', 'over');
});

it('a maintenance window stops sending when it begins and goes on when it ends, although nobody says so at either moment', async () => {
  const nowMs = worker.postgres.channels.nowMs();
  await give('maintenance', { startsAt: nowMs + 300, endsAt: nowMs + 3_300 });
  await acts('maintenance');
  const before = await charges();
  const payment = await accept();
  await sleep(LONG_ENOUGH_MS);
  expect(await charges()).toBe(before);
  await acts(null);
  expect((await ended(payment)).head.state).toBe('succeeded');
});

it('a lowered limit acts without a word from the controller, and is acknowledged by its version', async () => {
  const { channels, limits } = worker.postgres;
  const state = (await limits.read(TEST_CHANNEL))!;
  const before = channels.version();
  await limits.amend(TEST_CHANNEL, null, ({ base, nowMs }) => ({
    amend: {
      change: null,
      callsOff: null,
      revisions: [{ values: { ...base, inFlightMax: 1 }, effectiveFrom: nowMs, cause: 'change', changeId: null }],
      by: 'spec',
      why: 'test',
      action: 'limits.changed',
    },
  }));
  await until(() => Promise.resolve(channels.version() > before));
  expect(channels.get(TEST_CHANNEL)?.limits).toMatchObject({ inFlightMax: 1, revision: state.head + 1 });
  expect((await ended(await accept())).head.state).toBe('succeeded');
});
