/**
 * Dispatching, many payments in one statement: only what comes back as moved may be sent. See money.md section 4.
 *
 * The shard rows are locked FOR SHARE where the epoch is ours; unlocked, the check would still pass after a takeover raised it. The
 * payments move from `queued` where version, channel and deadline (PostgreSQL's clock, the bank's time included) still hold. There is
 * no ON CONFLICT: a conflict must fail the row, not leave a `processing` payment without an attempt.
 */
import { SEND_WITHIN_MS } from '#dispatch';
import type { DispatchClaim, DispatchResult } from '#dispatch';
import type { Attempt, Payment } from '#domain';
import type { BatchLane } from '../batcher';
import type { Statement, WriterConnection } from '../connection';
import { PAYMENT_COLUMNS, type Row, ms, paymentOf } from '../payment-row';
import { NOTIFY_MOVED } from './notify';
import { enterDeliveries } from './webhook-outbox';

const DISPATCH: Statement = {
  name: 'dispatch',
  text: `
with input as materialized (
  select r.*, p.shard, p.expires_at, p.merchant_id from jsonb_to_recordset($1::jsonb) as r(
    ord int, payment_id text, version int, channel_id text, attempt_id text, dispatch_token text, timeout_ms int)
  left join payments p on p.id = r.payment_id
), held as materialized (
  select s.id from shards s
  where s.id = any (array (select shard from input)) and s.owner_site = $2 and s.epoch = ($3::bigint[])[s.id + 1]
  order by s.id for share
), moved as (
  update payment_heads h set state = 'processing', version = h.version + 1, updated_at = now(), reason = null
  from input i
  where i.shard = any ((select array_agg(id) from held)::smallint[])
    and h.payment_id = i.payment_id and h.state = 'queued' and h.channel_id = i.channel_id
    and (i.version is null or h.version = i.version)
    and i.expires_at > now() + make_interval(secs => i.timeout_ms / 1000.0)
  -- with all that the steps below need: joining them to the input again would compare every row with every other
  returning i.ord, i.merchant_id, i.attempt_id, i.dispatch_token, ($3::bigint[])[i.shard + 1] as epoch, now() as dispatched_at,
    now() + interval '${SEND_WITHIN_MS} milliseconds' as send_by,
    now() + interval '${SEND_WITHIN_MS} milliseconds' + make_interval(secs => i.timeout_ms / 1000.0) as answer_by, h.*
), attempts_made as (
  insert into attempts (payment_id, leg, attempt_id, channel_id, instrument_token, bank_reference, state, epoch, dispatch_token,
    dispatched_at, send_by, answer_by)
  select payment_id, leg, attempt_id, channel_id, instrument_token, bank_reference, 'dispatched', epoch, dispatch_token,
    dispatched_at, send_by, answer_by
  from moved
), events as (
  insert into payment_events (payment_id, version, at, type, state, leg, channel_id)
  select payment_id, version, now(), 'payment.processing', state, leg, channel_id from moved
), ${enterDeliveries(`(select payment_id, version, 'payment.processing' as type, merchant_id from moved)`)}
select h.ord, ${PAYMENT_COLUMNS}, h.epoch::float8 as epoch, ${ms('h.send_by')} as send_by, ${NOTIFY_MOVED}
from moved h join payments p on p.id = h.payment_id`,
};

/** The attempt as it was just inserted: the claim and the head say all of it, so it need not come back as nineteen more columns. */
function attemptOf(claim: DispatchClaim, { id, head }: Payment, row: Row): Attempt {
  return {
    id: claim.attemptId,
    paymentId: id,
    leg: head.leg,
    channelId: head.channelId,
    instrumentToken: head.instrumentToken,
    bankReference: head.bankReference,
    state: 'dispatched',
    epoch: row['epoch']!,
    sendNo: 1,
    dispatchedAt: head.updatedAt,
    sendBy: row['send_by']!,
    settledAt: null,
    bankTransactionId: null,
    declineReason: null,
    bankCode: null,
    bankMessage: null,
    actionUrl: null,
    actionExpiresAt: null,
    inquiries: 0,
    notFoundAt: null,
  };
}

/** Why a claim did not move its payment, from what is there now. */
const EXPLAIN: Statement = {
  name: 'dispatch-explain',
  text: `
select i.ord, h.state, h.channel_id = i.channel_id and (i.version is null or h.version = i.version) as current,
  p.expires_at <= now() + make_interval(secs => i.timeout_ms / 1000.0) as late
from jsonb_to_recordset($1::jsonb) as i(ord int, payment_id text, version int, channel_id text, timeout_ms int)
join payment_heads h on h.payment_id = i.payment_id join payments p on p.id = i.payment_id`,
};

export function dispatchLane(connection: WriterConnection, site: string): BatchLane<DispatchClaim, DispatchResult> {
  return {
    async run(claims) {
      const input = claims.map((claim, ord) => ({
        ord,
        payment_id: claim.paymentId,
        version: claim.version,
        channel_id: claim.channelId,
        attempt_id: claim.attemptId,
        dispatch_token: claim.dispatchToken,
        timeout_ms: claim.timeoutMs,
      }));
      const { rows } = await connection.run(DISPATCH, [JSON.stringify(input), site, claims[0]!.epochs]);
      const results = new Array<DispatchResult>(claims.length);
      for (const row of rows as (Row & { ord: number })[]) {
        const withoutAttempt = paymentOf(row);
        const attempt = attemptOf(claims[row.ord]!, withoutAttempt, row);
        results[row.ord] = { outcome: 'dispatched', payment: { ...withoutAttempt, attempt }, attempt };
      }
      if (rows.length < claims.length) {
        await explain(
          connection,
          input.filter(({ ord }) => !results[ord]),
          results,
        );
      }
      return results;
    },
  };
}

/** Only says why; what could not be explained was skipped all the same, and the sweeper comes back to it. */
async function explain(
  connection: WriterConnection,
  left: readonly { ord: number }[],
  results: DispatchResult[],
): Promise<void> {
  for (const { ord } of left) results[ord] = { outcome: 'skipped', reason: 'not_found' };
  const { rows } = await connection.run(EXPLAIN, [JSON.stringify(left)]).catch(() => ({ rows: [] as unknown[] }));
  for (const row of rows as { ord: number; state: string; current: boolean; late: boolean }[]) {
    const moved = row.state !== 'queued' || !row.current;
    results[row.ord] = { outcome: 'skipped', reason: moved ? 'moved' : row.late ? 'deadline' : 'not_owner' };
  }
}
