/** The port WebhookOutbox over PostgreSQL: deliveries are taken by one statement and recorded many at a time. */
import { JournalUnavailable } from '#dispatch';
import type { Commit, TakenWebhook, WebhookHaul, WebhookOutbox, WebhookRecord, WebhookWish } from '#dispatch';
import { Pool, type PoolConfig } from 'pg';
import { Batcher } from './batcher';
import { Unreachable } from './connection';
import { type Row, paymentOf } from './payment-row';
import { PRUNE_DELIVERIES, RECORD_DELIVERIES, TAKE_DELIVERIES } from './statements/webhook-deliveries';

/**
 * A taken delivery is somebody's for so long, ms: the longest send (15 s), a record that waits for a database that restarts, and some
 * air. Who dies holding it delays that one delivery by this much, and no other payment's.
 */
export const DELIVERY_LEASE_MS = 60_000;

/** One takes, one records. */
const CONNECTIONS = 2;
const RECORDS_MAX = 128;
/** Answers of one moment are recorded together. */
const RECORD_LINGER_MS = 2;
/** Beyond what all permits of a process can hold at once. */
const RECORDS_WAITING_MAX = 1_000;

/**
 * Not waiting for the disk: what a crash of the server forgets here is that something was sent, and then it is sent again, which at
 * least once allows. The deliveries themselves were committed with their events. The rest as in connection.ts: nested loops only.
 */
const SESSION = [
  'synchronous_commit=off',
  'plan_cache_mode=force_generic_plan',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  'enable_seqscan=off',
  'jit=off',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

/** A million deliveries an hour at most, far more than come. */
const PRUNE_ROUNDS_MAX = 200;

type Recorded = { readonly held: boolean; readonly released: boolean };

export class PostgresWebhookOutbox implements WebhookOutbox {
  readonly leaseMs = DELIVERY_LEASE_MS;
  private readonly pool: Pool;
  private readonly records: Batcher<WebhookRecord, Recorded>;

  constructor(config: PoolConfig) {
    this.pool = new Pool({
      ...config,
      max: CONNECTIONS,
      connectionTimeoutMillis: 2_000,
      query_timeout: 5_000,
      statement_timeout: 4_000,
      keepAlive: true,
      options: SESSION,
    });
    this.pool.on('error', () => undefined);
    this.records = new Batcher([{ run: (records) => this.write(records) }], {
      sizeMax: RECORDS_MAX,
      lingerMs: RECORD_LINGER_MS,
      waitingMax: RECORDS_WAITING_MAX,
      keyOf: ({ endpointId, paymentId }) => `${endpointId} ${paymentId}`,
    });
  }

  async take({ after, rooms, roomElse, max }: WebhookWish): Promise<WebhookHaul> {
    const values = [after, [...rooms.keys()], [...rooms.values()], roomElse, max, this.leaseMs];
    let rows: Row[];
    try {
      ({ rows } = await this.pool.query<Row>({ ...TAKE_DELIVERIES, values }));
    } catch (error) {
      throw new JournalUnavailable(error instanceof Error ? error.message : String(error));
    }
    const deliveries = rows.filter((row) => row['payment_id'] !== null).map(takenOf);
    return { deliveries, next: rows[0]?.['next'] ?? '' };
  }

  record(record: WebhookRecord): Promise<Commit<Recorded>> {
    return this.records.submit(record);
  }

  /** Removes what ended a month ago. @returns how many deliveries went. @throws Error of PostgreSQL; what is left goes the next time */
  async prune(): Promise<number> {
    let removed = 0;
    for (let round = 0; round < PRUNE_ROUNDS_MAX; round += 1) {
      const { rowCount } = await this.pool.query(PRUNE_DELIVERIES);
      removed += rowCount ?? 0;
      if (!rowCount) break;
    }
    return removed;
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private async write(records: readonly WebhookRecord[]): Promise<readonly Recorded[]> {
    const input = records.map(({ verdict, ...record }, ord) => ({
      ord,
      endpoint_id: record.endpointId,
      payment_id: record.paymentId,
      version: record.version,
      tries: record.tries,
      verdict: verdict.kind,
      after_ms: verdict.kind === 'retry' ? verdict.afterMs : null,
      status: record.status,
      error: record.error,
      closes: verdict.kind === 'dead' && verdict.closesEndpoint,
    }));
    const results: Recorded[] = records.map(() => ({ held: false, released: false }));
    try {
      const { rows } = await this.pool.query<{ ord: number; released: boolean }>({
        ...RECORD_DELIVERIES,
        values: [JSON.stringify(input)],
      });
      for (const { ord, released } of rows) results[ord] = { held: true, released };
      return results;
    } catch (error) {
      // The whole batch shares one fate: whatever it was, the leases run out and the deliveries are sent again.
      throw new Unreachable(error instanceof Error ? error.message : String(error));
    }
  }
}

function takenOf(row: Row): TakenWebhook {
  return {
    endpointId: row['endpoint_id']!,
    paymentId: row['payment_id']!,
    version: row['e_version']!,
    url: row['url']!,
    secrets: row['secrets']!,
    tries: row['tries']!,
    takenAt: row['taken_at']!,
    event: {
      paymentId: row['payment_id']!,
      version: row['e_version']!,
      type: row['event_type']!,
      state: row['e_state']!,
      leg: row['e_leg']!,
      channelId: row['e_channel_id']!,
      at: row['e_at']!,
      data: row['e_data']!,
    },
    payment: paymentOf(row),
  };
}
