/** Brings a database to this version's schema: numbered SQL files, each in a transaction, under one lock, never edited once released. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { renderStateGuards } from './state-guards';

/** Any number, the same in all versions: two migrations at once would otherwise race. */
const LOCK = 5_871_0001;
/** Event partitions made ahead. The worker's sweeper calls for more long before they run out. */
export const PARTITION_DAYS_AHEAD = 14;

/** @returns names of the migrations that were applied now */
export async function migrate(databaseUrl: string): Promise<readonly string[]> {
  const client = new Client({ connectionString: databaseUrl, application_name: 'sluice-migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await client.query(
      'create table if not exists schema_migrations (name text primary key, applied_at timestamptz not null default now())',
    );
    const { rows } = await client.query<{ name: string }>('select name from schema_migrations');
    const done = new Set(rows.map(({ name }) => name));
    const folder = migrationsFolder();
    const fresh = readdirSync(folder)
      .filter((name) => name.endsWith('.sql') && !done.has(name))
      .sort();
    for (const name of fresh) {
      await client.query('begin');
      try {
        await client.query(readFileSync(join(folder, name), 'utf8'));
        await client.query('insert into schema_migrations (name) values ($1)', [name]);
        await client.query('commit');
      } catch (error) {
        await client.query('rollback');
        throw new Error(
          `Migration ${name} failed and was rolled back: ${error instanceof Error ? error.message : error}`,
        );
      }
    }
    await client.query(renderStateGuards());
    await client.query('select ensure_event_partitions($1)', [PARTITION_DAYS_AHEAD]);
    return fresh;
  } finally {
    await client.end();
  }
}

/** SQL files are not compiled: from `dist/libs/postgres/src` they are found beside the sources. */
function migrationsFolder(): string {
  const here = join(__dirname, 'migrations');
  return __dirname.includes(`${join('dist', 'libs')}`) ? here.replace(join('dist', 'libs'), 'libs') : here;
}
