/**
 * How many requests arrived, when? One compact line per request, `[received_ms,channel,operation,reference]`,
 * so that an auditor can check contract rates in any sliding second as the bank saw them. Kept only in the
 * file: memory stays bounded however long the run.
 */
import { createReadStream, mkdirSync, type ReadStream, renameSync } from 'node:fs';
import { join } from 'node:path';
import { AppendFile } from './append-file';

/** Lines gathered for so long per write, ms. A payment spends longer inside the bank, so its receipt is on disk before its answer. */
const LINGER_MS = 20;

export class Receipts {
  private file: AppendFile;

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    this.file = new AppendFile(this.path, LINGER_MS);
  }

  get path(): string {
    return join(this.folder, 'receipts.ndjson');
  }

  /** Channel, operation and reference are checked before they come here: they need no escaping. */
  note(receivedMs: number, channel: string, operation: string, reference: string): void {
    this.file.append(`[${receivedMs},"${channel}","${operation}","${reference}"]`);
  }

  /** The whole log so far as a stream of lines. */
  stream(): ReadStream | null {
    this.file.flush();
    return this.file.size === 0 ? null : createReadStream(this.path, { end: this.file.size - 1 });
  }

  startAfresh(nowMs: number): void {
    this.file.close();
    renameSync(this.path, join(this.folder, `receipts-until-${nowMs}.ndjson`));
    this.file = new AppendFile(this.path, LINGER_MS);
  }

  close(): void {
    this.file.close();
  }
}
