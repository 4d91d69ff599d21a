/**
 * One dedicated connection that writes: it connects when needed, asserts what durability depends on, and is thrown away at the
 * first doubt. A pool would hand a doubtful connection to the next caller; here a batch owns its connection.
 */
import { Client, type ClientConfig, type QueryResult } from 'pg';

/** A server that does not answer a connect in this time is treated as down, ms. */
const CONNECT_TIMEOUT_MS = 1_000;

/**
 * Bound of one statement in the server, ms. The sweeper relies on it: a row that got its `accepted_seq` longer ago than this plus a
 * second is committed or never will be.
 */
export const STATEMENT_TIMEOUT_MS = 3_000;

/** When even the time-out's answer does not come (frozen server), the connection is dropped and the commit is undecided, ms. */
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 1_000;

/** After a failed connect nobody tries again for so long, and callers hear `unavailable` at once, ms. */
const RECONNECT_PAUSE_MS = 100;

/**
 * A generic plan made on an empty table must still be the right one at ten million rows: only nested loops over indexes, in the order
 * of the input. The order also keeps overlapping batches from deadlocking (money.md section 5). For whoever writes payments or reads
 * some by their keys.
 */
export const BY_INDEX: Readonly<Record<string, string>> = {
  plan_cache_mode: 'force_generic_plan',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_seqscan: 'off',
  jit: 'off',
};

const SESSION = Object.entries({
  synchronous_commit: 'on',
  statement_timeout: String(STATEMENT_TIMEOUT_MS),
  ...BY_INDEX,
})
  .map(([name, value]) => `set ${name} = ${value}`)
  .join('; ');

/** The server could not be asked: certainly nothing was stored. */
export class Unreachable extends Error {}

/** The statement was sent and its fate is not known. */
export class Undecided extends Error {}

export interface Statement {
  readonly name: string;
  readonly text: string;
}

export class WriterConnection {
  private client: Client | null = null;
  private connecting: Promise<Client> | null = null;
  private lastFailureMs = -Infinity;
  private doubtfulNotice: string | null = null;

  constructor(
    private readonly config: ClientConfig,
    private readonly monotonicMs: () => number,
  ) {}

  /**
   * Runs one statement, which is one transaction.
   * @throws Unreachable nothing was sent
   * @throws Undecided it was sent and may have been committed
   * @throws Error PostgreSQL refused it (with its SQLSTATE in `code`); nothing was stored
   */
  async run(statement: Statement, values: readonly unknown[]): Promise<QueryResult> {
    const client = await this.connected();
    this.doubtfulNotice = null;
    let result: QueryResult;
    try {
      result = await client.query({ name: statement.name, text: statement.text, values: [...values] });
    } catch (error) {
      if (isPlainRefusal(error)) throw error;
      this.drop();
      throw new Undecided(message(error));
    }
    if (this.doubtfulNotice !== null) {
      const notice = this.doubtfulNotice;
      this.drop();
      throw new Undecided(notice);
    }
    return result;
  }

  async close(): Promise<void> {
    const { client } = this;
    this.client = null;
    await client?.end().catch(() => undefined);
  }

  private async connected(): Promise<Client> {
    if (this.client) return this.client;
    if (this.monotonicMs() - this.lastFailureMs < RECONNECT_PAUSE_MS)
      throw new Unreachable('PostgreSQL did not answer');
    this.connecting ??= this.connect().finally(() => (this.connecting = null));
    return this.connecting;
  }

  private async connect(): Promise<Client> {
    const client = new Client({
      ...this.config,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
      keepAlive: true,
    });
    client.on('error', () => this.drop(client));
    // A commit whose wait for replication was canceled looks successful; this notice is its only trace (reliability.md, F6).
    client.on('notice', (notice) => {
      if (notice.severity === 'WARNING' && notice.code === '01000') this.doubtfulNotice = notice.message ?? 'warning';
    });
    try {
      await client.connect();
      await client.query(SESSION);
      const { rows } = await client.query<{ fsync: string; durable: string }>(
        `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as durable`,
      );
      if (rows[0]?.fsync !== 'on' || rows[0].durable !== 'on') {
        throw new Error(
          'PostgreSQL runs without fsync or synchronous_commit; switch both on: an acceptance must be durable',
        );
      }
    } catch (error) {
      this.lastFailureMs = this.monotonicMs();
      client.end().catch(() => undefined);
      throw new Unreachable(message(error));
    }
    this.client = client;
    return client;
  }

  private drop(client: Client | null = this.client): void {
    if (!client) return;
    if (this.client === client) this.client = null;
    client.end().catch(() => undefined);
  }
}

/**
 * PostgreSQL answered ERROR and goes on with the session: the transaction is rolled back for certain. FATAL (a terminated backend, a
 * shutdown) ends the session at an unknown point of the commit, and errors without an SQLSTATE come from the socket.
 */
function isPlainRefusal(error: unknown): boolean {
  if (!(error instanceof Error) || !('severity' in error) || !('code' in error)) return false;
  return error.severity === 'ERROR' && typeof error.code === 'string' && !/^(08|57P|XX)/.test(error.code);
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
