import { type ChannelId, type Payment } from '#domain';
import { TEST_CHANNEL, type TestDatabase, claimOf, createTestJournal, draftOf, silentLog } from '#testing';
import { type Postgres, createPostgres } from './postgres';

let database: TestDatabase;
let postgres: Postgres;
beforeAll(async () => {
  database = await createTestJournal();
  postgres = await createPostgres({
    databaseUrl: database.url,
    applicationName: 'spec',
    site: 'a',
    log: silentLog,
    monotonicMs: () => performance.now(),
  });
});
afterAll(async () => {
  await postgres.close();
  await database.drop();
});

async function unknown(): Promise<Payment> {
  const draft = draftOf();
  await postgres.journal.accept(draft);
  await postgres.journal.dispatch(claimOf(draft.id));
  const commit = await postgres.journal.apply({
    paymentId: draft.id,
    version: 2,
    to: 'unknown',
    attempt: { leg: 1, state: 'unknown' },
    eventType: 'payment.unknown',
    lookAgainInMs: 60_000,
  });
  if (commit.kind !== 'committed') throw new Error(JSON.stringify(commit));
  return (await postgres.journal.read(draft.id))!;
}

it('an unknown attempt holds its slot until its fate is known or the bank cannot be at work on it any more', async () => {
  const payments = [await unknown(), await unknown(), await unknown()];
  const holding = new Map([
    [TEST_CHANNEL, 60_000],
    ['ccb.quickpay' as ChannelId, 60_000],
  ]);
  expect(await postgres.heldByUnknown(holding)).toEqual(new Map([[TEST_CHANNEL, 3]]));
  await postgres.journal.apply({
    paymentId: payments[0]!.id,
    version: 3,
    to: 'failed',
    attempt: { leg: 1, state: 'declined' },
    eventType: 'payment.failed',
    lookAgainInMs: null,
  });
  expect((await postgres.heldByUnknown(holding)).get(TEST_CHANNEL)).toBe(2);
  // Its send-by lies two seconds ahead; a holding time that ended before it began holds nothing.
  expect(await postgres.heldByUnknown(new Map([[TEST_CHANNEL, -10_000]]))).toEqual(new Map());
});
