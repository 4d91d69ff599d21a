/** The floor's second process: a stock BullMQ worker; each job is one batched insert, one HTTP call, one batched insert. */
import { Worker } from 'bullmq';
import { Pool } from 'undici';
import { FLOOR_QUEUE, floorSettings } from './floor-settings.ts';
import { FloorBatches } from './floor-batches.ts';

/** Full batches for both inserts and every bank call between them: eight batches in hand keep all three busy. */
const BATCHES_IN_HAND = 8;
const TELL_EVERY_MS = 20;

const { databaseUrl, redisUrl, bankUrl, batch } = floorSettings();
const dispatched = new FloorBatches(databaseUrl, 'dispatched', batch);
const settled = new FloorBatches(databaseUrl, 'settled', batch);
const concurrency = BATCHES_IN_HAND * batch;
const bank = new Pool(bankUrl, { connections: concurrency });
const headers = { 'content-type': 'application/json' };
let done = 0;
let told = 0;

const worker = new Worker<{ id: string }>(
  FLOOR_QUEUE,
  async ({ data: { id } }) => {
    await dispatched.insert({ id, order_key: id, body: '{"state":"dispatched"}' });
    const body = JSON.stringify({
      reference: id,
      amount_minor: 19900,
      currency: 'CNY',
      instrument: 'tok_icbc_quickpay_ok',
    });
    const answer = await bank.request({ method: 'POST', path: '/pay', headers, body });
    const { word } = (await answer.body.json()) as { word: string };
    await settled.insert({ id, order_key: id, body: JSON.stringify({ state: word }) });
    done += 1;
  },
  { connection: { url: redisUrl, maxRetriesPerRequest: null }, concurrency },
);
worker.on('error', (error) => process.stderr.write(`The floor's worker: ${error.message}\n`));
setInterval(() => {
  if (done !== told) process.send?.({ kind: 'done', done });
  told = done;
}, TELL_EVERY_MS);
worker.waitUntilReady().then(
  () => process.send?.({ kind: 'ready' }),
  () => process.exit(1),
);
