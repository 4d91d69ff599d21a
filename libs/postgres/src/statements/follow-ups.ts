/** The sweeper's statements: finding fresh payments by their order of acceptance, taking what is due. See money.md section 7. */
import { isFinal, OPEN_ATTEMPT_STATES, PAYMENT_STATES } from '#domain';

const FINAL = PAYMENT_STATES.filter(isFinal)
  .map((state) => `'${state}'`)
  .join(', ');
const OPEN_ATTEMPT = OPEN_ATTEMPT_STATES.map((state) => `'${state}'`).join(', ');

/** A worker's bank call ends at `answer_by`; three seconds later its outcome is written, or nobody will write it. */
const ANSWER_GRACE_S = 3;

/** With the snapshot's bounds: which transactions have ended, and which are yet to begin. */
export const NEWEST_SEQ = `
select coalesce((select max(accepted_seq) from payments), 0)::float8 as seq,
  pg_snapshot_xmin(pg_current_snapshot())::text::float8 as xmin, pg_snapshot_xmax(pg_current_snapshot())::text::float8 as xmax`;

/**
 * Visits accepted payments up to $1, at most $2 of them, once each; those that are not final become follow-ups. The cursor's row lock
 * keeps other sweepers out; who does not get it does nothing.
 */
export const COLLECT = `
with cursor as (
  select visited_seq, least($1::bigint, visited_seq + $2::bigint) as upto from sweep_cursor for update skip locked
), entered as (
  insert into follow_ups (payment_id, next_action_at)
  select p.id, now() from cursor c
  join payments p on p.accepted_seq > c.visited_seq and p.accepted_seq <= c.upto
  join payment_heads h on h.payment_id = p.id
  where h.state not in (${FINAL})
  order by p.id on conflict do nothing returning 1
), advanced as (
  update sweep_cursor s set visited_seq = c.upto from cursor c where c.upto > s.visited_seq
)
select (select count(*)::int from entered) as entered, c.upto::float8 as upto from cursor c`;

/** Visits once more what the cursor has passed: a commit that a stalled disk held back longer than any statement may take. */
export const COLLECT_AGAIN = `
insert into follow_ups (payment_id, next_action_at)
select p.id, now() from sweep_cursor c
join payments p on p.accepted_seq > c.visited_seq - $1::bigint and p.accepted_seq <= c.visited_seq
join payment_heads h on h.payment_id = p.id
where h.state not in (${FINAL})
order by p.id on conflict do nothing`;

/** Takes at most $1 due rows and moves each on by $2[looks]; what is final and settled leaves the table. */
export const TAKE_DUE = `
with due as materialized (
  select payment_id, looks from follow_ups where next_action_at <= now() order by next_action_at limit $1 for update skip locked
), known as materialized (
  select d.payment_id, d.looks, h.version, h.state, h.channel_id, h.leg, p.expires_at <= now() as expired,
    coalesce(a.state = 'dispatched' and a.answer_by + interval '${ANSWER_GRACE_S} seconds' < now(), false) as answer_overdue,
    h.state in (${FINAL}) and (a.state is null or a.state not in (${OPEN_ATTEMPT})) as done
  from due d join payment_heads h on h.payment_id = d.payment_id join payments p on p.id = d.payment_id
  left join attempts a on a.payment_id = h.payment_id and a.leg = h.leg
), gone as (
  delete from follow_ups f using known k where f.payment_id = k.payment_id and k.done
), later as (
  update follow_ups f set looks = f.looks + 1,
    next_action_at = now() + make_interval(secs => ($2::int[])[least(k.looks + 1, cardinality($2::int[]))] / 1000.0)
  from known k where f.payment_id = k.payment_id and not k.done
)
select payment_id, looks, version, state, channel_id, leg, expired, answer_overdue from known where not done`;

/**
 * Queued payments, at most $2 of each of the channels $1, so that a full channel does not hide the others: fresh ones past the cursor,
 * and those among the follow-ups.
 */
export const FIND_QUEUED = `
select found.* from unnest($1::text[]) as c (channel_id) cross join lateral (
  (select h.payment_id, h.version, h.channel_id from sweep_cursor s
   join payments p on p.accepted_seq > s.visited_seq join payment_heads h on h.payment_id = p.id
   where h.state = 'queued' and h.channel_id = c.channel_id order by p.accepted_seq limit $2)
  union all
  (select h.payment_id, h.version, h.channel_id from follow_ups f join payment_heads h on h.payment_id = f.payment_id
   where h.state = 'queued' and h.channel_id = c.channel_id order by f.next_action_at limit $2)
  limit $2
) found`;

/** One inquiry that settled nothing: counted for the operator, first half of a fence kept, next look moved on. */
export const NOTE_INQUIRY = `
with noted as (
  update attempts set inquiries = least(inquiries + 1, 32767),
    not_found_at = case when $3 then coalesce(not_found_at, now()) else null end
  where payment_id = $1 and leg = $2
)
insert into follow_ups (payment_id, next_action_at) values ($1, now() + make_interval(secs => $4::float8 / 1000.0 + 0.5))
on conflict (payment_id) do update set next_action_at = excluded.next_action_at, looks = follow_ups.looks + 1`;
