/** Writes a client's log as the audit reads it: every request with what it heard, and each payment's end. */
import { createWriteStream, type WriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PaymentResponse, ProblemResponse } from '#client';
import type { ClientLogHead } from './client-log';

/** What was asked for. */
export interface Asked {
  readonly key: string;
  readonly orderNo: string;
  /** Minor units. */
  readonly value: number;
  readonly currency: string;
  readonly token: string;
  /** Hash of the body. */
  readonly hash: string;
}

/** What came back; status 0: nothing. */
export interface Heard {
  readonly status: number;
  readonly body: PaymentResponse | ProblemResponse | null;
}

export class ClientLogWriter {
  private readonly log: WriteStream;

  constructor(private readonly folder: string) {
    this.log = createWriteStream(join(folder, 'client.ndjson'));
  }

  /** @returns what the answer says about acceptance */
  note(kind: 'post' | 'read', asked: Asked, { status, body }: Heard): boolean | 'unknown' {
    const { key, orderNo: order, value, currency, token, hash } = asked;
    const payment = status >= 200 && status < 300 ? (body as PaymentResponse) : null;
    const problem = payment === null ? (body as ProblemResponse | null) : null;
    const told = payment !== null ? true : problem?.accepted === false ? false : 'unknown';
    this.write({
      ...{ kind, at: Date.now(), key, order, hash, value, currency, token, status, accepted: told },
      ...{ code: problem?.code ?? null, payment: payment?.id ?? null, state: payment?.status ?? null },
    });
    return told;
  }

  /** Nothing more will be asked under this key, but reads. */
  end(key: string): void {
    this.write({ kind: 'end', key });
  }

  async close(head: ClientLogHead): Promise<void> {
    await new Promise<void>((done) => this.log.end(done));
    writeFileSync(join(this.folder, 'client.json'), `${JSON.stringify(head)}\n`);
  }

  private write(line: Readonly<Record<string, unknown>>): void {
    this.log.write(`${JSON.stringify(line)}\n`);
  }
}
