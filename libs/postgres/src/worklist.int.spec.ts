// What a person should look at is there once, comes back only with new facts, and is settled in the open.
import type { PaymentId, WorklistDraft } from '#domain';
import { type TestDatabase, createTestJournal, silentLog } from '#testing';
import { readAuditChain } from './audit-chain';
import { type Postgres, createPostgres } from './postgres';

let database: TestDatabase;
let postgres: Postgres;

const item = (changes: Partial<WorklistDraft> = {}): WorklistDraft => ({
  kind: 'long_unknown',
  subject: 'pay_1/1',
  paymentId: 'pay_1' as PaymentId,
  leg: 1,
  channelId: null,
  facts: { reference: 'R1' },
  ...changes,
});
const open = async () => (await postgres.worklist.list(true, null, 100)).items;

beforeEach(async () => {
  database = await createTestJournal();
  postgres = await createPostgres({
    databaseUrl: database.url,
    applicationName: 'spec',
    site: 'a',
    log: silentLog,
    monotonicMs: () => performance.now(),
  });
});

afterEach(async () => {
  await postgres.close();
  await database.drop();
});

it('holds one open item of a kind about a subject, however often it is added', async () => {
  await Promise.all(Array.from({ length: 8 }, (_, n) => postgres.worklist.add(item({ facts: { n } }))));
  await postgres.worklist.add(item({ kind: 'late_success' }));
  await postgres.worklist.add(item({ subject: 'pay_1/2', leg: 2 }));
  expect((await open()).map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([
    'long_unknown pay_1/2',
    'late_success pay_1/1',
    'long_unknown pay_1/1',
  ]);
});

it('is settled once, and who settled it why is in the audit chain', async () => {
  await postgres.worklist.add(item());
  const [added] = await open();
  const all = await Promise.all([1, 2, 3].map(() => postgres.worklist.settle(added!.id, 'Li Wei', 'bank telephoned')));
  expect(all.map(({ outcome }) => outcome).sort()).toEqual(['already_settled', 'already_settled', 'settled']);
  expect(await open()).toEqual([]);
  const links = [];
  for await (const link of readAuditChain(database.url)) links.push(link);
  expect(links).toMatchObject([
    {
      actor: 'operator:Li Wei',
      action: 'worklist.settled',
      subject: `wrk_${added!.id}`,
      reason: 'bank telephoned',
      facts: { kind: 'long_unknown', about: 'pay_1/1', facts: { reference: 'R1' } },
    },
  ]);
  expect(await postgres.worklist.settle(999, 'Li Wei', 'nothing')).toEqual({ outcome: 'not_found' });
});

it('does not come back with the facts a person has settled, and does with others', async () => {
  await postgres.worklist.add(item());
  await postgres.worklist.settle((await open())[0]!.id, 'Li Wei', 'known');
  expect(await postgres.worklist.add(item())).toBe(true);
  expect(await open()).toEqual([]);
  await postgres.worklist.add(item({ facts: { reference: 'R1', again: true } }));
  expect(await open()).toHaveLength(1);
});

it('resolves by itself when the bank has spoken', async () => {
  await postgres.worklist.add(item());
  await postgres.worklist.resolve('long_unknown', 'pay_1/1', 'The bank has spoken: succeeded');
  expect((await postgres.worklist.list(false, null, 100)).items).toMatchObject([
    { settledBy: 'system', note: 'The bank has spoken: succeeded' },
  ]);
});

it('is read in pages, newest first', async () => {
  for (const leg of [1, 2, 3]) await postgres.worklist.add(item({ subject: `pay_1/${leg}`, leg }));
  const first = await postgres.worklist.list(null, null, 2);
  expect(first).toMatchObject({ hasMore: true, items: [{ leg: 3 }, { leg: 2 }] });
  expect(await postgres.worklist.list(null, first.items[1]!.id, 2)).toMatchObject({
    hasMore: false,
    items: [{ leg: 1 }],
  });
});
