/** A bank that is gone and comes back, with a real worker between: nothing is lost for it, nothing is sent into the void, nobody opens it by hand. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkerEnv } from '#config';
import type { PaymentId } from '#domain';
import { BullWorkQueue, RedisLink } from '#queue';
import {
  TEST_CHANNEL,
  type SpawnedProcess,
  type TestDatabase,
  createTestJournal,
  createTestRedis,
  draftOf,
  silentLog,
  spawnProcess,
} from '#testing';
import { type Worker, createWorker } from '../worker';

const SIMULATOR = resolve(__dirname, '../../../../dist/apps/bank-simulator/src/main.js');
const BANK_SECRET = 'a secret between us and the banks';
const meters = { count: () => undefined, observeMs: () => undefined };

let folder: string;
let bank: SpawnedProcess;
let bankUrl: string;
let database: TestDatabase;
let worker: Worker;
let link: RedisLink;
let queue: BullWorkQueue;

async function startBank(port: string): Promise<void> {
  bank = spawnProcess(SIMULATOR, {
    env: { BANK_SIMULATOR_PORT: port, BANK_SIMULATOR_DATA: folder, BANK_SECRET, BANK_SIMULATOR_SEED: '1' },
  });
  bankUrl = /"url":"([^"]+)"/.exec(await bank.untilOutput(/"msg":"ready"/))![1]!;
}
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-bank-'));
  await startBank('0');
  const [journal, redis] = await Promise.all([createTestJournal(bankUrl), createTestRedis()]);
  database = journal;
  const env = Object.assign(new WorkerEnv(), { DATABASE_URL: database.url, REDIS_URL: redis.url, BANK_SECRET });
  worker = await createWorker(env, silentLog, meters, () => undefined);
  worker.start();
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

const flow = () => worker.flow.followed.channel(TEST_CHANNEL);

async function accept(count: number): Promise<PaymentId[]> {
  const drafts = Array.from({ length: count }, () => draftOf({ onDecline: 'fail' }));
  for (const draft of drafts) {
    const commit = await worker.postgres.journal.accept(draft);
    if (commit.kind !== 'committed') throw new Error(JSON.stringify(commit));
    await queue.add('pay', TEST_CHANNEL, { paymentId: draft.id, version: 1 });
  }
  return drafts.map(({ id }) => id);
}
const read = (id: PaymentId) => worker.postgres.journal.read(id);

/** At most half a minute: the longest back-off of a breaker. */
async function until(good: () => unknown): Promise<void> {
  for (const endMs = Date.now() + 45_000; !(await good()); await sleep(50)) {
    if (Date.now() > endMs) throw new Error(`Waited 45 s for ${good.toString()}: ${JSON.stringify(flow()?.breaker)}`);
  }
}
const all = async (ids: readonly PaymentId[], state: string) =>
  (await Promise.all(ids.map(read))).every((payment) => payment?.head.state === state);

it('opens when the bank is gone, holds what waits, probes, and lets everything go once the bank is back', async () => {
  const before = await accept(10);
  await until(() => all(before, 'succeeded'));
  expect(flow()?.breaker.state).toBe('closed');

  const { port } = new URL(bankUrl);
  await bank.end();
  const during = await accept(30);
  await until(() => flow()?.breaker.state === 'open');
  expect(flow()).toMatchObject({ level: 'closed', limits: { pay: { effective: 0 } } });
  expect(flow()!.breaker.reason.code).toMatch(/^breaker_(no_life|mostly_dead|probe_failed)$/);
  // Nothing reached anybody, so every one of them waits in its queue; an outage ends no payment.
  for (const id of during) expect((await read(id))?.head.state).toMatch(/^(queued|processing)$/);

  await startBank(port);
  await until(() => flow()?.breaker.state === 'closed');
  expect(flow()!.breaker.reason.code).toBe('breaker_recovered');
  await until(() => all(during, 'succeeded'));
}, 150_000);
