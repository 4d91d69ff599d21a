/** The deliverers' statements over the outbox. What a test may rely on is said in libs/dispatch/src/ports/webhook-outbox.ts. */
import { ATTEMPT_COLUMNS, PAYMENT_COLUMNS } from '../payment-row';

/** Endpoints looked at in one take: with a few rows each, some milliseconds of the server. */
const ENDPOINTS_MAX = 64;
/** Rows looked at beyond an endpoint's room, because some of them wait for an earlier one of their payment. */
const LOOK_AHEAD = 16;
/**
 * A delivery that waits for an earlier one is looked at again at this pace. It is released by the record of the earlier one; this is
 * for the record that happened in the very moment of the look.
 */
const BLOCKED_S_MIN = 1;
const BLOCKED_S_MAX = 600;

/**
 * Takes due deliveries. $1 after this endpoint · $2 endpoints and $3 their rooms · $4 room of every other one · $5 at most ·
 * $6 lease in ms.
 *
 * Endpoints with something pending are found by leaps over the index, so that the backlog of one costs the others nothing. Of one
 * payment only the earliest pending version is taken; a later version cannot be visible before an earlier one, since a payment's
 * versions commit one after the other. What belongs to no enabled endpoint ends here, a few rows at a time.
 */
export const TAKE_DELIVERIES = {
  name: 'take-deliveries',
  text: `
with recursive waiting (endpoint_id, n) as (
  (select endpoint_id, 1 from webhook_deliveries where state = 'pending' and endpoint_id > $1 order by endpoint_id limit 1)
  union all
  select (select d.endpoint_id from webhook_deliveries d where d.state = 'pending' and d.endpoint_id > w.endpoint_id
    order by d.endpoint_id limit 1), w.n + 1
  from waiting w where w.endpoint_id is not null and w.n < ${ENDPOINTS_MAX}
), roomy as (
  select w.endpoint_id, coalesce(($3::int[])[array_position($2::text[], w.endpoint_id)], $4::int) as room
  from waiting w where w.endpoint_id is not null
), due as materialized (
  select d.*, r.room from roomy r cross join lateral (
    select endpoint_id, payment_id, version, next_attempt_at from webhook_deliveries
    where endpoint_id = r.endpoint_id and state = 'pending' and next_attempt_at <= now()
    order by next_attempt_at limit r.room + ${LOOK_AHEAD} for update skip locked
  ) d where r.room > 0
), judged as materialized (
  select d.*, e.id is not null as open, b.until as blocked_until,
    row_number() over (partition by d.endpoint_id, b.until is null order by d.next_attempt_at, d.version) as place
  from due d left join webhook_endpoints e on e.id = d.endpoint_id and e.enabled
  left join lateral (
    select p.next_attempt_at as until from webhook_deliveries p
    where p.endpoint_id = d.endpoint_id and p.payment_id = d.payment_id and p.version < d.version and p.state = 'pending'
    order by p.version limit 1
  ) b on true
), ended as (
  update webhook_deliveries d set state = 'dead', last_error = 'endpoint_closed' from judged j
  where not j.open and d.endpoint_id = j.endpoint_id and d.payment_id = j.payment_id and d.version = j.version
), blocked as (
  update webhook_deliveries d set next_attempt_at =
    greatest(now() + interval '${BLOCKED_S_MIN} s', least(j.blocked_until, now() + interval '${BLOCKED_S_MAX} s'))
  from judged j where j.open and j.blocked_until is not null
    and d.endpoint_id = j.endpoint_id and d.payment_id = j.payment_id and d.version = j.version
), taken as (
  update webhook_deliveries d set tries = least(d.tries + 1, 32767), last_attempt_at = now(),
    next_attempt_at = now() + make_interval(secs => $6::float8 / 1000.0)
  from (select * from judged where open and blocked_until is null and place <= room order by place, next_attempt_at limit $5) j
  where d.endpoint_id = j.endpoint_id and d.payment_id = j.payment_id and d.version = j.version
  returning d.endpoint_id, d.payment_id, d.version as e_version, d.tries, d.event_type, d.event_at
)
select c.next, t.*, w.url, floor(extract(epoch from now()) * 1000)::float8 as taken_at,
  case when w.previous_secret_until > now() then w.secrets else w.secrets[1:1] end as secrets,
  coalesce(e.state, h.state) as e_state, coalesce(e.leg, h.leg) as e_leg, coalesce(e.channel_id, h.channel_id) as e_channel_id,
  floor(extract(epoch from t.event_at) * 1000)::float8 as e_at, e.data as e_data, ${PAYMENT_COLUMNS}, ${ATTEMPT_COLUMNS}
from (select (select endpoint_id from waiting where n = ${ENDPOINTS_MAX}) as next) c
left join (taken t
  join webhook_endpoints w on w.id = t.endpoint_id
  join payments p on p.id = t.payment_id join payment_heads h on h.payment_id = t.payment_id
  left join attempts a on a.payment_id = h.payment_id and a.leg = h.leg
  left join payment_events e on e.payment_id = t.payment_id and e.version = t.e_version and e.at = t.event_at
) on true`,
};

/** An endpoint that has taken nothing for so long, while a delivery's whole plan ran out (75 h), is closed. */
const FAILING_DAYS = 3;
/** An endpoint's last success is noted this exactly: a row that every delivery would update is a row that all of them wait for. */
const SUCCESS_NOTED_EVERY_H = 1;

/**
 * Records tries, each only if nobody has taken the delivery since; what ends lets the next of its payment pass; "gone" closes the
 * endpoint, and so does a plan that ran out while it took nothing else. One more try of what had been delivered before leaves it
 * delivered, whatever came of it.
 */
export const RECORD_DELIVERIES = {
  name: 'record-deliveries',
  text: `
with input as materialized (
  select * from jsonb_to_recordset($1::jsonb) as r(
    ord int, endpoint_id text, payment_id text, version int, tries smallint, verdict text, after_ms float8, status smallint, error text,
    closes boolean)
), recorded as (
  update webhook_deliveries d set
    state = case when i.verdict = 'retry' then 'pending' when d.delivered_at is not null then 'delivered' else i.verdict end,
    next_attempt_at = case when i.verdict = 'retry' then now() + make_interval(secs => i.after_ms / 1000.0) else d.next_attempt_at end,
    last_status = i.status, last_error = i.error,
    delivered_at = case when i.verdict = 'delivered' then now() else d.delivered_at end
  from input i
  where d.endpoint_id = i.endpoint_id and d.payment_id = i.payment_id and d.version = i.version
    and d.tries = i.tries and d.state = 'pending'
  returning i.ord, i.closes, i.verdict, d.endpoint_id, d.payment_id, d.version, d.state, d.event_at
), next as (
  select r.ord, r.endpoint_id, r.payment_id, n.version from recorded r cross join lateral (
    select version from webhook_deliveries l where l.endpoint_id = r.endpoint_id and l.payment_id = r.payment_id
      and l.version > r.version and l.state = 'pending' order by version limit 1
  ) n where r.state <> 'pending'
), released as (
  update webhook_deliveries d set next_attempt_at = now() from next n
  where d.endpoint_id = n.endpoint_id and d.payment_id = n.payment_id and d.version = n.version and d.state = 'pending' and d.tries = 0
  returning n.ord
), fate as (
  select endpoint_id, bool_or(closes) as gone, bool_or(verdict = 'delivered') as taken,
    max(event_at) filter (where verdict = 'dead' and event_at < now() - interval '${FAILING_DAYS} days') as died
  from recorded group by endpoint_id
), judged as (
  select f.*, e.enabled and f.gone as is_gone, e.enabled and not f.taken and coalesce(e.last_success_at, e.created_at) < f.died as is_failing,
    f.taken and coalesce(e.last_success_at < now() - interval '${SUCCESS_NOTED_EVERY_H} hour', true) as is_news
  from fate f join webhook_endpoints e on e.id = f.endpoint_id
), held as (
  -- two deliverers must not wait for each other in a circle; what one leaves out here it meets again with the next delivery
  select e.id from webhook_endpoints e join judged j on j.endpoint_id = e.id
  where j.is_gone or j.is_failing or j.is_news for update of e skip locked
), closed as (
  update webhook_endpoints e set last_success_at = case when j.is_news then now() else e.last_success_at end,
    enabled = e.enabled and not coalesce(j.is_gone or j.is_failing, false),
    disabled_reason = case when j.is_gone then 'gone' when j.is_failing then 'failing' else e.disabled_reason end
  from judged j where e.id = j.endpoint_id and e.id in (select id from held)
)
select r.ord, exists (select from released where released.ord = r.ord) as released from recorded r`,
};

/** Deliveries that have ended are kept so long: a month of looking back and of repeating. */
const KEPT_DAYS = 30;
/** Looked at in one statement, per endpoint and in all: some tens of milliseconds of the server. */
const PRUNED_PER_ENDPOINT = 1_000;
const PRUNED_AT_ONCE = 5_000;

/**
 * Removes deliveries that ended long ago. The oldest of an endpoint stand first in the primary key, since payments' ids rise with time:
 * no index is needed for it. At that age nothing is pending: the plan ends after three days.
 */
export const PRUNE_DELIVERIES = {
  name: 'prune-deliveries',
  text: `
with oldest as materialized (
  select d.endpoint_id, d.payment_id, d.version from webhook_endpoints e cross join lateral (
    select w.endpoint_id, w.payment_id, w.version, w.event_at, w.state from webhook_deliveries w
    where w.endpoint_id = e.id order by w.payment_id, w.version limit ${PRUNED_PER_ENDPOINT}
  ) d where d.event_at < now() - interval '${KEPT_DAYS} days' and d.state <> 'pending' limit ${PRUNED_AT_ONCE}
)
delete from webhook_deliveries w using oldest o
where w.endpoint_id = o.endpoint_id and w.payment_id = o.payment_id and w.version = o.version`,
};
