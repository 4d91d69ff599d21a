/**
 * How many slots at each bank are held by attempts whose fate nobody knows: the bank may still be at work on them, so the limit has less
 * room for others. An attempt holds its slot until its fate is known, or until the bank cannot be at work on it any more.
 */
import type { ChannelId } from '#domain';
import type { Pool } from 'pg';

/** What is not final is in `follow_ups`, and its few attempts are found by their key: 1 ms at a thousand. More than that are not looked at. */
const FOLLOW_UPS_MAX = 20_000;

const HELD = `
select a.channel_id, count(*)::int as held
from (select payment_id from follow_ups limit ${FOLLOW_UPS_MAX}) f
join payment_heads h on h.payment_id = f.payment_id
join attempts a on a.payment_id = h.payment_id and a.leg = h.leg
join unnest($1::text[], $2::float8[]) as c (channel_id, hold_ms) on c.channel_id = a.channel_id
where a.state in ('unknown', 'reversing') and a.send_by + make_interval(secs => c.hold_ms / 1000.0) > now()
group by a.channel_id`;

/** @param holdMs how long after its send-by an attempt may still be processed at the bank, by channel. @throws Error of PostgreSQL */
export async function heldByUnknown(
  pool: Pick<Pool, 'query'>,
  holdMs: ReadonlyMap<ChannelId, number>,
): Promise<ReadonlyMap<ChannelId, number>> {
  const { rows } = await pool.query<{ channel_id: ChannelId; held: number }>(HELD, [
    [...holdMs.keys()],
    [...holdMs.values()],
  ]);
  return new Map(rows.map((row) => [row.channel_id, row.held]));
}
