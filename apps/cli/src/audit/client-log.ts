/**
 * A client's log: a folder with `client.ndjson`, one line per request, and `client.json`, which says whose it is, of which journal,
 * and how many payments were posted, so that a log that was cut off is found. `npm run rehearse` writes both.
 */
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ClientRequest } from '#audit';
import { DATA_FOLDER } from '../running-product';

/** Where rehearsals keep their logs. */
export const REHEARSALS_FOLDER = join(DATA_FOLDER, 'rehearsals');

/** `client.json`. */
export interface ClientLogHead {
  readonly merchant_id: string;
  /** `AuditBooks.identity` of the journal it was written against. */
  readonly journal: string | null;
  /** Payments whose last word the client has written; null: the run was broken off. */
  readonly payments: number | null;
}

/** One line of `client.ndjson`, as k6 writes it. */
interface RawRequest {
  kind: 'post' | 'read' | 'end';
  at: number;
  key: string;
  order: string;
  hash: string;
  value: number;
  currency: string;
  token: string;
  status: number;
  code: string | null;
  accepted: boolean | 'unknown';
  payment: string | null;
  state: ClientRequest['state'];
}

export class ClientLog {
  private constructor(
    readonly folder: string,
    readonly head: ClientLogHead,
  ) {}

  /** @throws if the folder holds no client's log */
  static open(folder: string): ClientLog {
    const headFile = join(folder, 'client.json');
    if (!existsSync(headFile) || !existsSync(join(folder, 'client.ndjson'))) {
      throw new Error(
        `${folder} holds no client's log (client.json and client.ndjson); name the folder of a rehearsal.`,
      );
    }
    return new ClientLog(folder, JSON.parse(readFileSync(headFile, 'utf8')) as ClientLogHead);
  }

  /** The logs of all rehearsals that ran against this journal. */
  static ofJournal(journal: string | null): ClientLog[] {
    if (!existsSync(REHEARSALS_FOLDER)) return [];
    return readdirSync(REHEARSALS_FOLDER)
      .map((name) => join(REHEARSALS_FOLDER, name))
      .filter((folder) => existsSync(join(folder, 'client.json')) && existsSync(join(folder, 'client.ndjson')))
      .map((folder) => ClientLog.open(folder))
      .filter(({ head }) => head.journal === journal);
  }

  /** Requests in the order in which they were answered; `ended` counts the payments followed to their end. */
  async *requests(ended: { count: number }): AsyncGenerator<ClientRequest> {
    const input = createReadStream(join(this.folder, 'client.ndjson'));
    for await (const text of createInterface({ input, crlfDelay: Infinity })) {
      const raw = parse(text);
      // k6 itself may add a line of its own, such as a script's error; half a line is what a kill leaves.
      if (raw === null) continue;
      if (raw.kind === 'end') {
        ended.count += 1;
        continue;
      }
      yield {
        merchantId: this.head.merchant_id,
        kind: raw.kind,
        idempotencyKey: raw.key,
        merchantOrderNo: raw.order,
        atMs: raw.at,
        bodyHash: raw.hash,
        amountMinor: raw.value,
        currency: raw.currency,
        instrumentToken: raw.token,
        status: raw.status,
        code: raw.code,
        accepted: raw.accepted,
        paymentId: raw.payment,
        state: raw.state,
      };
    }
  }
}

function parse(text: string): RawRequest | null {
  if (!text.startsWith('{')) return null;
  try {
    return JSON.parse(text) as RawRequest;
  } catch {
    return null;
  }
}
