/**
 * How does a line reach the disk before its answer leaves? Lines of one turn of the event loop are
 * gathered and written with one write(2) into the page cache; only then do the answers go. That survives
 * `kill -9` of this process, which is the fault rehearsed here; it does not survive the machine's power
 * cut, since a rehearsal bank does not wait for fdatasync. The write is synchronous on purpose: a few
 * microseconds for a batch, where a trip through the thread pool costs more than the write.
 */
import { closeSync, openSync, readSync, ftruncateSync, fstatSync, writeSync } from 'node:fs';

export class AppendFile {
  private readonly fd: number;
  private lines: string[] = [];
  private waiting: (() => void)[] = [];
  private scheduled = false;
  /** Bytes in the file, the next line's offset once flushed. */
  private bytes: number;

  /** @param lingerMs 0 = written in the same turn of the event loop; more = gathered for so long, for lines nobody waits for. */
  constructor(
    readonly path: string,
    private readonly lingerMs = 0,
  ) {
    this.fd = openSync(path, 'a+', 0o600);
    this.bytes = cutTornLine(this.fd);
  }

  /** Size in bytes of what is written. */
  get size(): number {
    return this.bytes;
  }

  /** Adds a line (without its line feed); it is on disk when `afterFlush` calls back. */
  append(line: string): void {
    this.lines.push(line);
    this.schedule();
  }

  /** Calls back once every line appended so far is written; at once if nothing waits. */
  afterFlush(deed: () => void): void {
    if (this.lines.length === 0) deed();
    else this.waiting.push(deed);
  }

  flush(): void {
    const { lines, waiting } = this;
    if (lines.length > 0) {
      this.lines = [];
      this.waiting = [];
      this.write(Buffer.from(`${lines.join('\n')}\n`));
    }
    for (const deed of waiting) deed();
  }

  close(): void {
    this.flush();
    closeSync(this.fd);
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    const write = (): void => {
      this.scheduled = false;
      this.flush();
    };
    if (this.lingerMs === 0) setImmediate(write);
    else setTimeout(write, this.lingerMs);
  }

  /** A failed write (disk full) throws out of the event loop and ends the process: a bank that cannot book must not answer. */
  private write(block: Buffer): void {
    for (let at = 0; at < block.length;) at += writeSync(this.fd, block, at);
    this.bytes += block.length;
  }
}

/** A crash in the middle of write(2) can leave half a line. It was never answered: cut it off. Returns the size left. */
function cutTornLine(fd: number): number {
  let end = fstatSync(fd).size;
  const byte = Buffer.alloc(1);
  while (end > 0 && readSync(fd, byte, 0, 1, end - 1) === 1 && byte[0] !== 0x0a) end -= 1;
  ftruncateSync(fd, end);
  return end;
}
