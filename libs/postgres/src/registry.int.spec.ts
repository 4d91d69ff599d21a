// What processes keep in memory about channels: heard of when it changes, begun and ended by the clock when it does not.
import type { LimitValues } from '#domain';
import { TEST_CHANNEL, type TestDatabase, createTestJournal, silentLog } from '#testing';
import { Client } from 'pg';
import { type Postgres, createPostgres } from './postgres';

let database: TestDatabase;
let sql: Client;
/** Two processes: what one changes, the other hears. */
let one: Postgres;
let other: Postgres;

beforeAll(async () => {
  database = await createTestJournal();
  sql = new Client({ connectionString: database.url });
  await sql.connect();
  const options = { databaseUrl: database.url, applicationName: 'spec', site: 'a', log: silentLog };
  [one, other] = (await Promise.all(
    [1, 2].map(() => createPostgres({ ...options, monotonicMs: () => performance.now() })),
  )) as [Postgres, Postgres];
});

afterAll(async () => {
  await sql.end();
  await Promise.all([one.close(), other.close()]);
  await database.drop();
});

/** Looks until it is so, at most 10 s. */
async function until(isSo: () => boolean): Promise<void> {
  for (const endMs = Date.now() + 10_000; !isSo(); await new Promise((resolve) => setTimeout(resolve, 5))) {
    if (Date.now() > endMs) throw new Error('Waited 10 s.');
  }
}
const entry = (process: Postgres) => process.channels.get(TEST_CHANNEL)!;

/** Revisions as planned: the first now, each of the others so many ms later. */
const amend = (steps: readonly (Partial<LimitValues> & { readonly inMs: number })[]) =>
  one.limits.amend(TEST_CHANNEL, null, ({ base, nowMs }) => ({
    amend: {
      change: null,
      callsOff: null,
      revisions: steps.map(({ inMs, ...values }) => ({
        values: { ...base, ...values },
        effectiveFrom: nowMs + inMs,
        cause: 'change' as const,
        changeId: null,
      })),
      by: 'spec',
      why: 'test',
      action: 'limits.changed',
    },
  }));

it('shows a change at once in the process that made it, and by a version that rises in every other', async () => {
  const before = other.channels.version();
  await amend([{ inMs: 0, inFlightMax: 7 }]);
  expect(entry(one)).toMatchObject({ limits: { inFlightMax: 7 }, origin: { by: 'spec', why: 'test', until: null } });
  await until(() => other.channels.version() > before);
  expect(entry(other).limits).toEqual(entry(one).limits);
  expect(other.channels.version()).toBe(one.channels.version());
});

it('brings a scheduled limit into force, and the one after it, without being told', async () => {
  const revision = entry(one).limits.revision;
  await amend([
    { inMs: 0, inFlightMax: 6 },
    { inMs: 150, inFlightMax: 5 },
    { inMs: 400, inFlightMax: 4 },
  ]);
  const version = one.channels.version();
  const seen = new Set<number>();
  await until(() => {
    seen.add(entry(other).limits.inFlightMax);
    return entry(other).limits.revision === revision + 3;
  });
  // 7 where nothing was heard yet; a slow machine may sleep through a step, but never sees them in another order.
  expect([...seen]).toEqual([...seen].sort((a, b) => b - a));
  expect(entry(other).limits.inFlightMax).toBe(4);
  expect(other.channels.version()).toBe(version);
});

it('hears of a row that was written by hand', async () => {
  const before = other.channels.version();
  await sql.query(
    `insert into channel_orders (target, hold, ordered_by, reason) values ('icbc', 'isolate', 'a person', 'by hand')`,
  );
  await until(() => entry(other).order?.hold === 'isolate');
  expect(other.channels.version()).toBeGreaterThan(before);
  await sql.query('update channel_orders set released_at = now(), released_by = $1, release_reason = $1', ['a person']);
  await until(() => entry(other).order === null);
});

it('tells PostgreSQL’s time', async () => {
  const { rows } = await sql.query<{ now: number }>(
    `select extract(epoch from clock_timestamp())::float8 * 1000 as now`,
  );
  // Half of a slow reading of the clock, on a machine that does much else.
  expect(Math.abs(other.channels.nowMs() - rows[0]!.now)).toBeLessThan(1_000);
});

it('refuses to change or forget a revision', async () => {
  await expect(sql.query('update channel_limits set rate_per_second = 1')).rejects.toThrow(/append-only/);
  await expect(sql.query('delete from channel_limits')).rejects.toThrow(/append-only/);
});
