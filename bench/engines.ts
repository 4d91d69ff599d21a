/**
 * PostgreSQL and Redis of their own for one side of the bench, on fresh folders, with the settings the product runs with. The floor and
 * the product each get a pair, so that what the one leaves running (checkpoints, sweeps) is not billed to the other.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import databases from '../scripts/lib/databases.cjs';
import ports from '../scripts/lib/free-port.cjs';
import reports from '../scripts/lib/report.cjs';
import type supervisors from '../scripts/lib/supervisor.cjs';

type Supervisor = InstanceType<typeof supervisors.Supervisor>;

export interface Engines {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Of postgres and redis. */
  readonly pids: Readonly<Record<'postgres' | 'redis', number | undefined>>;
  query(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  end(): Promise<void>;
}

/** Before the postmaster: whoever started here ends here. */
const STOP_ORDER = ['redis', 'postgres'];

export async function startEngines(folder: string, supervisor: Supervisor): Promise<Engines> {
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const killWithUs = (): void => supervisor.killAll();
  process.once('exit', killWithUs);
  const { postgres, redis } = await ports.freePorts(['postgres', 'redis'], { place: folder });
  const up = await databases.bringUpDatabases({
    supervisor,
    report: reports.reporter(() => undefined),
    data: folder,
    logs: join(folder, 'logs'),
    ports: { postgres: postgres ?? 0, redis: redis ?? 0 },
    password: 'bench',
  });
  const client = new pg.Client({ connectionString: up.postgres_url });
  client.on('error', () => undefined);
  await client.connect();
  const query = async (text: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> =>
    (await client.query<Record<string, unknown>>(text, [...values])).rows;
  await assertDurable(query);
  return {
    databaseUrl: up.postgres_url,
    redisUrl: up.redis_url,
    pids: { postgres: supervisor.pidOf('postgres'), redis: supervisor.pidOf('redis') },
    query,
    async end() {
      await client.end();
      await supervisor.stopAll(STOP_ORDER);
      process.removeListener('exit', killWithUs);
    },
  };
}

/** A commit that is not on the disk costs a fraction; such a figure would be a lie. */
async function assertDurable(query: Engines['query']): Promise<void> {
  const [row] = await query(
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as durable`,
  );
  if (row?.['fsync'] !== 'on' || row['durable'] !== 'on') {
    throw new Error('PostgreSQL runs without fsync or synchronous_commit, so nothing measured here would count.');
  }
}
