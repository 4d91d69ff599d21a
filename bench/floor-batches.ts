/**
 * The floor's way to the journal: rows gathered to a full batch and inserted in one statement, `jsonb_to_recordset`, on two connections,
 * each commit durable. No compare-and-set, no reading back: the least that "three batched inserts" can cost.
 */
import pg from 'pg';

export interface FloorRow {
  readonly id: string;
  readonly order_key: string;
  readonly body: string;
}

/** At the very end of a run a batch stays short; it then leaves after this, ms. In between it always fills earlier. */
const LINGER_MS = 50;
const CONNECTIONS = 2;

export class FloorBatches {
  private waiting: { row: FloorRow; done: () => void }[] = [];
  private timer: NodeJS.Timeout | null = null;
  private readonly pool: pg.Pool;
  private readonly table: string;
  private readonly size: number;
  private readonly text: string;

  constructor(databaseUrl: string, table: string, size: number) {
    this.table = table;
    this.size = size;
    this.pool = new pg.Pool({ connectionString: databaseUrl, max: CONNECTIONS, idleTimeoutMillis: 0 });
    this.text = `insert into ${table} select id, order_key, body::jsonb from jsonb_to_recordset($1::jsonb) as r(id text, order_key text, body text)`;
  }

  /** Resolves when the row is committed. */
  insert(row: FloorRow): Promise<void> {
    return new Promise((done) => {
      this.waiting.push({ row, done });
      if (this.waiting.length >= this.size) this.flush();
      else this.timer ??= setTimeout(() => this.flush(), LINGER_MS);
    });
  }

  private flush(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const batch = this.waiting.splice(0, this.size);
    if (batch.length === 0) return;
    this.pool
      .query({ name: this.table, text: this.text, values: [JSON.stringify(batch.map(({ row }) => row))] })
      .then(() => batch.forEach(({ done }) => done()))
      .catch(fail);
  }
}

/** Nothing is repaired here: a floor that failed has measured nothing. */
export function fail(error: unknown): never {
  process.stderr.write(`The floor failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
