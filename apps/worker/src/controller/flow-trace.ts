/**
 * A recording of the controller at work, for replay in the simulator: what each step was given, its chance included, and what it said.
 * One JSON object a line: `start` with the state that a term began from, then its `step`s. Off unless SLUICE_FLOW_TRACE names a file.
 */
import { createWriteStream, type WriteStream } from 'node:fs';
import type { Log } from '#dispatch';
import type { FlowSnapshot, SiteInput, SiteState } from '#policy';

/** A step of twenty channels takes some 30 kB: this is two hours of them. A full disk stops more than a trace. */
const TRACE_MAX_BYTES = 1_000_000_000;

export type TraceLine =
  | { readonly kind: 'start'; readonly state: SiteState }
  | {
      readonly kind: 'step';
      readonly input: SiteInput;
      /** What `random` answered, in order. */
      readonly draws: readonly number[];
      readonly snapshot: FlowSnapshot;
    };

export interface FlowTrace {
  write(line: TraceLine): void;
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

  write(line: TraceLine): void {
    if (this.over) return;
    const text = `${JSON.stringify(line)}\n`;
    this.bytes += text.length;
    if (this.bytes > TRACE_MAX_BYTES) this.stop('it has grown as large as a trace may');
    else this.stream.write(text);
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
