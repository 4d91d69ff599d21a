/**
 * One read of everything that processes keep in memory about channels: contracts, revisions of limits, standing orders, shards. Revisions
 * and orders whose time lies ahead come along, so that they begin by themselves.
 */
import type { Channel, ChannelContract, ChannelId, LimitRevision, LimitsOrigin, Line, StandingOrder } from '#domain';
import type { Pool, QueryResult } from 'pg';
import { ms } from './payment-row';

/** The version first: whatever is read after it is at least as new. One round trip for all five. */
const READ = `
select version::float8 as version, ${ms('clock_timestamp()')} as now from registry_version;

select c.id, c.bank_id as "bankId", c.product, c.connector, c.currencies, c.enabled, c.fee_basis_points as "feeBasisPoints",
  b.name_zh as "nameZh", b.name_en as "nameEn",
  case when k.channel_id is not null then json_build_object('ratePerSecond', k.rate_per_second, 'burst', k.burst,
    'inFlightMax', k.in_flight_max, 'amountMin', k.amount_min, 'amountMax', k.amount_max) end as contract,
  (select coalesce(json_agg(json_build_object('id', n.line_id, 'channelId', n.channel_id, 'baseUrl', n.base_url) order by n.line_id), '[]')
   from channel_lines n where n.channel_id = c.id) as lines
from channels c join banks b on b.id = c.bank_id left join channel_contracts k on k.channel_id = c.id
order by c.id;

select l.channel_id as "channelId", l.revision, l.rate_per_second as "ratePerSecond", l.burst, l.in_flight_max as "inFlightMax",
  l.longest_wait_ms as "longestWaitMs", l.timeout_ms as "timeoutMs", l.amount_min::float8 as "amountMin",
  l.amount_max::float8 as "amountMax", ${ms('l.effective_from')} as "effectiveFrom", l.cause, l.changed_by as by, l.reason as why
from channel_limits l
where l.revision >= coalesce(
  (select max(m.revision) from channel_limits m where m.channel_id = l.channel_id and m.effective_from <= clock_timestamp()), 0);

select o.id::float8 as id, o.target, o.hold, o.ordered_by as by, o.reason as why, ${ms('o.starts_at')} as "startsAt",
  ${ms('o.ends_at')} as "endsAt", ${ms('o.drains_at')} as "drainsAt"
from channel_orders o where o.released_at is null and (o.ends_at is null or o.ends_at > clock_timestamp());

select id, owner_site as "ownerSite", epoch::float8 as epoch from shards`;

export interface ChannelRow extends Channel {
  readonly nameZh: string;
  readonly nameEn: string;
  /** Null: nobody has written it down; then its first limits are taken for it. */
  readonly contract: ChannelContract | null;
  readonly lines: readonly Line[];
}

export type RevisionRow = LimitRevision & Pick<LimitsOrigin, 'cause' | 'by' | 'why'>;

export interface RegistryRows {
  readonly version: number;
  /** PostgreSQL's clock when it began to answer. */
  readonly nowMs: number;
  readonly channels: readonly ChannelRow[];
  /** By channel: the one in force and those ahead. */
  readonly revisions: ReadonlyMap<ChannelId, readonly RevisionRow[]>;
  readonly orders: readonly StandingOrder[];
  readonly shards: readonly { readonly id: number; readonly ownerSite: string; readonly epoch: number }[];
}

/** @throws Error of PostgreSQL */
export async function readRegistry(pool: Pool): Promise<RegistryRows> {
  // Several statements in one text answer with one result each; the driver's types know of one only.
  const results = (await pool.query(READ)) as unknown as readonly QueryResult[];
  const rowsOf = <Row>(index: number): readonly Row[] => results[index]!.rows as Row[];
  const { version, now } = rowsOf<{ version: number; now: number }>(0)[0]!;
  const revisions = new Map<ChannelId, RevisionRow[]>();
  for (const revision of rowsOf<RevisionRow>(2)) {
    revisions.set(revision.channelId, [...(revisions.get(revision.channelId) ?? []), revision]);
  }
  return {
    version,
    nowMs: now,
    channels: rowsOf<ChannelRow>(1),
    revisions,
    orders: rowsOf<StandingOrder>(3),
    shards: rowsOf(4),
  };
}
