// One private PostgreSQL and one private Redis for a whole jest run, with the product's own settings,
// in a temporary folder. Specs get at them through `createTestDatabase` and `createTestRedis`.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bringUpDatabases } from '../../../scripts/lib/databases.cjs';
import { freePorts } from '../../../scripts/lib/free-port.cjs';
import { reporter } from '../../../scripts/lib/report.cjs';
import { type RunningSupervisor, Supervisor } from '../../../scripts/lib/supervisor.cjs';

/** What the teardown has to end. */
export interface TestServices {
  readonly supervisor: RunningSupervisor;
  readonly folder: string;
}

/** Redis databases by number: one is the counter, the others are handed out to specs. */
const REDIS_DATABASES = 256;

declare global {
  // Jest runs set-up and teardown in one process and gives them no other place to meet.
  var sluiceTestServices: TestServices | undefined;
}

/** Jest's global set-up. */
export default async function setUp(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  // As root PostgreSQL runs as another user, who has to pass through.
  chmodSync(folder, 0o711);
  const supervisor = new Supervisor();
  globalThis.sluiceTestServices = { supervisor, folder };
  // A jest that is interrupted runs no teardown.
  process.once('exit', () => supervisor.killAll());
  const databases = await bringUpDatabases({
    supervisor,
    report: reporter(() => undefined),
    data: folder,
    logs: join(folder, 'logs'),
    ports: await freePorts(['postgres', 'redis'], { place: folder }),
    password: randomBytes(16).toString('hex'),
    redisDatabases: REDIS_DATABASES,
  });
  process.env.TEST_DATABASE_URL = databases.postgres_url;
  process.env.TEST_REDIS_URL = databases.redis_url;
}
