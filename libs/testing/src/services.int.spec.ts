// The helpers that every integration spec stands on.
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { createTestDatabase, createTestRedis } from './index';

async function ask(url: string, statement: string): Promise<Record<string, string>> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(statement);
    return rows[0];
  } finally {
    await client.end();
  }
}

describe('a test database', () => {
  it('runs with the settings of the product: what is committed is on the disk', async () => {
    const database = await createTestDatabase();
    const settings = await ask(
      database.url,
      `select current_setting('fsync') fsync, current_setting('synchronous_commit') commit, current_setting('data_checksums') checksums`,
    );
    expect(settings).toEqual({ fsync: 'on', commit: 'on', checksums: 'on' });
    await database.drop();
  });

  it('is empty, and gone once dropped, even under an open connection', async () => {
    const database = await createTestDatabase();
    expect(await ask(database.url, `select count(*) tables from pg_tables where schemaname = 'public'`)).toEqual({
      tables: '0',
    });
    const open = new Client({ connectionString: database.url });
    open.on('error', () => undefined);
    await open.connect();
    await database.drop();
    await expect(ask(database.url, 'select 1')).rejects.toThrow('does not exist');
  });

  it('sorts strings by their code points, on every machine', async () => {
    const database = await createTestDatabase();
    const { sorted } = await ask(
      database.url,
      `select string_agg(w, '' order by w) sorted from (values ('b'), ('B'), ('a'), ('é')) v(w)`,
    );
    expect(sorted).toBe('Babé');
    await database.drop();
  });
});

describe('a test Redis', () => {
  it("forgets its own keys when flushed, and no other spec's", async () => {
    const [mine, other] = [await createTestRedis(), await createTestRedis()];
    const clients = [new Redis(mine.url), new Redis(other.url)];
    await Promise.all(clients.map((client) => client.set('job', '1')));
    await mine.flush();
    expect(await Promise.all(clients.map((client) => client.dbsize()))).toEqual([0, 1]);
    for (const client of clients) client.disconnect();
  });

  it('never throws a job away to make room', async () => {
    const { url } = await createTestRedis();
    const redis = new Redis(url);
    expect(await redis.config('GET', 'maxmemory-policy')).toContain('noeviction');
    redis.disconnect();
  });
});
