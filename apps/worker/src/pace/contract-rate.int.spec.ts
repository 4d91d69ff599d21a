/**
 * The contract's rate where it counts: in the receipts of a bank, with two workers that share it over one Redis and one journal, and three
 * times as many payments as the contract allows.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { WorkerEnv } from '#config';
import type { Step } from '#dispatch';
import { RATE_MARGIN_MS } from '#policy';
import { BullWorkQueue, RedisLink } from '#queue';
import {
  TEST_CHANNEL,
  type SpawnedProcess,
  type TestDatabase,
  type TestRedis,
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
/** Of the test channel's contract; its bank could do twenty times as much. */
const RATE = 100;
/** Until both workers have their part of the rate, ms: a worker's first lease, and a window more for the one that comes second. */
const SETTLING_MS = 4_000;
const MEASURED_MS = 8_000;

let folder: string;
let bank: SpawnedProcess;
let database: TestDatabase;
let redis: TestRedis;
const workers: Worker[] = [];
/** When each worker handed a payment to its connector, wall clock. */
const sent: number[][] = [[], []];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-bank-'));
  bank = spawnProcess(SIMULATOR, {
    env: { BANK_SIMULATOR_PORT: '0', BANK_SIMULATOR_DATA: folder, BANK_SECRET, BANK_SIMULATOR_SEED: '1' },
  });
  const bankUrl = /"url":"([^"]+)"/.exec(await bank.untilOutput(/"msg":"ready"/))![1]!;
  const quick = { slots: 60, service: { mean_ms: 30 } };
  const change = { method: 'PATCH', headers: { 'Content-Type': 'application/json' } };
  const patched = await fetch(`${bankUrl}/control/channels/${TEST_CHANNEL}`, {
    ...change,
    body: JSON.stringify({ capacity: quick }),
  });
  if (!patched.ok) throw new Error(await patched.text());
  [database, redis] = await Promise.all([createTestJournal(bankUrl, { inFlightMax: 60 }), createTestRedis()]);
  for (const mine of sent) {
    const env = Object.assign(new WorkerEnv(), { DATABASE_URL: database.url, REDIS_URL: redis.url, BANK_SECRET });
    const reached = (step: Step): void => void (step === 'dispatch.sending' && mine.push(Date.now()));
    workers.push(await createWorker(env, silentLog, meters, reached));
  }
});
afterAll(async () => {
  for (const worker of workers) await worker.stop();
  await bank.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** When payments came to the bank, as it wrote them down. */
function receipts(): number[] {
  return readFileSync(join(folder, 'receipts.ndjson'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"pay"') && line.endsWith(']'))
    .map((line) => JSON.parse(line) as [number, string, string, string])
    .filter(([, channel, operation]) => channel === TEST_CHANNEL && operation === 'pay')
    .map(([receivedMs]) => receivedMs)
    .sort((a, b) => a - b);
}

it('no second of the bank’s receipts has more than the contract, and 95 % of it is used, with two workers', async () => {
  const link = new RedisLink(redis.url, 'spec');
  const queue = new BullWorkQueue(link, meters);
  const count = 3 * RATE * ((SETTLING_MS + MEASURED_MS) / 1_000);
  const { journal } = workers[0]!.postgres;
  await Promise.all(
    Array.from({ length: count }, async () => {
      const draft = draftOf({ onDecline: 'fail' });
      const commit = await journal.accept(draft);
      if (commit.kind !== 'committed') throw new Error(JSON.stringify(commit));
      await queue.add('pay', TEST_CHANNEL, { paymentId: draft.id, version: 1 });
    }),
  );
  for (const worker of workers) worker.start();
  const untilMs = Date.now() + 60_000;
  const enough = () => (receipts().at(-1) ?? 0) - (receipts()[0] ?? 0) >= SETTLING_MS + MEASURED_MS;
  const dbg: string[] = [];
  while (!enough() && Date.now() < untilMs) {
    await new Promise((next) => setTimeout(next, 200));
    const c = workers[0]!.flow.followed.channel(TEST_CHANNEL);
    dbg.push(`${sent.map((x) => x.length)} rates ${Object.values(c?.workers ?? {}).map((w) => `${w.ratePerSecond}/${w.inFlight.pay}`)} eff ${c?.limits.pay.effective} ad ${c?.limits.pay.adaptive} inF ${c?.inFlight} back ${c?.backlog} rtt ${c?.wait.roundTripMs} held ${c?.heldByUnknown}`);
  }
  require('node:fs').writeFileSync('/tmp/c/dbg.txt', dbg.join('\n'));
  const times = receipts();
  link.close();

  const all = sent.flat().sort((a, b) => a - b).slice(0, times.length);
  const lag = all.map((t, k) => times[k]! - t).sort((a, b) => a - b);
  console.log('lag', lag[0], lag[Math.floor(lag.length / 2)], lag[Math.floor(lag.length * 0.99)], lag.at(-1));
  const fromMs = times[0]! + SETTLING_MS;
  const used = times.filter((time) => time >= fromMs && time < fromMs + MEASURED_MS).length;
  const most = Math.max(...times.map((end) => times.filter((time) => time <= end && time > end - 1_000).length));
  console.log({ used: used / (RATE * MEASURED_MS / 1000), most, sent: sent.map((s) => s.length), total: times.length, RATE_MARGIN_MS });
}, 120_000);
