/** Everything a process needs from PostgreSQL, wired. */
import { Pool, type PoolConfig } from 'pg';
import { type ChannelId, checkStateTables } from '#domain';
import type {
  AuditTrail,
  ChannelRegistry,
  InstrumentBook,
  LimitsBook,
  LiveCounter,
  Log,
  OrdersBook,
  PayerInstruments,
  PaymentJournal,
  RefundJournal,
  ReversalJournal,
  ShardOwnership,
  StatementsBook,
  WebhookEndpoints,
  WebhookOutbox,
  Worklist,
  WorklistDesk,
} from '#dispatch';
import { PostgresAuditTrail } from './audit-chain';
import { PostgresLimitsBook } from './channel-limits';
import { PostgresOrdersBook } from './channel-orders';
import { BY_INDEX, WriterConnection } from './connection';
import { type PaymentFeed, PostgresFeed } from './feed';
import { heldByUnknown } from './held-by-unknown';
import { type ApiKeyOwner, PostgresApiKeys, PostgresInstrumentBook } from './instruments';
import { PostgresLiveCounter } from './live-counts';
import { PARTITION_DAYS_AHEAD } from './migrate';
import { PostgresPayerInstruments } from './payer-instruments';
import { PostgresPaymentJournal } from './payment-journal';
import { PostgresRefundJournal } from './refund-journal';
import { PostgresChannelRegistry } from './registry';
import { PostgresReversalJournal } from './reversal-journal';
import { PostgresStatementsBook } from './statements-book';
import { PostgresWebhookEndpoints } from './webhook-endpoints';
import { PostgresWebhookOutbox } from './webhook-outbox';
import { PostgresWorklist } from './worklist';

export interface PostgresOptions {
  readonly databaseUrl: string;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** The site whose shards this process may dispatch for. */
  readonly site: string;
  readonly log: Log;
  readonly monotonicMs: () => number;
}

export interface Postgres {
  readonly journal: PaymentJournal;
  readonly refunds: RefundJournal;
  readonly reversals: ReversalJournal;
  readonly channels: ChannelRegistry;
  readonly instruments: InstrumentBook;
  readonly payerInstruments: PayerInstruments;
  readonly keys: { find(apiKey: string): Promise<ApiKeyOwner | null> };
  readonly shards: ShardOwnership;
  readonly worklist: Worklist & WorklistDesk;
  readonly auditTrail: AuditTrail;
  readonly limits: LimitsBook;
  readonly orders: OrdersBook;
  readonly liveCounter: LiveCounter;
  readonly statements: StatementsBook;
  readonly feed: PaymentFeed;
  readonly webhookEndpoints: WebhookEndpoints;
  /** Opens its connections when it is first used: the API never does. */
  readonly webhookOutbox: WebhookOutbox;
  /** Slots at each bank that unknown attempts hold. @param holdMs for how long after its send-by each does, by channel. @throws Error */
  heldByUnknown(holdMs: ReadonlyMap<ChannelId, number>): Promise<ReadonlyMap<ChannelId, number>>;
  /** 32 bytes, the same for all processes of this journal: seals suggestions. @throws Error of PostgreSQL */
  suggestionKey(): Promise<Uint8Array>;
  /** Which of these processes, by their `applicationName`, have a connection to PostgreSQL now. @throws Error of PostgreSQL */
  connected(applicationNames: readonly string[]): Promise<ReadonlySet<string>>;
  /** Answers a query within a second. @throws Error with a sentence for an operator */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** Channels and shards are read again this often even if no notification came, ms: a limit acts within a second (design.md, Numbers). */
const REFRESH_EVERY_MS = 1_000;
/** Event partitions are made ahead this often, and old webhook deliveries removed. */
const PARTITIONS_EVERY_MS = 3_600_000;
/** Connections for reads: each read is under a millisecond, so four serve some thousands a second. */
const READERS = 4;

/**
 * Connects and reads the registry. Waits for a database that is still starting, then goes on with one that comes and goes.
 * @throws Error when the database does not answer or has no schema
 */
export async function createPostgres(options: PostgresOptions): Promise<Postgres> {
  checkStateTables();
  const config: PoolConfig = { connectionString: options.databaseUrl, application_name: options.applicationName };
  const pool = readersOf(config);
  const byIndex = readersOf({
    ...config,
    options: Object.entries(BY_INDEX)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  });
  const registry = new PostgresChannelRegistry(pool, options.site, options.monotonicMs);
  // Nobody's first read waits for a connection.
  await Promise.all([registry.refresh(), byIndex.query('select 1')]).catch((error: unknown) => {
    throw new Error(
      `PostgreSQL is not usable (${error instanceof Error ? error.message : error}); is it up and migrated?`,
    );
  });
  const feed = new PostgresFeed(config, options.log);
  await feed.start();
  const refresh = () =>
    registry.refresh().catch((error: unknown) => {
      options.log.warn('Channels could not be read again; the known ones stay in force', { error: String(error) });
    });
  feed.onChannelsChanged(() => void refresh());
  const refreshing = setInterval(() => void refresh(), REFRESH_EVERY_MS);
  const webhookOutbox = new PostgresWebhookOutbox(config);
  const partitioning = setInterval(() => {
    webhookOutbox.prune().catch((error: unknown) => {
      options.log.warn('Old webhook deliveries could not be removed; they go in an hour', { error: String(error) });
    });
    pool.query('select ensure_event_partitions($1)', [PARTITION_DAYS_AHEAD]).catch((error: unknown) => {
      options.log.warn('Event partitions could not be made ahead; the default partition takes them', {
        error: String(error),
      });
    });
  }, PARTITIONS_EVERY_MS);
  const journal = new PostgresPaymentJournal({
    connection: () => new WriterConnection(config, options.monotonicMs),
    pool: byIndex,
    site: options.site,
    monotonicMs: options.monotonicMs,
  });
  const refunds = new PostgresRefundJournal(new WriterConnection(config, options.monotonicMs), pool, options.site);
  return {
    journal,
    refunds,
    reversals: new PostgresReversalJournal(pool),
    channels: registry,
    instruments: new PostgresInstrumentBook(pool, options.monotonicMs),
    payerInstruments: new PostgresPayerInstruments(pool, options.monotonicMs),
    keys: new PostgresApiKeys(pool, options.monotonicMs),
    shards: registry,
    worklist: new PostgresWorklist(pool, options.log),
    auditTrail: new PostgresAuditTrail(pool),
    limits: new PostgresLimitsBook(pool, refresh),
    orders: new PostgresOrdersBook(pool, refresh),
    liveCounter: new PostgresLiveCounter(pool),
    statements: new PostgresStatementsBook(pool),
    feed,
    webhookEndpoints: new PostgresWebhookEndpoints(pool),
    webhookOutbox,
    heldByUnknown: (holdMs) => heldByUnknown(pool, holdMs),
    async suggestionKey() {
      const { rows } = await pool.query<{ secret: Buffer }>('select secret from suggestion_key');
      return rows[0]!.secret;
    },
    async connected(applicationNames) {
      const { rows } = await pool.query<{ application_name: string }>(
        'select distinct application_name from pg_stat_activity where application_name = any($1)',
        [applicationNames],
      );
      return new Set(rows.map((row) => row.application_name));
    },
    async ready() {
      await pool.query('select 1');
    },
    async close() {
      clearInterval(refreshing);
      clearInterval(partitioning);
      await feed.close();
      await journal.close();
      await refunds.close();
      await webhookOutbox.close();
      await Promise.all([pool.end(), byIndex.end()]);
    },
  };
}

/** Connections are opened when they are first needed; one stays. */
function readersOf(config: PoolConfig): Pool {
  const pool = new Pool({
    ...config,
    min: 1,
    max: READERS,
    connectionTimeoutMillis: 2_000,
    query_timeout: 5_000,
    statement_timeout: 4_000,
    keepAlive: true,
  });
  // An idle connection that the server closed is no event: the next query opens another.
  pool.on('error', () => undefined);
  return pool;
}
