/** Where the audit chain ended at the last audit that found nothing, kept in a file outside the database: it shows a tail that was cut. */
import { existsSync, readFileSync } from 'node:fs';
import { writeResult } from '../outcome';
import type { JournalAnchor } from './run-audit';

/** @returns null where there is no file yet: the first audit. @throws Error for a file that does not read: it may have been tampered with */
export function readAnchor(file: string): JournalAnchor | null {
  if (!existsSync(file)) return null;
  let anchor: Partial<JournalAnchor> | null = null;
  try {
    anchor = JSON.parse(readFileSync(file, 'utf8')) as Partial<JournalAnchor>;
  } catch {
    // falls through to the sentence below
  }
  if (anchor && Number.isInteger(anchor.seq) && /^[0-9a-f]{64}$/.test(String(anchor.hash)))
    return anchor as JournalAnchor;
  throw new Error(
    `${file} is no anchor of an audit chain. Restore it from a copy; without it a cut tail is not found.`,
  );
}

export function writeAnchor(file: string, anchor: JournalAnchor): void {
  writeResult(file, `${JSON.stringify(anchor)}\n`);
}
