/** Webhooks from the journal to real receivers: real PostgreSQL, real sockets, the webhook sink as a process of its own. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { renderEvent, renderPayment } from '#contracts';
import { DeliverWebhook, type StepProbe } from '#dispatch';
import { type MerchantId, type PaymentId, type WebhookEndpointId, webhookDeliveryId } from '#domain';
import { type Postgres, createPostgres } from '#postgres';
import { systemClock } from '#runtime';
import {
  type SpawnedProcess,
  type TestDatabase,
  type TestRedis,
  createTestJournal,
  createTestRedis,
  draftOf,
  silentLog,
  spawnProcess,
} from '#testing';
import { Client } from 'pg';
import { typeidUnboxed } from 'typeid-js';
import { HttpWebhookSender } from './http-webhook-sender';
import { signWebhook } from './sign-webhook';
import { WebhookDeliverer } from './webhook-deliverer';

const CLI = resolve(__dirname, '../../../../dist/apps/cli/src/main.js');
const WORKER = resolve(__dirname, '../../../../dist/apps/worker/src/main.js');
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const NEW_SECRET = 'whsec_bmV3IHNlY3JldCBvZiBlbm91Z2ggYnl0ZXMgISE=';

interface Line {
  webhook_id: string;
  signature_ok: boolean;
  signatures: number;
  payment_id: string;
  version: number;
  type: string;
  payment_status: string;
  path: string;
  status_answered: number | null;
}

let folder: string;
let sink: SpawnedProcess;
let sinkUrl: string;
let database: TestDatabase;
let redis: TestRedis;
let sql: Client;
const stopping: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-sink-'));
  const args = ['webhook-sink', '--log', join(folder, 'sink.ndjson'), '--secret', SECRET, '--seed', '7'];
  sink = spawnProcess(CLI, { args });
  sinkUrl = /"url":"([^"]+)"/.exec(await sink.untilOutput(/"msg":"ready"/))![1]!;
  [database, redis] = await Promise.all([createTestJournal(), createTestRedis()]);
  sql = new Client({ connectionString: database.url });
  await sql.connect();
});

afterEach(async () => {
  for (const stop of stopping.splice(0).reverse()) await stop();
  await sql.query('delete from webhook_deliveries');
});

afterAll(async () => {
  await sql.end();
  await database.drop();
  await sink.end();
  rmSync(folder, { recursive: true, force: true });
});

const passBy: StepProbe = () => undefined;

/** A process's part that delivers, as createWorker puts it together. */
async function deliverer(start = true): Promise<{ postgres: Postgres; start(): void }> {
  const { monotonicMs } = systemClock;
  const postgres = await createPostgres({
    databaseUrl: database.url,
    applicationName: 'spec',
    site: 'a',
    log: silentLog,
    monotonicMs,
  });
  const sender = new HttpWebhookSender({ allowPrivate: true });
  const deliver = new DeliverWebhook({
    outbox: postgres.webhookOutbox,
    sender,
    clock: systemClock,
    meters: { count: () => undefined, observeMs: () => undefined },
    reached: passBy,
    random: () => 0.5,
    render: (event, payment) => JSON.stringify(renderEvent(event, renderPayment(payment))),
    sign: signWebhook,
  });
  const webhooks = new WebhookDeliverer({ outbox: postgres.webhookOutbox, deliver, monotonicMs, log: silentLog });
  stopping.push(async () => {
    await webhooks.stop(100);
    await sender.close();
    await postgres.close();
  });
  if (start) webhooks.start();
  return { postgres, start: () => webhooks.start() };
}

let merchants = 0;
/** A merchant of its own with one endpoint at the sink. */
async function merchantAt(
  postgres: Postgres,
  path: string,
): Promise<{ merchant: MerchantId; endpoint: WebhookEndpointId }> {
  merchants += 1;
  const merchant = `mer_hooks_${merchants}` as MerchantId;
  await sql.query('insert into merchants (id, name) values ($1, $1)', [merchant]);
  const endpoint = typeidUnboxed('whe') as string as WebhookEndpointId;
  const url = `${sinkUrl}${path}/${merchant}`;
  const draft = { id: endpoint, merchantId: merchant, url, eventTypes: ['*'], secret: SECRET };
  expect(await postgres.webhookEndpoints.create(draft)).toMatchObject({ id: endpoint });
  return { merchant, endpoint };
}

/** Accepted, and moved on as often as told: unknown is never left for good, so it may be moved to itself. */
async function payment({ journal }: Postgres, merchantId: MerchantId, end = true): Promise<PaymentId> {
  const commit = await journal.accept(draftOf({ merchantId }));
  if (commit.kind !== 'committed') throw new Error(JSON.stringify(commit));
  const { id } = commit.value.payment;
  const eventType = 'payment.canceled';
  if (end) await journal.apply({ paymentId: id, version: 1, to: 'canceled', eventType, lookAgainInMs: null });
  return id;
}

const linesOf = (merchant: MerchantId): Line[] =>
  readFileSync(join(folder, 'sink.ndjson'), { encoding: 'utf8', flag: 'a+' })
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)
    .filter(({ path }) => path.endsWith(`/${merchant}`));

/** Waits until it is so: looked at ten times a second, at most 30 s. */
async function until<T>(look: () => T | Promise<T>, isSo: (seen: T) => boolean): Promise<T> {
  for (let round = 0; ; round += 1) {
    const seen = await look();
    if (isSo(seen)) return seen;
    if (round === 300) throw new Error(`Still not so: ${JSON.stringify(seen)}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}
const pending = async (merchant: MerchantId) =>
  Number(
    (
      await sql.query(`select count(*) as n from webhook_deliveries where merchant_id = $1 and state = 'pending'`, [
        merchant,
      ])
    ).rows[0].n,
  );
/** As if every wait and every lease were over. */
const waitOver = () => sql.query(`update webhook_deliveries set next_attempt_at = now() where state = 'pending'`);

describe('a merchant with an endpoint', () => {
  it('is told every event in order, signed, with the payment the API would show', async () => {
    const { postgres } = await deliverer();
    const { merchant, endpoint } = await merchantAt(postgres, '/ok');
    const paymentId = await payment(postgres, merchant);
    const lines = await until(
      () => linesOf(merchant),
      (seen) => seen.length === 2,
    );
    expect(lines).toMatchObject([
      { version: 1, type: 'payment.queued', signature_ok: true, signatures: 1, payment_id: paymentId },
      { version: 2, type: 'payment.canceled', signature_ok: true, payment_status: 'canceled' },
    ]);
    expect(lines.map((line) => line.webhook_id)).toEqual(
      [1, 2].map((version) => webhookDeliveryId({ endpointId: endpoint, paymentId, version })),
    );
    await until(
      () => pending(merchant),
      (left) => left === 0,
    );
  });

  it('is told in order by two deliverers beside each other, through a receiver that fails every second time', async () => {
    const [one] = [await deliverer(), await deliverer()];
    const { merchant } = await merchantAt(one.postgres, '/flaky');
    const ids = await Promise.all(Array.from({ length: 30 }, () => payment(one.postgres, merchant)));
    await until(
      async () => {
        // Whatever failed is tried again at once: on a crowded machine a try may also run out of time, which is no 503.
        await sql.query(
          `update webhook_deliveries set next_attempt_at = now()
           where state = 'pending' and (last_status = 503 or last_error is not null) and next_attempt_at > now()`,
        );
        return pending(merchant);
      },
      (left) => left === 0,
    );
    const lines = linesOf(merchant);
    expect(lines.every(({ signature_ok }) => signature_ok)).toBe(true);
    expect(lines.length).toBeGreaterThan(60);
    // Of sixty, one or another meets ten refusals in a row and is given up; what shortens the waits may also cut a lease short.
    const { rows: taken } = await sql.query<{ payment_id: string; version: number }>(
      `select payment_id, version from webhook_deliveries where merchant_id = $1 and state = 'delivered' order by payment_id, version`,
      [merchant],
    );
    for (const id of ids) {
      const told = lines.filter((line) => line.payment_id === id && line.status_answered === 200);
      const expected = taken.filter((row) => row.payment_id === id).map(({ version }) => version);
      expect([...new Set(told.map(({ version }) => version))]).toEqual(expected);
    }
  });

  it('gets both signatures during a rotation', async () => {
    const { postgres, start } = await deliverer(false);
    const { merchant, endpoint } = await merchantAt(postgres, '/ok');
    await postgres.webhookEndpoints.rotate(merchant, endpoint, NEW_SECRET);
    await payment(postgres, merchant, false);
    start();
    const lines = await until(
      () => linesOf(merchant),
      (seen) => seen.length === 1,
    );
    // The sink still knows only the old secret.
    expect(lines).toMatchObject([{ signatures: 2, signature_ok: true }]);
  });

  it('that says 410 is told nothing more', async () => {
    const { postgres } = await deliverer();
    const { merchant, endpoint } = await merchantAt(postgres, '/gone');
    await payment(postgres, merchant);
    await until(
      () => pending(merchant),
      (left) => left === 0,
    );
    expect(linesOf(merchant)).toHaveLength(1);
    expect(await postgres.webhookEndpoints.find(merchant, endpoint)).toMatchObject({ enabled: false });
  });
});

describe('a deliverer that is killed', () => {
  it('between the answer and the record leaves a delivery that is sent again under the same id', async () => {
    const { postgres, start } = await deliverer(false);
    const { merchant } = await merchantAt(postgres, '/ok');
    await payment(postgres, merchant, false);
    const worker = spawnProcess(WORKER, {
      env: {
        DATABASE_URL: database.url,
        REDIS_URL: redis.url,
        BANK_SECRET: 'a secret between us and the banks',
        WORKER_PORT: '0',
        SLUICE_WEBHOOK_ALLOW_PRIVATE: 'true',
        SLUICE_CRASH_AT: 'deliver.answered:1',
      },
    });
    expect(await worker.ended).toMatchObject({ signal: 'SIGKILL' });
    expect(linesOf(merchant)).toHaveLength(1);
    expect(await pending(merchant)).toBe(1);
    await waitOver();
    start();
    const lines = await until(
      () => linesOf(merchant),
      (seen) => seen.length === 2,
    );
    expect(lines[1]!.webhook_id).toBe(lines[0]!.webhook_id);
    await until(
      () => pending(merchant),
      (left) => left === 0,
    );
  });
});

describe('receivers in trouble', () => {
  it('that are slow, down, failing or redirecting do not keep another merchant waiting', async () => {
    const { postgres, start } = await deliverer(false);
    const paths = [...Array.from({ length: 20 }, () => '/slow'), '/down', '/redirect', '/error'];
    const troubled: MerchantId[] = [];
    for (const path of paths) troubled.push((await merchantAt(postgres, path)).merchant);
    await Promise.all(troubled.flatMap((merchant) => [1, 2, 3, 4].map(() => payment(postgres, merchant))));
    const { merchant: well } = await merchantAt(postgres, '/ok');
    const ids = await Promise.all(Array.from({ length: 20 }, () => payment(postgres, well)));
    start();
    await until(
      () => pending(well),
      (left) => left === 0,
    );
    expect(linesOf(well)).toHaveLength(2 * ids.length);
    // Nobody in trouble was done meanwhile: not one of the slow ones has even been answered.
    for (const merchant of troubled) expect(await pending(merchant)).toBe(8);
    expect(linesOf(troubled[21]!).every(({ path }) => path.startsWith('/redirect/'))).toBe(true);
  });
});
