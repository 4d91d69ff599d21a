/**
 * How many requests arrived, when, and how many were inside at once? One compact line per arrival,
 * `[received_ms,channel,operation,reference]`, and one when a payment's answer has left or its caller has hung up, with a 1 at the end,
 * so that an auditor can check contract rates in any sliding second and ceilings at any moment, as the bank saw them. Lines stand in the
 * order in which things happened here; `[ms,"","start",""]` says that the bank was started and nothing is inside. Kept only in the file:
 * memory stays bounded however long the run.
 */
import { createReadStream, mkdirSync, type ReadStream, renameSync } from 'node:fs';
import { join } from 'node:path';
import { AppendFile } from './append-file';

/** Lines gathered for so long per write, ms. A payment spends longer inside the bank, so its receipt is on disk before its answer. */
const LINGER_MS = 20;

export class Receipts {
  private file: AppendFile;
  private closed = false;

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    this.file = new AppendFile(this.path, LINGER_MS);
    this.noteStart(Date.now());
  }

  get path(): string {
    return join(this.folder, 'receipts.ndjson');
  }

  /** Channel, operation and reference are checked before they come here: they need no escaping. */
  note(receivedMs: number, channel: string, operation: string, reference: string): void {
    this.file.append(`[${receivedMs},"${channel}","${operation}","${reference}"]`);
  }

  /** Its answer has left, or nobody waits for it any more. Callers who hang up after the bank has closed are not counted. */
  noteEnd(endedMs: number, channel: string, operation: string, reference: string): void {
    if (!this.closed) this.file.append(`[${endedMs},"${channel}","${operation}","${reference}",1]`);
  }

  private noteStart(nowMs: number): void {
    this.file.append(`[${nowMs},"","start",""]`);
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
    this.noteStart(nowMs);
  }

  close(): void {
    this.closed = true;
    this.file.close();
  }
}
