// What an auditor reads must be what was committed: every payment once, with all it did, to the microsecond.
import type { Commit } from '#dispatch';
import { claimOf, createTestJournal, draftOf, silentLog, type TestDatabase } from '#testing';
import { type Client } from 'pg';
import { AuditBooks, type AuditedPage } from './audit-books';
import { createPostgres, type Postgres } from './postgres';

let database: TestDatabase;
let postgres: Postgres;
let books: AuditBooks;

beforeAll(async () => {
  database = await createTestJournal();
  postgres = await createPostgres({
    databaseUrl: database.url,
    applicationName: 'spec',
    site: 'a',
    log: silentLog,
    monotonicMs: () => performance.now(),
  });
  books = await AuditBooks.open(database.url);
});

afterAll(async () => {
  await books.close();
  await postgres.close();
  await database.drop();
});

const valueOf = <T>(commit: Commit<T>): T => {
  if (commit.kind !== 'committed') throw new Error(`not committed: ${JSON.stringify(commit)}`);
  return commit.value;
};
const pagesOf = async (): Promise<AuditedPage[]> => {
  const pages: AuditedPage[] = [];
  for await (const page of books.pages()) pages.push(page);
  return pages;
};

it('reads every payment once, page by page, with its attempts and its events', async () => {
  const drafts = Array.from({ length: 1_203 }, () => draftOf());
  await Promise.all(drafts.map((draft) => postgres.journal.accept(draft)));
  const sent = valueOf(await postgres.journal.dispatch(claimOf(drafts[0]!.id)));
  if (sent.outcome !== 'dispatched') throw new Error('skipped');

  const pages = await pagesOf();
  expect(pages.map((page) => page.payments.length)).toEqual([1_000, 203]);
  const ids = pages.flatMap((page) => page.payments.map((payment) => payment.id));
  expect(new Set(ids)).toEqual(new Set(drafts.map((draft) => draft.id)));
  expect(pages.reduce((sum, page) => sum + page.events.length, 0)).toBe(1_204);

  const [attempt, ...others] = pages.flatMap((page) => page.attempts);
  expect(others).toEqual([]);
  expect(attempt).toMatchObject({ paymentId: drafts[0]!.id, leg: 1, state: 'dispatched', epoch: 1, sendNo: 1 });
  expect(attempt!.sendByMs - attempt!.dispatchedAtMs).toBeCloseTo(2_000, 3);
  const payment = pages.flatMap((page) => page.payments).find(({ id }) => id === drafts[0]!.id);
  expect(payment).toMatchObject({
    amountMinor: 19_900,
    currency: 'CNY',
    instruments: drafts[0]!.instruments,
    head: { state: 'processing', version: 2, leg: 1, keptLeg: null, capturedMinor: 0, refundedMinor: 0 },
  });
  expect(await books.standing()).toMatchObject({ payments: 1_203, underWay: 1_203, open: 1_203, moves: 1_204 });
});

it("counts a payer at a bank's page as open, and as under way only once the page has closed (chaos, random, seed 8)", async () => {
  const draft = draftOf();
  const before = await books.standing();
  await postgres.journal.accept(draft);
  const sent = valueOf(await postgres.journal.dispatch(claimOf(draft.id)));
  if (sent.outcome !== 'dispatched') throw new Error('skipped');
  const atPage = (actionExpiresAt: number, version: number) =>
    postgres.journal.apply({
      paymentId: draft.id,
      version,
      to: 'requires_action',
      attempt: { leg: 1, state: 'requires_action', actionUrl: 'https://bank.test/page', actionExpiresAt },
      eventType: 'payment.requires_action',
      lookAgainInMs: null,
    });
  valueOf(await atPage(before.atMs + 60_000, 2));
  const waiting = await books.standing();
  expect(waiting.open - before.open).toBe(1);
  expect(waiting.underWay - before.underWay).toBe(0);
  valueOf(await atPage(before.atMs - 1, 3));
  expect((await books.standing()).underWay - before.underWay).toBe(1);
});

it('cannot write, and names the journal it reads', async () => {
  expect(await books.identity()).toMatch(/^\d{20}$/);
  expect(await books.limits()).toContainEqual({
    channelId: 'icbc.quickpay',
    ratePerSecond: 100,
    burst: 10,
    inFlightMax: 10,
  });
  const inner = (books as unknown as { client: Client }).client;
  await expect(inner.query('delete from payments')).rejects.toThrow(/read-only/);
});
