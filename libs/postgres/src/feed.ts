/**
 * Hears from PostgreSQL which payments and channels changed. A notification is a hint to read again; when the connection was lost,
 * some were missed, and every listener is told to read everything it waits for.
 */
import { Client, type ClientConfig } from 'pg';
import type { Log } from '#dispatch';
import type { PaymentState } from '#domain';
import { CHANNELS_CHANGED } from './registry';
import { PAYMENTS_CHANGED, readPaymentsChanged } from './statements/notify';

/** @param states what each payment became, by position; null: not said */
export type PaymentsListener = (ids: readonly string[], states: readonly (PaymentState | null)[]) => void;

export interface PaymentFeed {
  /** @returns how to unsubscribe */
  subscribe(listener: PaymentsListener): () => void;
  /** Notifications were missed: read again whatever you wait for. */
  onReset(listener: () => void): () => void;
}

/** Between two attempts to listen again, ms. */
const RECONNECT_PAUSE_MS = 500;
/** A quiet line is asked this often, and given up after so long without an answer, ms: readers that wait learn of a cut within 8 s. */
const HEARTBEAT_EVERY_MS = 5_000;
const HEARTBEAT_TIMEOUT_MS = 3_000;

export class PostgresFeed implements PaymentFeed {
  private client: Client | null = null;
  private closed = false;
  private retry: NodeJS.Timeout | null = null;
  private readonly payments = new Set<PaymentsListener>();
  private readonly resets = new Set<() => void>();
  private readonly channels = new Set<() => void>();

  constructor(
    private readonly config: ClientConfig,
    private readonly log: Log,
  ) {}

  subscribe(listener: PaymentsListener): () => void {
    this.payments.add(listener);
    return () => this.payments.delete(listener);
  }

  onReset(listener: () => void): () => void {
    this.resets.add(listener);
    return () => this.resets.delete(listener);
  }

  onChannelsChanged(listener: () => void): () => void {
    this.channels.add(listener);
    return () => this.channels.delete(listener);
  }

  /** Listens, and goes on trying to; never throws for a database that is down. */
  async start(): Promise<void> {
    const client = new Client({
      ...this.config,
      keepAlive: true,
      connectionTimeoutMillis: 2_000,
      query_timeout: HEARTBEAT_TIMEOUT_MS,
    });
    client.on('error', () => undefined);
    client.on('end', () => this.lost(client));
    client.on('notification', ({ channel, payload }) => this.heard(channel, payload ?? ''));
    try {
      await client.connect();
      await client.query(`listen ${PAYMENTS_CHANGED}; listen ${CHANNELS_CHANGED}`);
      this.client = client;
      this.heartbeat(client);
      for (const listener of this.resets) listener();
      for (const listener of this.channels) listener();
    } catch (error) {
      this.log.warn('Cannot listen to PostgreSQL; waiting readers look again by themselves', { error: String(error) });
      client.end().catch(() => undefined);
      this.lost(client);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.retry) clearTimeout(this.retry);
    await this.client?.end().catch(() => undefined);
  }

  /** A line that is silently cut would tell nothing for hours; an unanswered question ends it, and the next one says what was missed. */
  private heartbeat(client: Client): void {
    const timer = setTimeout(() => {
      if (this.client !== client) return;
      client.query('select 1').then(
        () => this.heartbeat(client),
        () => {
          client.end().catch(() => undefined);
          this.lost(client);
        },
      );
    }, HEARTBEAT_EVERY_MS);
    timer.unref();
  }

  private heard(channel: string, payload: string): void {
    if (channel === CHANNELS_CHANGED) {
      for (const listener of this.channels) listener();
      return;
    }
    if (payload === '') return;
    const { ids, states } = readPaymentsChanged(payload);
    for (const listener of this.payments) listener(ids, states);
  }

  private lost(client: Client): void {
    if (this.client === client) this.client = null;
    else if (this.client) return;
    if (this.closed || this.retry) return;
    this.retry = setTimeout(() => {
      this.retry = null;
      void this.start();
    }, RECONNECT_PAUSE_MS);
  }
}
