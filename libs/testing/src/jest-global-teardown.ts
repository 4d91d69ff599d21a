// Ends the private PostgreSQL and Redis of a jest run, and whatever a spec has left running, and removes what they wrote.
import { removeTemporaryFolder } from '../../../scripts/lib/temporary-folder.cjs';
import './jest-global-setup';

/** Jest's global teardown. */
export default async function tearDown(): Promise<void> {
  const services = globalThis.sluiceTestServices;
  if (!services) return;
  await services.supervisor.stopAll(['redis', 'postgres']);
  await removeTemporaryFolder(services.folder);
  globalThis.sluiceTestServices = undefined;
}
