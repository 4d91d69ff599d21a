/**
 * Refunds, one in each statement: they are a few in a hundred payments, and each is its own transaction with its own fate.
 *
 * The sum of a payment's refunds is kept in its head, under the head's row lock, and rises in the statement that inserts the refund;
 * it falls only in the one that writes the bank's final no.
 */
import { REFUNDS_PER_PAYMENT_MAX, SEND_WITHIN_MS } from '#dispatch';
import type { Statement } from '../connection';
import { REFUND_COLUMNS } from '../refund-row';
import { NOTIFY_MOVED } from './notify';
import { enterDeliveries } from './webhook-outbox';

/** Where the merchant hears of it: the event, and a delivery for each endpoint that wants it. Over the CTEs `moved` and `told`. */
const TELL = `events as (
  insert into payment_events (payment_id, version, at, type, state, leg, channel_id, data)
  select m.payment_id, m.version, now(), t.type, m.state, m.leg, m.channel_id,
    jsonb_build_object('refund_id', t.id, 'amount_minor', t.amount_minor, 'currency', t.currency, 'why', t.why)
  from moved m join told t on t.payment_id = m.payment_id
), ${enterDeliveries('(select m.payment_id, m.version, t.type, t.merchant_id from moved m join told t on t.payment_id = m.payment_id)')}`;

/**
 * $1 id, $2 payment, $3 merchant, $4 key, $5 fingerprint, $6 amount (null: what is left), $7 bank reference, $8 reason.
 * No row: the payment does not allow it, or the key is taken.
 */
export const REQUEST_REFUND: Statement = {
  name: 'request-refund',
  text: `
with held as materialized (
  -- the lock comes first, so that what is left is read as the refund before this one left it
  select h.payment_id, h.kept_leg, p.currency, p.shard, coalesce($6::bigint, h.captured_minor - h.refunded_minor) as amount_minor
  from payment_heads h join payments p on p.id = h.payment_id
  where h.payment_id = $2 and p.merchant_id = $3 and h.state = 'succeeded' and h.refunded_minor < h.captured_minor
    and h.refunded_minor + coalesce($6::bigint, 0) <= h.captured_minor
    and not exists (select from refunds where merchant_id = $3 and idempotency_key = $4)
    and (select count(*) from refunds where payment_id = $2) < ${REFUNDS_PER_PAYMENT_MAX}
  for update of h
), moved as (
  update payment_heads h set version = h.version + 1, updated_at = now(), refunded_minor = h.refunded_minor + held.amount_minor
  from held where h.payment_id = held.payment_id
  returning h.payment_id, h.version, h.state, h.leg, h.channel_id
), inserted as (
  insert into refunds as r (id, payment_id, leg, kind, merchant_id, idempotency_key, fingerprint, amount_minor, currency, channel_id,
    bank_reference, original_reference, shard, state, next_action_at, reason, created_at, updated_at)
  select $1, held.payment_id, held.kept_leg, 'merchant', $3, $4, $5, held.amount_minor, held.currency, a.channel_id,
    $7, a.bank_reference, held.shard, 'requested', now(), $8, now(), now()
  from held join attempts a on a.payment_id = held.payment_id and a.leg = held.kept_leg
  returning *
), told as (
  select id, payment_id, merchant_id, amount_minor, currency, 'refund.created' as type, null::text as why from inserted
), ${TELL}
select ${REFUND_COLUMNS}, ${NOTIFY_MOVED} from inserted r`,
};

/** $1 id, $2 version, $3 token, $4 site, $5 epoch, $6 ms until the next look. No row: moved by somebody else, or not our shard. */
export const DISPATCH_REFUND: Statement = {
  name: 'dispatch-refund',
  text: `
with held as materialized (
  select s.epoch from refunds r join shards s on s.id = r.shard
  where r.id = $1 and s.owner_site = $4 and s.epoch = $5::bigint for share of s
)
update refunds r set state = 'dispatched', version = r.version + 1, send_no = r.send_no + 1, dispatch_token = $3, epoch = held.epoch,
  dispatched_at = now(), send_by = now() + interval '${SEND_WITHIN_MS} milliseconds', updated_at = now(), looks = 0,
  next_action_at = now() + make_interval(secs => $6::float8 / 1000)
from held where r.id = $1 and r.version = $2 and r.state in ('requested', 'unknown')
returning ${REFUND_COLUMNS}`,
};

/**
 * $1 id, $2 version, $3 state, $4 token, $5 transaction id, $6 code, $7 message, $8 why, $9 ms until the next look (null: settled),
 * $10 what the payment's sum of refunds changes by, $11 type of the event (null: none). No row: somebody else moved it.
 */
export const MOVE_REFUND: Statement = {
  name: 'move-refund',
  text: `
with changed as (
  update refunds r set state = $3, version = r.version + 1, updated_at = now(), looks = 0,
    doubt_since = case when $3 = 'unknown' then coalesce(r.doubt_since, now()) else r.doubt_since end,
    settled_at = case when $9::float8 is null then now() end,
    next_action_at = now() + make_interval(secs => $9::float8 / 1000),
    bank_transaction_id = coalesce($5, r.bank_transaction_id), bank_code = coalesce($6, r.bank_code),
    bank_message = coalesce($7, r.bank_message)
  -- only the holder of the dispatch token knows that no byte left
  where r.id = $1 and r.version = $2 and ($3 <> 'requested' or r.dispatch_token = $4)
  returning *
), moved as (
  update payment_heads h set version = h.version + 1, updated_at = now(), refunded_minor = h.refunded_minor + $10::bigint
  from changed c where h.payment_id = c.payment_id and $11::text is not null
  returning h.payment_id, h.version, h.state, h.leg, h.channel_id
), told as (
  select id, payment_id, merchant_id, amount_minor, currency, $11::text as type, $8::text as why from changed where $11::text is not null
), ${TELL}
select 1 as one, ${NOTIFY_MOVED} from changed`,
};

const REFUND = `select ${REFUND_COLUMNS} from refunds r`;

export const FIND_REFUND_BY_KEY = {
  name: 'find-refund-by-key',
  text: `${REFUND} where r.merchant_id = $1 and r.idempotency_key = $2`,
};
export const READ_REFUND = { name: 'read-refund', text: `${REFUND} where r.id = $1` };
/** An automatic refund per attempt stands beside the merchant's own. */
export const READ_REFUND_BY_BANK_REFERENCE: Statement = {
  name: 'read-refund-by-bank-reference',
  text: `${REFUND} where r.bank_reference = $1`,
};
export const REFUNDS_OF_PAYMENT = {
  name: 'refunds-of-payment',
  text: `${REFUND} where r.payment_id = $1 order by r.created_at desc, r.id desc limit ${2 * REFUNDS_PER_PAYMENT_MAX}`,
};

/** $1 shares. Each channel gives at most what it has permits for, so that one with a thousand due refunds keeps nobody waiting. */
export const TAKE_DUE_REFUNDS = {
  name: 'take-due-refunds',
  text: `
with due as materialized (
  select d.id, s.lease_ms from jsonb_to_recordset($1::jsonb) as s(channel_id text, free int, lease_ms float8)
  cross join lateral (
    select r.id from refunds r where r.channel_id = s.channel_id and r.next_action_at <= now()
    order by r.next_action_at limit s.free for update skip locked
  ) d
)
update refunds r set looks = r.looks + 1, next_action_at = now() + make_interval(secs => due.lease_ms / 1000)
from due where r.id = due.id returning ${REFUND_COLUMNS}`,
};

/** Only while nobody has moved it on: a settled refund has no next look. */
export const POSTPONE_REFUND = {
  name: 'postpone-refund',
  text: `update refunds set next_action_at = now() + make_interval(secs => $3::float8 / 1000)
where id = $1 and version = $2 and next_action_at is not null`,
};
