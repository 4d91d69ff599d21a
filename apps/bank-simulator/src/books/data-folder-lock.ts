/**
 * Two banks must not write one book. The lock is a file with the owner's process id; a lock whose owner is gone
 * (`kill -9`) is taken over.
 */
import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export class DataFolderLock {
  private constructor(private readonly path: string) {}

  /** @throws if another living process holds the folder */
  static take(folder: string): DataFolderLock {
    const path = join(folder, 'simulator.pid');
    // Two turns: one to find a dead owner's lock and remove it, one to take it.
    for (let turn = 1; ; turn += 1) {
      try {
        writeFileSync(path, String(process.pid), { flag: 'wx', mode: 0o600 });
        return new DataFolderLock(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        const owner = Number(readFileSync(path, 'utf8'));
        if (turn === 2 || isAlive(owner)) {
          throw new Error(
            `${folder} belongs to the bank simulator with process id ${owner}; stop it, or give this one another BANK_SIMULATOR_DATA`,
          );
        }
        unlinkSync(path);
      }
    }
  }

  release(): void {
    unlinkSync(this.path);
  }
}

/** In a container a restarted simulator often has its predecessor's id: its own id in the file is a dead owner's. */
function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
