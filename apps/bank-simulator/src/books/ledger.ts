/**
 * The bank's own book: what was charged, refunded and reversed, and in which order. It is written *before*
 * an answer leaves and it is what the money audit believes, so nothing in it comes from Sluice's code.
 *
 * `ledger.ndjson` holds one entry per line, sequence numbers without gaps. At start it is read again: the
 * bank after a `kill -9` knows every charge it has answered, recognises duplicates and finishes open orders.
 */
import { createReadStream, existsSync, mkdirSync, type ReadStream, renameSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AppendFile } from './append-file';
import type { Entry, NewEntry } from './entry';
import { Records } from './records';
import { LedgerSummary } from './summary';

/** Lines between two remembered file offsets: a reader who asks for `after` starts at most this many lines early. */
const INDEX_EVERY = 1024;

export class Ledger {
  private file: AppendFile;
  private seq = 0;
  private records = new Map<string, Records>();
  private totals = new LedgerSummary();
  /** Offset of line 1, 1 + 1024, 1 + 2048, … */
  private offsets: number[] = [];
  /** Bytes up to the end of the last line appended, written or not. */
  private offset = 0;

  private constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    this.file = new AppendFile(this.path);
  }

  /** Opens the ledger of a folder and reads what is there. @throws if a line is not what was written. */
  static async open(folder: string): Promise<Ledger> {
    const ledger = new Ledger(folder);
    for await (const line of createInterface({ input: createReadStream(ledger.path), crlfDelay: Infinity })) {
      const entry = parseLine(line, ledger.seq + 1, ledger.path);
      ledger.take(entry, Buffer.byteLength(line) + 1);
    }
    return ledger;
  }

  get path(): string {
    return join(this.folder, 'ledger.ndjson');
  }

  get lastSeq(): number {
    return this.seq;
  }

  get summary(): LedgerSummary {
    return this.totals;
  }

  of(channel: string): Records {
    let records = this.records.get(channel);
    if (records === undefined) this.records.set(channel, (records = new Records()));
    return records;
  }

  /** Appends an entry and applies it. Answer only from `afterWrite`. */
  write(entry: NewEntry): Entry {
    const seq = this.seq + 1;
    const bookedAt = entry.booked_at;
    const full: Entry = {
      seq,
      ...entry,
      bank_transaction_id: bookedAt === undefined ? undefined : transactionId(entry.channel, bookedAt, seq),
    };
    const line = JSON.stringify(full);
    this.file.append(line);
    this.take(full, Buffer.byteLength(line) + 1);
    return full;
  }

  /** Calls back when everything written so far is in the file. */
  afterWrite(deed: () => void): void {
    this.file.afterFlush(deed);
  }

  /** All entries after a sequence number, from the file, oldest first. */
  async *read(afterSeq = 0): AsyncGenerator<{ entry: Entry; line: string }> {
    this.file.flush();
    const upTo = this.seq;
    if (afterSeq >= upTo) return;
    const block = Math.floor(afterSeq / INDEX_EVERY);
    const input = createReadStream(this.path, { start: this.offsets[block] ?? 0, end: this.offset - 1 });
    try {
      for await (const line of createInterface({ input, crlfDelay: Infinity })) {
        const entry = JSON.parse(line) as Entry;
        if (entry.seq > afterSeq) yield { entry, line };
      }
    } finally {
      input.destroy();
    }
  }

  /** The whole file as it is now: for readers who want every byte and no loop of ours in between. */
  stream(): ReadStream | null {
    this.file.flush();
    return this.offset === 0 ? null : createReadStream(this.path, { end: this.offset - 1 });
  }

  /** Starts an empty ledger; the old file is kept beside it. Returns the old file's new name, null if it was empty. */
  startAfresh(nowMs: number): string | null {
    this.file.close();
    const kept = this.seq === 0 || !existsSync(this.path) ? null : join(this.folder, `ledger-until-${nowMs}.ndjson`);
    if (kept !== null) renameSync(this.path, kept);
    this.file = new AppendFile(this.path);
    this.seq = 0;
    this.offset = 0;
    this.offsets = [];
    this.records = new Map();
    this.totals = new LedgerSummary();
    return kept;
  }

  close(): void {
    this.file.close();
  }

  private take(entry: Entry, bytes: number): void {
    if ((entry.seq - 1) % INDEX_EVERY === 0) this.offsets.push(this.offset);
    this.offset += bytes;
    this.seq = entry.seq;
    const records = this.of(entry.channel);
    const before = records.charge(entry.reference);
    this.totals.add(entry, before?.state === 'OK' && !before.reversed);
    records.apply(entry);
  }
}

function transactionId(channel: string, bookedAt: string, seq: number): string {
  const bank = channel.slice(0, channel.indexOf('.')).toUpperCase();
  return `${bank}${bookedAt.slice(0, 4)}${bookedAt.slice(5, 7)}${bookedAt.slice(8, 10)}${String(seq).padStart(10, '0')}`;
}

function parseLine(line: string, expectedSeq: number, path: string): Entry {
  let entry: Partial<Entry> | null = null;
  try {
    entry = JSON.parse(line) as Partial<Entry>;
  } catch {
    // falls through to the sentence below
  }
  if (entry?.seq === expectedSeq && typeof entry.channel === 'string' && typeof entry.reference === 'string') {
    return entry as Entry;
  }
  throw new Error(
    `${path}: line ${expectedSeq} is not entry ${expectedSeq} of a ledger; the file was changed by hand. ` +
      'Restore it, or point BANK_SIMULATOR_DATA at an empty folder.',
  );
}
