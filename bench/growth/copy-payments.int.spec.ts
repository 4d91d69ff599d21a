import { Client } from 'pg';
import { type MerchantId, paymentReference } from '../../libs/domain/src/index.ts';
import { type Postgres, createPostgres } from '../../libs/postgres/src/index.ts';
import {
  claimOf,
  createTestJournal,
  draftOf,
  sha256,
  silentLog,
  TEST_CHANNEL,
  type TestDatabase,
} from '../../libs/testing/src/index.ts';
import { copyPayments } from './copy-payments.ts';

const TAKEN = 19_900;

let database: TestDatabase;
let postgres: Postgres;
let sql: Client;
const query = async (text: string, values: readonly unknown[] = []) =>
  (await sql.query<Record<string, unknown>>(text, [...values])).rows;
const idsIn = async (state: string) =>
  (await query('select payment_id from payment_heads where state = $1 order by payment_id', [state])).map(
    (row) => row['payment_id'] as Parameters<Postgres['journal']['read']>[0],
  );

beforeAll(async () => {
  database = await createTestJournal();
  const parts = { databaseUrl: database.url, applicationName: 'spec', site: 'a', log: silentLog };
  postgres = await createPostgres({ ...parts, monotonicMs: () => performance.now() });
  sql = new Client({ connectionString: database.url });
  await sql.connect();
  const draft = draftOf();
  await postgres.journal.accept(draft);
  await postgres.journal.dispatch(claimOf(draft.id));
  await postgres.journal.apply({
    paymentId: draft.id,
    version: 2,
    to: 'succeeded',
    attempt: { leg: 1, state: 'succeeded', bankTransactionId: 'ICBC1' },
    kept: { leg: 1, capturedMinor: TAKEN },
    eventType: 'payment.succeeded',
    lookAgainInMs: null,
  });
});

afterAll(async () => {
  await sql.end();
  await postgres.close();
  await database.drop();
});

describe('a journal filled with copies', () => {
  it('holds payments that the product reads as its own, each with its attempt, its history and its own reference', async () => {
    await copyPayments(query, 'succeeded', TEST_CHANNEL, 5);
    const ids = await idsIn('succeeded');
    expect(ids).toHaveLength(6);
    for (const id of ids) {
      const payment = (await postgres.journal.read(id))!;
      const { merchantId, merchantOrderNo } = payment;
      const reference = paymentReference(merchantId as MerchantId, merchantOrderNo, 1, sha256);
      expect(payment).toMatchObject({
        head: { version: 3, keptLeg: 1, capturedMinor: TAKEN, bankReference: reference },
        attempt: { state: 'succeeded', bankReference: reference },
      });
      const events = await postgres.journal.events(payment, 0, 10);
      expect(events.map(({ type }) => type)).toEqual(['payment.queued', 'payment.processing', 'payment.succeeded']);
    }
  });

  it('leaves nothing for the sweeper to find', async () => {
    expect(await query('select 1 from follow_ups')).toEqual([]);
    expect(await postgres.journal.collectUnfinished()).toBe(0);
  });

  it('holds payments that wait, which the product dispatches like any other', async () => {
    await copyPayments(query, 'queued', TEST_CHANNEL, 3);
    const ids = await idsIn('queued');
    expect(ids).toHaveLength(3);
    expect(await query('select payment_id from follow_ups order by payment_id')).toHaveLength(3);
    for (const id of ids) {
      expect(await postgres.journal.read(id)).toMatchObject({ head: { version: 1, keptLeg: null }, attempt: null });
      expect(await postgres.journal.dispatch(claimOf(id))).toMatchObject({ value: { outcome: 'dispatched' } });
    }
  });
});
