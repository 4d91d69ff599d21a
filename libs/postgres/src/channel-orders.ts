/** The port OrdersBook over PostgreSQL: rare statements, one writer at a time, each with its link of the audit chain. */
import { JournalUnavailable } from '#dispatch';
import type {
  OrderDraft,
  OrderFilter,
  OrderGiven,
  OrderPage,
  OrderRecord,
  OrdersBook,
  OrdersReleased,
  WhichOrders,
} from '#dispatch';
import type { Pool } from 'pg';
import { appendAuditLink, inTransaction } from './audit-chain';
import { readVersion } from './channel-limits';
import { ms } from './payment-row';

/** Any number, the same in all versions: who gives or releases orders holds it until its transaction ends. */
const LOCK = 5_871_0003;
/** Orders and windows that stand about one target: a year of monthly windows, and a night's worth of orders. */
const OPEN_MAX = 32;

export class PostgresOrdersBook implements OrdersBook {
  constructor(
    private readonly pool: Pool,
    /** Waited for after each change, so that whoever made it finds it in this process's registry. Does not throw. */
    private readonly onChanged: () => Promise<void>,
  ) {}

  async give(draft: OrderDraft): Promise<OrderGiven> {
    const { by, drainsBeforeMs, endsAt, hold, startsAt, target, why } = draft;
    const given = await inTransaction<OrderGiven>(this.pool, async (client) => {
      await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
      const same = await client.query<OrderRecord>(SAME, [target, hold, startsAt, endsAt]);
      const standing = same.rows[0];
      if (standing) return { outcome: 'standing', order: standing, version: await readVersion(client) };
      const open = await client.query(`select from channel_orders where target = $1 and ${OPEN}`, [target]);
      if ((open.rowCount ?? 0) >= OPEN_MAX) return { outcome: 'full' };
      const rows = await client.query<OrderRecord>(GIVE, [target, hold, by, why, startsAt, endsAt, drainsBeforeMs]);
      const order = rows.rows[0]!;
      const action = hold === 'maintenance' ? 'maintenance.announced' : 'order.given';
      const facts = {
        order: order.id,
        hold,
        starts_at: order.startsAt,
        ends_at: order.endsAt,
        drains_at: order.drainsAt,
      };
      await appendAuditLink(client, { actor: `operator:${by}`, action, subject: target, reason: why, facts });
      return { outcome: 'given', order, version: await readVersion(client) };
    });
    await this.onChanged();
    return given;
  }

  async release(which: WhichOrders, by: string, why: string): Promise<OrdersReleased> {
    const released = await inTransaction(this.pool, async (client) => {
      await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
      const values = 'id' in which ? [by, why, which.id, null, null] : [by, why, null, which.target, which.holds];
      const ended = await client.query<OrderRecord>(RELEASE, values);
      const rows = ended.rows.sort((one, other) => one.id - other.id);
      const targets = new Set(rows.map(({ target }) => target));
      for (const subject of targets) {
        const orders = rows.filter(({ target }) => target === subject).map(({ hold, id }) => ({ order: id, hold }));
        const isWindow = orders.every(({ hold }) => hold === 'maintenance');
        const action = isWindow ? 'maintenance.canceled' : 'order.released';
        await appendAuditLink(client, { actor: `operator:${by}`, action, subject, reason: why, facts: { orders } });
      }
      return { released: rows, version: await readVersion(client) };
    });
    await this.onChanged();
    return released;
  }

  async find(id: number): Promise<OrderRecord | null> {
    return (await this.query(`${ORDERS} where id = $1`, [id]))[0] ?? null;
  }

  async list({ holds, open, target }: OrderFilter, before: number | null, limit: number): Promise<OrderPage> {
    const rows = await this.query(LIST, [open, holds, target, before, limit + 1]);
    return { orders: rows.slice(0, limit), hasMore: rows.length > limit };
  }

  private async query(text: string, values: readonly unknown[]): Promise<readonly OrderRecord[]> {
    try {
      return (await this.pool.query<OrderRecord>(text, [...values])).rows;
    } catch (error) {
      throw new JournalUnavailable(error instanceof Error ? error.message : String(error));
    }
  }
}

const COLUMNS = `id::float8 as id, target, hold, ordered_by as by, reason as why, ${ms('starts_at')} as "startsAt", ${ms('ends_at')} as "endsAt",
  ${ms('drains_at')} as "drainsAt", ${ms('created_at')} as "createdAt", ${ms('released_at')} as "releasedAt", released_by as "releasedBy",
  release_reason as "releaseReason"`;

const ORDERS = `select ${COLUMNS} from channel_orders`;

const OPEN = '(released_at is null and (ends_at is null or ends_at > clock_timestamp()))';

/** An order that acts at once is the same one as one that acts already. */
const SAME = `${ORDERS}
where target = $1 and hold = $2 and ${OPEN} and ends_at is not distinct from to_timestamp($4::float8 / 1000)
  and case when $3::float8 is null then starts_at <= clock_timestamp() else starts_at = to_timestamp($3::float8 / 1000) end
order by id limit 1`;

const GIVE = `
with at as (select coalesce(to_timestamp($5::float8 / 1000), date_trunc('milliseconds', clock_timestamp())) as starts)
insert into channel_orders (target, hold, ordered_by, reason, starts_at, ends_at, drains_at)
select $1, $2, $3, $4, starts, to_timestamp($6::float8 / 1000), starts - $7::float8 * interval '1 millisecond' from at
returning ${COLUMNS}`;

const RELEASE = `
update channel_orders set released_at = clock_timestamp(), released_by = $1, release_reason = $2
where ${OPEN} and (id = $3::bigint or (target = $4 and hold = any ($5::text[]))) returning ${COLUMNS}`;

const LIST = `${ORDERS}
where ($1::boolean is null or ${OPEN} = $1) and hold = any ($2::text[]) and ($3::text is null or target = $3)
  and ($4::bigint is null or id < $4) order by id desc limit $5`;
