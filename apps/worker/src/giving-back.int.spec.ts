/** Money on its way back, over a real worker, a real journal and a bank that keeps books: what was taken and given must agree. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { WorkerEnv } from '#config';
import { createConnectors } from '#connectors';
import {
  BeginReversal,
  CancelPayment,
  FindReroute,
  type PaymentDraft,
  RequestRefund,
  SettleAttempt,
  type WorkQueue,
} from '#dispatch';
import { ChannelScores, RetryBudget } from '#policy';
import { BullWorkQueue, RedisLink } from '#queue';
import {
  type ChannelId,
  type Evidence,
  type InstrumentToken,
  type Payment,
  type Refund,
  type ReversalPurpose,
  isFinal,
  isSettledRefund,
} from '#domain';
import { systemClock, systemNames } from '#runtime';
import {
  type SpawnedProcess,
  TEST_CHANNEL,
  TEST_MERCHANT,
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
const GATEWAY = 'icbc.gateway' as ChannelId;
const CONTRACT = {
  softDeclineIsFinal: true,
  refusesLateRequests: true,
  maxProcessingTimeMs: 15_000,
  maxClockSkewMs: 0,
  inquiryLagMs: 500,
};
const meters = { count: () => undefined, observeMs: () => undefined };

let folder: string;
let bank: SpawnedProcess;
let bankUrl: string;
let database: TestDatabase;
let redis: TestRedis;
let link: RedisLink;
let queue: WorkQueue;
let worker: Worker;
let sql: Client;
let alerts: string[];
let settle: SettleAttempt;
let beginReversal: BeginReversal;
let requestRefund: RequestRefund;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-bank-'));
  bank = spawnProcess(SIMULATOR, {
    env: { BANK_SIMULATOR_PORT: '0', BANK_SIMULATOR_DATA: folder, BANK_SECRET, BANK_SIMULATOR_SEED: '1' },
  });
  bankUrl = /"url":"([^"]+)"/.exec(await bank.untilOutput(/"msg":"ready"/))![1]!;
  [database, redis] = await Promise.all([createTestJournal(bankUrl), createTestRedis()]);
  sql = new Client({ connectionString: database.url });
  await sql.connect();
  await addGateway();
  const env = Object.assign(new WorkerEnv(), { DATABASE_URL: database.url, REDIS_URL: redis.url, BANK_SECRET });
  alerts = [];
  const log = { ...silentLog, error: (_: string, facts?: object) => alerts.push(JSON.stringify(facts)) };
  worker = await createWorker(env, log, meters, () => undefined);
  worker.start();
  link = new RedisLink(redis.url, 'spec');
  queue = new BullWorkQueue(link, meters);
  const { channels, journal, refunds, reversals, worklist } = worker.postgres;
  const connectors = createConnectors({ rest: { keys: { keyId: 'k1', secrets: { k1: BANK_SECRET } } } });
  const connectorFor = connectors.forChannel.bind(connectors);
  const world = { journal, channels, connectorFor, reversals, clock: systemClock, names: systemNames, log, meters };
  const reroute = new FindReroute({ ...world, scores: new ChannelScores(), budget: new RetryBudget() });
  settle = new SettleAttempt({ ...world, reroute, queue, worklist });
  beginReversal = new BeginReversal(world);
  requestRefund = new RequestRefund({ ...world, refunds });
});

afterAll(async () => {
  link.close();
  await worker.stop();
  await sql.end();
  await bank.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function addGateway(): Promise<void> {
  await sql.query(
    `insert into channels (id, bank_id, product, connector, currencies) values ($1, 'icbc', 'gateway', 'rest', '{CNY}')`,
    [GATEWAY],
  );
  await sql.query(`insert into channel_lines select $1, line_id, $2 from channel_lines where channel_id = $3`, [
    GATEWAY,
    `${bankUrl}/banks/${GATEWAY}`,
    TEST_CHANNEL,
  ]);
  await sql.query(
    `insert into channel_limits select $1, revision, rate_per_second, burst, in_flight_max, longest_wait_ms, timeout_ms, amount_min,
      amount_max, changed_by, reason, created_at from channel_limits where channel_id = $2`,
    [GATEWAY, TEST_CHANNEL],
  );
}

async function accept(behaviour: string, changes: Partial<PaymentDraft> = {}): Promise<Payment> {
  const draft = draftOf({ instrumentToken: testToken(behaviour), onDecline: 'fail', ...changes });
  const commit = await worker.postgres.journal.accept(draft);
  if (commit.kind !== 'committed') throw new Error(JSON.stringify(commit));
  await queue.add('pay', draft.channelId, { paymentId: draft.id, version: 1 });
  return commit.value.payment;
}

/** Waits for something to be so: woken by the feed, at most 60 s. */
async function until<T>(payment: Payment, look: () => Promise<T | null>): Promise<T> {
  const { feed } = worker.postgres;
  let wake = () => undefined as void;
  const stop = feed.subscribe((ids) => ids.includes(payment.id) && wake());
  try {
    for (const endMs = Date.now() + 60_000; Date.now() < endMs;) {
      const changed = new Promise<void>((resolved) => {
        wake = resolved;
        setTimeout(resolved, 500).unref();
      });
      const seen = await look();
      if (seen !== null) return seen;
      await changed;
    }
  } finally {
    stop();
  }
  throw new Error(`It did not happen: ${JSON.stringify(await worker.postgres.journal.read(payment.id))}`);
}
const standing = (payment: Payment, done: (now: Payment) => boolean = ({ head }) => isFinal(head.state)) =>
  until(payment, async () => {
    const now = await worker.postgres.journal.read(payment.id);
    return now && done(now) ? now : null;
  });
const settled = (payment: Payment, refund: Refund) =>
  until(payment, async () => {
    const now = await worker.postgres.refunds.read(refund.id);
    return now && isSettledRefund(now.state) ? now : null;
  });
const unknown = async (behaviour: string, changes: Partial<PaymentDraft> = {}) =>
  standing(await accept(behaviour, changes), ({ attempt }) => attempt?.state === 'unknown');

async function refund(payment: Payment, minor: number | null = null, key = randomBytes(8).toString('hex')) {
  const answer = await requestRefund.request({
    merchantId: TEST_MERCHANT,
    paymentId: payment.id,
    idempotencyKey: key,
    fingerprint: 'f'.repeat(64),
    amount: minor === null ? null : { value: minor, currency: 'CNY' },
    reason: null,
  });
  if (answer.kind === 'refused') throw new Error(JSON.stringify(answer));
  return answer;
}
async function reverse(payment: Payment, purpose: ReversalPurpose): Promise<void> {
  expect(await beginReversal.begin(payment.id, purpose)).toMatchObject({ kind: 'begun' });
}
const reversal = async (payment: Payment) => (await worker.postgres.reversals.find(payment.id, 1))!;

/** The bank's own book about a payment's reference: each movement of money, with its sign. */
async function book(payment: Payment): Promise<[operation: string, amount: number][]> {
  const text = await (await fetch(`${bankUrl}/control/ledger`)).text();
  type Line = {
    operation: string;
    reference: string;
    original_reference?: string;
    amount_minor: number;
    result: string;
  };
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)
    .filter(({ result, amount_minor }) => result === 'OK' && amount_minor !== 0)
    .filter((line) => [line.reference, line.original_reference].includes(payment.head.bankReference))
    .map(({ operation, amount_minor }) => [operation, operation === 'charge' ? amount_minor : -amount_minor]);
}
const net = async (payment: Payment) => (await book(payment)).reduce((sum, [, amount]) => sum + amount, 0);

const charged = (payment: Payment): Evidence => ({
  class: 'succeeded',
  charge: { reference: payment.head.bankReference, amount: payment.amount, bankTransactionId: 'ICBC-said' },
});
/** The bank tells three times at once that it has charged. */
async function tellThrice(payment: Payment): Promise<void> {
  const read = (await worker.postgres.journal.readByBankReference(payment.head.bankReference))!;
  await Promise.all(
    [1, 2, 3].map(() => settle.settle(read, read.attempt!, charged(payment), 'notification', CONTRACT)),
  );
}
async function patchChannel(settings: object): Promise<void> {
  const response = await fetch(`${bankUrl}/control/channels/${TEST_CHANNEL}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(settings),
  });
  expect(response.status).toBe(200);
}

describe('a refund', () => {
  it('goes back once, also when it is asked for twice with one key', async () => {
    const payment = await standing(await accept('ok'));
    const [first, second] = await Promise.all([refund(payment, 5_000, 'once'), refund(payment, 5_000, 'once')]);
    expect(second.refund.id).toBe(first.refund.id);
    expect(await settled(payment, first.refund)).toMatchObject({ state: 'succeeded', sendNo: 1 });
    expect((await refund(payment, 5_000, 'once')).replayed).toBe(true);
    expect(await book(payment)).toEqual([
      ['charge', 19_900],
      ['refund', -5_000],
    ]);
    const rest = await refund(payment);
    await settled(payment, rest.refund);
    expect(await net(payment)).toBe(0);
    const { head } = (await worker.postgres.journal.read(payment.id))!;
    expect(head).toMatchObject({ state: 'succeeded', capturedMinor: 19_900, refundedMinor: 19_900 });
    await expect(refund(payment, 1)).rejects.toThrow(/refund_exceeds_captured/);
  });

  it('never exceeds what was captured, at the bank neither, with 50 at once', async () => {
    const payment = await standing(await accept('ok'));
    const answers = await Promise.allSettled(Array.from({ length: 50 }, () => refund(payment, 1_990)));
    const accepted = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.refund] : []));
    expect(accepted).toHaveLength(10);
    for (const one of accepted) expect(await settled(payment, one)).toMatchObject({ state: 'succeeded' });
    expect(await net(payment)).toBe(0);
  });

  it('whose answer was lost is found by an inquiry, and given back once', async () => {
    const payment = await standing(await accept('refund_lost_answer'));
    const { refund: one } = await refund(payment, 700);
    expect(await settled(payment, one)).toMatchObject({ state: 'succeeded', doubtSince: expect.any(Number) });
    expect(await book(payment)).toEqual([
      ['charge', 19_900],
      ['refund', -700],
    ]);
    const types = (await worker.postgres.journal.events(payment, 3, 10)).map(({ type }) => type);
    expect(types).toEqual(['refund.created', 'refund.unknown', 'refund.succeeded']);
  });

  it('that takes the bank a while stays unknown until it is done', async () => {
    const payment = await standing(await accept('refund_pending'));
    const { refund: one } = await refund(payment);
    expect(await settled(payment, one)).toMatchObject({ state: 'succeeded', sendNo: 1 });
    expect(await net(payment)).toBe(0);
  });

  it('that the bank refuses frees its sum again', async () => {
    const payment = await standing(await accept('refund_reject'));
    const { refund: one } = await refund(payment);
    expect(await settled(payment, one)).toMatchObject({ state: 'declined', bankCode: '12' });
    expect((await worker.postgres.journal.read(payment.id))!.head.refundedMinor).toBe(0);
    expect(await net(payment)).toBe(19_900);
  });
});

describe('a reversal', () => {
  it('begins when the deadline passes with the payment unknown, and ends it as expired, with nothing charged', async () => {
    const payment = await accept('pending', { expiresAt: Date.now() + 3_000 });
    const ended = await standing(payment);
    expect(ended).toMatchObject({ head: { state: 'expired' }, attempt: { state: 'reversed' } });
    expect(await reversal(payment)).toMatchObject({ purpose: 'deadline', state: 'acknowledged' });
    expect(await net(payment)).toBe(0);
  });

  it('is repeated until the bank acknowledges it, and gives back what had been charged', async () => {
    const payment = await unknown('reversal_busy');
    await reverse(payment, 'person');
    expect(await standing(payment)).toMatchObject({ head: { state: 'failed' }, attempt: { state: 'reversed' } });
    expect(await reversal(payment)).toMatchObject({ state: 'acknowledged', tries: 4 });
    expect(await book(payment)).toEqual([
      ['charge', 19_900],
      ['reversal', -19_900],
    ]);
  });

  it('that the bank refuses leaves the question open, and the answer is kept: the payer has paid', async () => {
    const payment = await unknown('reversal_reject');
    await reverse(payment, 'person');
    expect(await standing(payment)).toMatchObject({ head: { state: 'succeeded', keptLeg: 1 } });
    expect(await reversal(payment)).toMatchObject({ state: 'refused' });
    expect(await book(payment)).toEqual([['charge', 19_900]]);
  });

  it('closes the payer’s page at the bank when the merchant cancels', async () => {
    const token = 'tok_icbc_gateway_ok' as InstrumentToken;
    const draft = {
      channelId: GATEWAY,
      instrumentToken: token,
      instruments: [{ token, channelId: GATEWAY, bankToken: token }],
    };
    const payment = await standing(await accept('ok', draft), ({ head }) => head.state === 'requires_action');
    const cancel = new CancelPayment(worker.postgres.journal, beginReversal);
    expect((await cancel.cancel(TEST_MERCHANT, payment.id)).kind).toBe('canceling');
    expect(['canceling', 'canceled']).toContain((await cancel.cancel(TEST_MERCHANT, payment.id)).kind);
    expect(await standing(payment)).toMatchObject({ head: { state: 'canceled' }, attempt: { state: 'reversed' } });
    await fetch(payment.attempt!.actionUrl!, { method: 'POST' });
    expect(await book(payment)).toEqual([]);
  });

  it('and a success reported beside it never both give back', async () => {
    const payment = await unknown('reversal_busy');
    await reverse(payment, 'person');
    await tellThrice(payment);
    await standing(payment);
    await tellThrice(payment);
    const trusted = await until(payment, async () => {
      const now = await reversal(payment);
      return now.state === 'acknowledged' && now.doubtedAt === null ? now : null;
    });
    expect(trusted).toMatchObject({ state: 'acknowledged' });
    expect(await worker.postgres.refunds.ofPayment(payment)).toEqual([]);
    expect(await book(payment)).toEqual([
      ['charge', 19_900],
      ['reversal', -19_900],
    ]);
  });

  it('after which the bank charges all the same is overtaken: the money goes back once, by a refund', async () => {
    // A bank that does not keep its word: it acknowledges the cancel and lets the payment in afterwards.
    await patchChannel({ cancel_blocks_late_pay: false });
    try {
      const payment = await unknown('late_success');
      await reverse(payment, 'person');
      await standing(payment);
      await until(payment, async () => ((await net(payment)) === 19_900 ? true : null));
      await tellThrice(payment);
      await until(payment, async () => ((await net(payment)) === 0 ? true : null));
      await tellThrice(payment);
      expect(await reversal(payment)).toMatchObject({ state: 'overtaken' });
      expect(await book(payment)).toEqual([
        ['charge', 19_900],
        ['refund', -19_900],
      ]);
    } finally {
      await patchChannel({ cancel_blocks_late_pay: true });
    }
  });
});

describe('a late success', () => {
  it('is given back exactly once, also when it is reported three times at once, and people hear of it once', async () => {
    const payment = await unknown('lost_answer');
    const ended = await worker.postgres.journal.apply({
      paymentId: payment.id,
      version: payment.head.version,
      to: 'failed',
      attempt: { leg: 1, state: 'declined' },
      eventType: 'payment.failed',
      reason: { code: 'declined' },
      lookAgainInMs: null,
    });
    expect(ended).toMatchObject({ kind: 'committed', value: { outcome: 'applied' } });
    await tellThrice(payment);
    const [one] = await worker.postgres.refunds.ofPayment(payment);
    expect(await settled(payment, one!)).toMatchObject({ kind: 'late_success', state: 'succeeded' });
    await tellThrice(payment);
    expect(await worker.postgres.refunds.ofPayment(payment)).toHaveLength(1);
    expect(await book(payment)).toEqual([
      ['charge', 19_900],
      ['refund', -19_900],
    ]);
    expect(await worker.postgres.journal.read(payment.id)).toMatchObject({
      head: { state: 'failed', keptLeg: null, refundedMinor: 0 },
      attempt: { state: 'succeeded' },
    });
    expect(alerts.filter((alert) => alert.includes('late_success') && alert.includes(payment.id))).toHaveLength(1);
  });
});
