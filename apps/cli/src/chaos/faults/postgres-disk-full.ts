/**
 * The disk under PostgreSQL is full: rows and log cannot grow, sooner or later the server goes down, and comes back when there is room.
 * What was accepted must be there then, and nothing may have been answered that was not written.
 */
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FaultKind, happened, notSeen, skipped } from '../fault';

const CHUNK_BYTES = 1_048_576;
const BALLAST = 'ballast';
const COMPLAINT = /No space left on device/g;

export const postgresDiskFull: FaultKind = {
  name: 'postgres-disk-full',
  what: 'the disk under PostgreSQL is full for `for_s` seconds (needs root, to mount a small file system; skipped elsewhere)',
  // Not in random schedules: such a run keeps its database in memory, where nothing is slow to sync.
  draw: null,
  async inject({ for_s: forS = 5 }, { product, logs }) {
    const { disk } = product.place;
    if (disk === null) return skipped('no file system of its own can be mounted for PostgreSQL (Linux, as root)');
    const ballast = join(disk, BALLAST);
    const before = complaints(logs);
    const bytes = fill(ballast);
    try {
      await sleep(forS * 1_000);
      // What the server gives back (old log) is taken again, so that it stays full.
      fill(ballast);
    } finally {
      rmSync(ballast, { force: true });
    }
    const heard = complaints(logs) - before;
    return heard > 0
      ? happened(
          `the disk was full for ${forS} s (${Math.round(bytes / CHUNK_BYTES)} MB taken); PostgreSQL said so ${heard} times`,
        )
      : notSeen(`the disk was full for ${forS} s and PostgreSQL did not notice`);
  },
};

/** Appends until nothing fits. @returns how many bytes did */
function fill(file: string): number {
  const zeros = Buffer.alloc(CHUNK_BYTES);
  const descriptor = openSync(file, 'a');
  let bytes = 0;
  try {
    for (let size = CHUNK_BYTES; size >= 1;) {
      try {
        bytes += writeSync(descriptor, zeros, 0, size);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        size = Math.floor(size / 2);
      }
    }
  } finally {
    closeSync(descriptor);
  }
  return bytes;
}

function complaints(logs: string): number {
  const file = join(logs, 'postgres.log');
  return existsSync(file) ? (readFileSync(file, 'utf8').match(COMPLAINT)?.length ?? 0) : 0;
}
