/**
 * Channels with their lines and limits, kept in memory and read again when PostgreSQL says that they changed, and every few seconds
 * in case it could not say so. A decision never waits for a query.
 */
import type { ChannelEntry, ChannelRegistry, ShardOwnership } from '#dispatch';
import type { Channel, ChannelId, ChannelLimits, Line } from '#domain';
import { SHARDS } from '#domain';
import type { Pool } from 'pg';

export const CHANNELS_CHANGED = 'sluice_channels_changed';

const CHANNELS = `
select c.id, c.bank_id, c.product, c.connector, c.currencies, c.enabled, c.fee_basis_points, b.name_zh, b.name_en,
  l.revision, l.rate_per_second, l.burst, l.in_flight_max, l.longest_wait_ms, l.timeout_ms,
  l.amount_min::float8 as amount_min, l.amount_max::float8 as amount_max,
  (select coalesce(json_agg(json_build_object('id', n.line_id, 'channelId', n.channel_id, 'baseUrl', n.base_url) order by n.line_id), '[]')
   from channel_lines n where n.channel_id = c.id) as lines
from channels c join banks b on b.id = c.bank_id
join lateral (select * from channel_limits where channel_id = c.id order by revision desc limit 1) l on true
order by c.id`;

interface ChannelRow extends ChannelLimitsRow {
  id: ChannelId;
  bank_id: string;
  product: Channel['product'];
  connector: string;
  currencies: string[];
  enabled: boolean;
  fee_basis_points: number;
  name_zh: string;
  name_en: string;
  lines: Line[];
}
interface ChannelLimitsRow {
  revision: number;
  rate_per_second: number;
  burst: number;
  in_flight_max: number;
  longest_wait_ms: number;
  timeout_ms: number;
  amount_min: number;
  amount_max: number;
}

export class PostgresChannelRegistry implements ChannelRegistry, ShardOwnership {
  private entries = new Map<ChannelId, ChannelEntry>();
  private epochByShard: readonly number[] = new Array<number>(SHARDS).fill(0);

  constructor(
    private readonly pool: Pool,
    private readonly site: string,
  ) {}

  get(id: ChannelId): ChannelEntry | undefined {
    return this.entries.get(id);
  }

  all(): readonly ChannelEntry[] {
    return [...this.entries.values()];
  }

  epochs(): readonly number[] {
    return this.epochByShard;
  }

  /** Reads everything anew. @throws Error of PostgreSQL; what was known stays in force */
  async refresh(): Promise<void> {
    const { rows } = await this.pool.query<ChannelRow>(CHANNELS);
    this.entries = new Map(rows.map((row) => [row.id, entryOf(row)]));
    const shards = await this.pool.query<{ id: number; owner_site: string; epoch: string }>(
      'select id, owner_site, epoch from shards',
    );
    const epochs = new Array<number>(SHARDS).fill(0);
    for (const { id, owner_site, epoch } of shards.rows) if (owner_site === this.site) epochs[id] = Number(epoch);
    this.epochByShard = epochs;
  }
}

function entryOf(row: ChannelRow): ChannelEntry {
  const channel: Channel = {
    id: row.id,
    bankId: row.bank_id,
    product: row.product,
    connector: row.connector,
    currencies: row.currencies,
    enabled: row.enabled,
    feeBasisPoints: row.fee_basis_points,
  };
  const limits: ChannelLimits = {
    channelId: row.id,
    revision: row.revision,
    ratePerSecond: row.rate_per_second,
    burst: row.burst,
    inFlightMax: row.in_flight_max,
    longestWaitMs: row.longest_wait_ms,
    timeoutMs: row.timeout_ms,
    amountMin: row.amount_min,
    amountMax: row.amount_max,
  };
  return {
    channel,
    bank: { id: row.bank_id, name: { 'zh-CN': row.name_zh, en: row.name_en } },
    lines: row.lines,
    limits,
  };
}
