/** An unknown that lasts is told to people, goes on being asked about, and leaves their list when the bank speaks. */
import { Client } from 'pg';
import { ChannelScores, RetryBudget } from '#policy';
import { type Postgres, createPostgres } from '#postgres';
import { systemClock, systemNames } from '#runtime';
import { type TestDatabase, claimOf, createTestJournal, draftOf, silentLog } from '#testing';
import type { Attempt, Evidence, Payment } from '#domain';
import { BeginReversal } from './begin-reversal';
import { FindReroute } from './find-reroute';
import { InquireAttempt, type InquireAttemptParts } from './inquire-attempt';
import type { Connector } from './ports/connector';
import { SettleAttempt } from './settle-attempt';

const meters = { count: () => undefined, observeMs: () => undefined };
const queue = { add: () => Promise.resolve(false) };

let database: TestDatabase;
let postgres: Postgres;
let inquire: InquireAttempt;
/** What the bank says when it is asked. */
let word: Evidence;

const bank = {
  capabilities: () => ({
    cancelByReference: true,
    softDeclineIsFinal: true,
    refusesLateRequests: false,
    maxProcessingTimeMs: 15_000,
    inquiryLagMs: 0,
  }),
  inquire: () => Promise.resolve({ kind: 'no_answer', reason: 'deadline', elapsedMs: 1 }),
  classify: () => word,
} as unknown as Connector;

beforeAll(async () => {
  database = await createTestJournal();
  const monotonicMs = () => performance.now();
  const options = { databaseUrl: database.url, applicationName: 'spec', site: 'a', log: silentLog, monotonicMs };
  postgres = await createPostgres(options);
  const connectorFor = () => bank;
  const told = { clock: systemClock, names: systemNames, log: silentLog, meters };
  const reroute = new FindReroute({ ...postgres, scores: new ChannelScores(), budget: new RetryBudget(), ...told });
  const settle = new SettleAttempt({ ...postgres, reroute, queue, ...told });
  const parts: InquireAttemptParts = {
    ...postgres,
    queue,
    settle,
    reroute,
    beginReversal: new BeginReversal({ ...postgres, ...told, connectorFor }),
    connectorFor,
    clock: systemClock,
    meters,
    reached: () => undefined,
  };
  inquire = new InquireAttempt(parts);
});

afterAll(async () => {
  await postgres.close();
  await database.drop();
});

async function sent(): Promise<Payment & { attempt: Attempt }> {
  const draft = draftOf({ onDecline: 'fail' });
  await postgres.journal.accept(draft);
  const commit = await postgres.journal.dispatch(claimOf(draft.id));
  if (commit.kind !== 'committed' || commit.value.outcome !== 'dispatched') throw new Error(JSON.stringify(commit));
  return { ...commit.value.payment, attempt: commit.value.attempt };
}
const list = async (open: boolean) => (await postgres.worklist.list(open, null, 10)).items;

it('is on the worklist once after ten inquiries, still unknown, until the bank has spoken', async () => {
  word = { class: 'unknown', reason: 'deadline' };
  const { attempt, id } = await sent();
  await inquire.inquire(id); // dispatched becomes unknown
  for (let looks = 0; looks < 9; looks += 1) await inquire.inquire(id);
  expect(await list(true)).toEqual([]);
  for (let looks = 0; looks < 3; looks += 1) await inquire.inquire(id);
  const facts = { reference: attempt.bankReference };
  expect(await list(true)).toMatchObject([{ kind: 'long_unknown', subject: `${id}/1`, paymentId: id, leg: 1, facts }]);
  expect((await postgres.journal.read(id))?.head.state).toBe('unknown');

  const { amount, bankReference: reference } = { ...attempt, amount: { value: 19_900, currency: 'CNY' } };
  word = { class: 'succeeded', charge: { reference, amount, bankTransactionId: 'TX' } };
  await inquire.inquire(id);
  expect((await postgres.journal.read(id))?.head.state).toBe('succeeded');
  expect(await list(true)).toEqual([]);
  expect(await list(false)).toMatchObject([{ settledBy: 'system', note: 'The bank has spoken: succeeded' }]);
});

it('begins to undo an unknown whose deadline has passed, though the sweeper never finds it due', async () => {
  word = { class: 'unknown', reason: 'deadline' };
  const { id } = await sent();
  await inquire.inquire(id); // dispatched becomes unknown
  await inquire.inquire(id); // asked, before the deadline
  expect((await postgres.journal.read(id))?.attempt?.state).toBe('unknown');
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(`update payments set expires_at = now() - interval '1 second' where id = $1`, [id]);
  await client.end();
  await inquire.inquire(id);
  expect((await postgres.journal.read(id))?.attempt?.state).toBe('reversing');
});
