/**
 * A recording of the controller at work, for replay (`replaySite` of #policy): what each step was given, its chance included, and what it
 * said, a line of JSON each. Off unless SLUICE_FLOW_TRACE names a file.
 */
import { createWriteStream, type WriteStream } from 'node:fs';
import type { Log } from '#dispatch';

/** A step of twenty channels takes some 30 kB: this is two hours of them. A full disk stops more than a trace. */
const TRACE_MAX_BYTES = 1_000_000_000;

export interface FlowTrace {
  /** @param line as `traceStart` and `stepTraced` of #policy make them */
  write(line: string): void;
  close(): void;
}

/** @param file `null`: nothing is recorded */
export function openFlowTrace(file: string | null, log: Log): FlowTrace | null {
  if (file === null) return null;
  const stream = createWriteStream(file, { flags: 'a' });
  return new FileTrace(stream, file, log);
}

class FileTrace implements FlowTrace {
  private bytes = 0;
  private over = false;

  constructor(
    private readonly stream: WriteStream,
    private readonly file: string,
    private readonly log: Log,
  ) {
    stream.on('error', (error) => this.stop(error.message));
  }

  write(line: string): void {
    if (this.over) return;
    this.bytes += line.length + 1;
    if (this.bytes > TRACE_MAX_BYTES) this.stop('it has grown as large as a trace may');
    else this.stream.write(`${line}\n`);
  }

  close(): void {
    this.over = true;
    this.stream.end();
  }

  private stop(why: string): void {
    this.over = true;
    this.log.warn('The flow trace ends here; the controller goes on without it', { file: this.file, why });
  }
}
