// Ends the private PostgreSQL and Redis of a jest run and removes what they wrote.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import './jest-global-setup';

/** Jest's global teardown. */
export default async function tearDown(): Promise<void> {
  const services = globalThis.sluiceTestServices;
  if (!services) return;
  await services.supervisor.stopAll(['redis', 'postgres']);
  // Elsewhere, if PostgreSQL's user could not reach the temporary folder.
  const location = join(services.folder, 'location.json');
  if (existsSync(location)) {
    const elsewhere: { postgres: string } = JSON.parse(readFileSync(location, 'utf8'));
    rmSync(elsewhere.postgres, { recursive: true, force: true });
  }
  rmSync(services.folder, { recursive: true, force: true });
  globalThis.sluiceTestServices = undefined;
}
