/**
 * One move of many payments in one statement: head, attempt, event and follow-up together, each payment only if it still has the
 * version the move was decided from. Outcomes, cancels, expiries and returns to the queue all pass here.
 */
import type { Transition } from '#domain';
import type { ApplyResult } from '#dispatch';
import type { ClientBase } from 'pg';
import type { BatchLane } from '../batcher';
import type { Statement, WriterConnection } from '../connection';
import { ms } from '../payment-row';
import { NOTIFY_MOVED } from './notify';
import { UNDO_STEPS, undoInputOf } from './reversals';
import { enterDeliveries } from './webhook-outbox';

/** The queue's own delayed job comes first; the sweeper's look is the safety net right behind it, ms. */
const FOLLOW_UP_GRACE_MS = 500;

/** @param more further CTEs over `moved` */
const applyText = (more: string): string => `
with input as materialized (
  select * from jsonb_to_recordset($1::jsonb) as r(
    ord int, payment_id text, version int, state text, event_type text, event_data jsonb, reason jsonb,
    kept_leg smallint, captured_minor bigint, next_leg smallint, next_channel_id text, next_instrument_token text,
    next_bank_reference text, next_limit_revision int, look_again_ms float8, a_leg smallint, a_state text, a_dispatch_token text, a_bank_transaction_id text,
    a_decline_reason text, a_bank_code text, a_bank_message text, a_action_url text, a_action_expires_at float8,
    key_operation text, key_merchant_id text, key_idempotency_key text, key_fingerprint text)
), moved as (
  update payment_heads h set
    state = i.state, version = h.version + 1, updated_at = now(), reason = i.reason,
    kept_leg = coalesce(h.kept_leg, i.kept_leg), captured_minor = coalesce(i.captured_minor, h.captured_minor),
    leg = coalesce(i.next_leg, h.leg), channel_id = coalesce(i.next_channel_id, h.channel_id),
    instrument_token = coalesce(i.next_instrument_token, h.instrument_token),
    bank_reference = coalesce(i.next_bank_reference, h.bank_reference),
    limit_revision = coalesce(i.next_limit_revision, h.limit_revision),
    queued_at = case when i.next_leg is null then h.queued_at else now() end
  from input i
  where h.payment_id = i.payment_id and h.version = i.version
    -- only the holder of the dispatch token knows that no byte left
    and (i.a_state is distinct from 'not_sent' or exists (
      select from attempts t where t.payment_id = i.payment_id and t.leg = i.a_leg and t.dispatch_token = i.a_dispatch_token))
  -- with all that the steps below need: joining them to the input again would compare every row with every other
  returning h.payment_id, h.version, h.state, h.leg, h.channel_id, now() as at, i.ord, i.event_type, i.event_data, i.reason,
    i.look_again_ms, i.a_leg, i.a_state, i.a_bank_transaction_id, i.a_decline_reason, i.a_bank_code, i.a_bank_message, i.a_action_url,
    i.a_action_expires_at, i.key_operation, i.key_merchant_id, i.key_idempotency_key, i.key_fingerprint
), settled as (
  update attempts a set
    state = m.a_state,
    settled_at = case when m.a_state in ('unknown', 'requires_action', 'reversing') then a.settled_at else now() end,
    bank_transaction_id = coalesce(m.a_bank_transaction_id, a.bank_transaction_id),
    decline_reason = coalesce(m.a_decline_reason, a.decline_reason),
    bank_code = coalesce(m.a_bank_code, a.bank_code), bank_message = coalesce(m.a_bank_message, a.bank_message),
    action_url = coalesce(m.a_action_url, a.action_url),
    action_expires_at = coalesce(to_timestamp(m.a_action_expires_at / 1000), a.action_expires_at)
  from moved m
  where a.payment_id = m.payment_id and a.leg = m.a_leg and m.a_leg is not null
), events as (
  insert into payment_events (payment_id, version, at, type, state, leg, channel_id, data)
  select m.payment_id, m.version, m.at, m.event_type, m.state, m.leg, m.channel_id, coalesce(m.event_data, m.reason)
  from moved m
), ${enterDeliveries(`(
    select m.payment_id, m.version, m.event_type as type, p.merchant_id from moved m join payments p on p.id = m.payment_id)`)}, keys as (
  insert into operation_keys (merchant_id, operation, idempotency_key, fingerprint, payment_id, version)
  select m.key_merchant_id, m.key_operation, m.key_idempotency_key, m.key_fingerprint, m.payment_id, m.version
  from moved m where m.key_operation is not null
), follow_up as (
  insert into follow_ups (payment_id, next_action_at)
  select m.payment_id, now() + make_interval(secs => (m.look_again_ms + ${FOLLOW_UP_GRACE_MS}) / 1000.0)
  from moved m where m.look_again_ms is not null order by m.payment_id
  on conflict (payment_id) do update set next_action_at = excluded.next_action_at, looks = 0
)${more}
select ord, version, ${ms('at')} as at, ${NOTIFY_MOVED} from moved`;

const APPLY: Statement = { name: 'apply', text: applyText('') };
/** For batches in which money goes back; the others do not pay for its steps. */
const APPLY_WITH_UNDO: Statement = { name: 'apply-with-undo', text: applyText(UNDO_STEPS) };

export function applyLane(connection: WriterConnection): BatchLane<Transition, ApplyResult> {
  return {
    async run(transitions) {
      const statement = transitions.some(({ undo }) => undo) ? APPLY_WITH_UNDO : APPLY;
      const { rows } = await connection.run(statement, [JSON.stringify(transitions.map(inputOf))]);
      const results: ApplyResult[] = transitions.map(() => ({ outcome: 'stale' }));
      for (const row of rows as { ord: number; version: number; at: number }[]) {
        results[row.ord] = { outcome: 'applied', version: row.version, at: row.at };
      }
      return results;
    },
  };
}

/** One move within a transaction of somebody else's. @returns whether the payment still had the version */
export async function applyOne(client: ClientBase, transition: Transition): Promise<boolean> {
  const { text } = transition.undo ? APPLY_WITH_UNDO : APPLY;
  const { rowCount } = await client.query(text, [JSON.stringify([inputOf(transition, 0)])]);
  return rowCount === 1;
}

function inputOf(transition: Transition, ord: number) {
  const { attempt, key, kept, nextLeg, undo } = transition;
  return {
    ord,
    payment_id: transition.paymentId,
    version: transition.version,
    state: transition.to,
    event_type: transition.eventType,
    event_data: transition.eventData,
    reason: transition.reason,
    kept_leg: kept?.leg,
    captured_minor: kept?.capturedMinor,
    next_leg: nextLeg?.leg,
    next_channel_id: nextLeg?.channelId,
    next_instrument_token: nextLeg?.instrumentToken,
    next_bank_reference: nextLeg?.bankReference,
    next_limit_revision: nextLeg?.limitRevision,
    look_again_ms: transition.lookAgainInMs,
    a_leg: attempt?.leg,
    a_state: attempt?.state,
    a_dispatch_token: attempt?.dispatchToken,
    a_bank_transaction_id: attempt?.bankTransactionId,
    a_decline_reason: attempt?.declineReason,
    a_bank_code: attempt?.bankCode,
    a_bank_message: attempt?.bankMessage,
    a_action_url: attempt?.actionUrl,
    a_action_expires_at: attempt?.actionExpiresAt,
    key_operation: key?.operation,
    key_merchant_id: key?.merchantId,
    key_idempotency_key: key?.idempotencyKey,
    key_fingerprint: key?.fingerprint,
    ...(undo && undoInputOf(undo)),
  };
}
