// One private PostgreSQL and one private Redis for a whole jest run, with the product's own settings,
// in a temporary folder. Specs get at them through `createTestDatabase` and `createTestRedis`.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { bringUpDatabases } from '../../../scripts/lib/databases.cjs';
import { freePorts } from '../../../scripts/lib/free-port.cjs';
import { reporter } from '../../../scripts/lib/report.cjs';
import { type RunningSupervisor, Supervisor } from '../../../scripts/lib/supervisor.cjs';
import {
  makeTemporaryFolder,
  removeAbandonedFolders,
  removeTemporaryFolder,
  writeProcesses,
} from '../../../scripts/lib/temporary-folder.cjs';

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
  await removeAbandonedFolders();
  const folder = makeTemporaryFolder();
  const supervisor: RunningSupervisor = new Supervisor({
    onChange: () => writeProcesses(folder, supervisor.records()),
  });
  globalThis.sluiceTestServices = { supervisor, folder };
  // A jest that is interrupted runs no teardown; the services are in sessions of their own and do not hear Ctrl-C.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void removeTemporaryFolder(folder).finally(() => process.exit(1)));
  }
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
  process.env.TEST_FOLDER = folder;
}
