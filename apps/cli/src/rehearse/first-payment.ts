/** When did the load begin? k6 makes the client's log when it starts, then its payers for some seconds; times count from the first line. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 50;

/** Resolves when the first payment was posted, or when the load has ended without one. */
export async function firstPayment(folder: string, loadEnds: AbortSignal): Promise<void> {
  const log = join(folder, 'client.ndjson');
  while (!loadEnds.aborted && (statSync(log, { throwIfNoEntry: false })?.size ?? 0) === 0) await sleep(LOOK_EVERY_MS);
}
