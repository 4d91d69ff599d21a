/** The command's work against a real bank simulator: lost answers are found in its books, and a statement that was changed on the way is nobody's word. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Connectors, createConnectors } from '#connectors';
import { type Attempt, type BankReference, type InstrumentToken, type Payment } from '#domain';
import { type Postgres, createPostgres } from '#postgres';
import { systemClock } from '#runtime';
import {
  TEST_CHANNEL,
  type SpawnedProcess,
  type TestDatabase,
  claimOf,
  createTestJournal,
  draftOf,
  silentLog,
  spawnProcess,
  testToken,
} from '#testing';
import { isOk, reconcileFigures, reconcileTable, reconcileViolations } from './present';
import { runReconcile } from './run-reconcile';

const SIMULATOR = resolve(__dirname, '../../../../dist/apps/bank-simulator/src/main.js');
const BANK_SECRET = 'a secret between us and the banks';
/** The bank's day now; a run over its midnight asks for the day on which it ends, and fails once in ten thousand. */
const today = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);

let folder: string;
let bank: SpawnedProcess;
let proxy: Server;
/** What the way between bank and us does to a statement. */
let tamper: (body: string) => string;
let database: TestDatabase;
let postgres: Postgres;
let connectors: Connectors;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-bank-'));
  bank = spawnProcess(SIMULATOR, {
    env: { BANK_SIMULATOR_PORT: '0', BANK_SIMULATOR_DATA: folder, BANK_SECRET, BANK_SIMULATOR_SEED: '1' },
  });
  const bankUrl = /"url":"([^"]+)"/.exec(await bank.untilOutput(/"msg":"ready"/))![1]!;
  proxy = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const method = request.method ?? 'GET';
      const answer = await fetch(bankUrl + request.url, {
        method,
        headers: Object.entries(request.headers).filter(
          (header): header is [string, string] => header[0].startsWith('bank-') || header[0] === 'content-type',
        ),
        ...(method === 'GET' ? {} : { body: Buffer.concat(chunks) }),
      });
      const text = await answer.text();
      response.writeHead(
        answer.status,
        [...answer.headers].filter(([name]) => /^(bank-|content-type)/.test(name)).flat(),
      );
      response.end(method === 'GET' ? tamper(text) : text);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  database = await createTestJournal(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  postgres = await createPostgres({
    databaseUrl: database.url,
    applicationName: 'spec',
    site: 'a',
    log: silentLog,
    monotonicMs: systemClock.monotonicMs,
  });
  connectors = createConnectors({ rest: { keys: { keyId: 'k1', secrets: { k1: BANK_SECRET } } } });
});

beforeEach(() => (tamper = (body) => body));

afterAll(async () => {
  await connectors.close();
  await postgres.close();
  await new Promise((closed) => proxy.close(closed));
  await bank.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** Dispatched and sent; what the bank answered is lost with the worker that heard it. */
async function paidUnheard(behaviour: string): Promise<Payment & { attempt: Attempt }> {
  const draft = draftOf({ instrumentToken: testToken(behaviour), onDecline: 'fail' });
  await postgres.journal.accept(draft);
  const commit = await postgres.journal.dispatch(claimOf(draft.id));
  if (commit.kind !== 'committed' || commit.value.outcome !== 'dispatched') throw new Error(JSON.stringify(commit));
  const { attempt, payment } = commit.value;
  await payAtBank(attempt.bankReference, testToken(behaviour), payment.amount.value);
  return { ...payment, attempt };
}
async function payAtBank(reference: BankReference, bankToken: InstrumentToken, value: number): Promise<void> {
  const { channel, lines } = postgres.channels.get(TEST_CHANNEL)!;
  await connectors.forChannel(channel).pay(
    { channelId: TEST_CHANNEL, line: lines[0]! },
    {
      reference,
      amount: { value, currency: 'CNY' },
      bankToken,
      sendBy: Date.now() + 2_000,
      description: null,
      returnUrl: null,
      actionExpiresAt: null,
      notifyUrl: null,
    },
    { timeoutMs: 4_000, maySend: () => true },
  );
}
const stateOf = async ({ id }: Payment) => (await postgres.journal.read(id))!.head.state;
const run = (format: 'csv' | 'camt053') =>
  runReconcile({
    journalUrl: database.url,
    bankSecret: BANK_SECRET,
    day: today(),
    channels: [TEST_CHANNEL],
    format,
    say: () => undefined,
  });
const figure = (days: Awaited<ReturnType<typeof run>>, name: string) =>
  reconcileFigures(days).find((one) => one.name === name)?.value;

it.each(['csv', 'camt053'] as const)('finds what was charged although the answer was lost, in %s', async (format) => {
  const paid = await Promise.all([paidUnheard('ok'), paidUnheard('ok'), paidUnheard('lost_answer')]);
  const declined = await paidUnheard('insufficient_funds');
  const days = await run(format);
  expect(isOk(days)).toBe(true);
  expect(figure(days, 'settled_by_presence')).toBe(3);
  for (const payment of paid) expect(await stateOf(payment)).toBe('succeeded');
  // Not there means nothing while the bank's day is not over.
  expect(await stateOf(declined)).toBe('processing');
  expect(figure(days, 'settled_by_absence')).toBe(0);
  expect(figure(days, 'waiting')).toBeGreaterThanOrEqual(1);
  expect(reconcileTable(days)).toContain('ok: the books agree');
});

it.each([
  ['csv', (body: string) => body.replace('19900', '10000')],
  ['camt053', (body: string) => body.replace('199.00', '100.00')],
] as const)('believes nothing of a %s that was changed on the way', async (format, change) => {
  const payment = await paidUnheard('ok');
  tamper = change;
  const days = await run(format);
  expect(days).toMatchObject([{ kind: 'unusable', reason: expect.stringMatching(/not the bank's/) as string }]);
  expect(reconcileViolations(days)).toMatchObject([{ rule: 'statement_unusable' }]);
  expect(isOk(days)).toBe(false);
  expect(await stateOf(payment)).toBe('processing');
  tamper = (body) => body;
  expect(isOk(await run(format))).toBe(true);
  expect(await stateOf(payment)).toBe('succeeded');
});

it('shows what the bank took from nobody we know, and what it took too much of', async () => {
  const payment = await paidUnheard('wrong_amount');
  await payAtBank('STRANGER00000000000A' as BankReference, testToken('ok'), 500);
  const days = await run('csv');
  expect(figure(days, 'break_long')).toBe(1);
  expect(reconcileTable(days)).toMatch(/break_long {2}icbc\.quickpay\/charge\/STRANGER00000000000A/);
  expect(await stateOf(payment)).toBe('unknown');
  const { items } = await postgres.worklist.list(true, null, 10);
  expect(items.map(({ kind }) => kind).sort()).toEqual(['break_long', 'integrity_failure']);
  expect(figure(await run('csv'), 'break_long')).toBe(1);
  expect((await postgres.worklist.list(true, null, 10)).items).toHaveLength(2);
});
