/**
 * Reversals: the steps by which a transition begins and ends an undo, and the list of what is due.
 *
 * The steps stand in the statement of the transition itself (apply.ts), so that head, attempt, event and undo are one commit. They are
 * only in there when a batch needs them: for all other batches the statement is what it was.
 */
import type { UndoChange } from '#domain';
import { REVERSAL_COLUMNS } from '../refund-row';

/**
 * CTEs over `moved` (ord, payment_id) and the same input $1. The trigger of `reversals` lets go of an attempt before the refund that
 * overtakes its reversal takes hold of it: the join on `reversals_ended` keeps that order.
 */
export const UNDO_STEPS = `, undo as materialized (
  select m.payment_id, u.* from jsonb_to_recordset($1::jsonb) as u(ord int, u_kind text, u_leg smallint, u_reference text,
    u_purpose text, u_bank_transaction_id text, u_bank_code text, u_bank_message text, u_refund_id text, u_overtakes boolean)
  join moved m on m.ord = u.ord where u.u_kind is not null
), reversals_begun as (
  insert into reversals (payment_id, leg, channel_id, bank_reference, original_reference, purpose, state, next_action_at, requested_at)
  select u.payment_id, u.u_leg, a.channel_id, u.u_reference, a.bank_reference, u.u_purpose, 'requested', now(), now()
  from undo u join attempts a on a.payment_id = u.payment_id and a.leg = u.u_leg where u.u_kind = 'reversal_requested'
), reversals_ended as (
  update reversals v set settled_at = now(),
    state = case u.u_kind when 'reversal_acknowledged' then 'acknowledged' when 'reversal_refused' then 'refused' else 'overtaken' end,
    doubted_at = case when u.u_kind = 'reversal_acknowledged' then v.doubted_at end,
    next_action_at = case when u.u_kind = 'reversal_acknowledged' and v.doubted_at is not null then now() end,
    bank_transaction_id = coalesce(u.u_bank_transaction_id, v.bank_transaction_id),
    bank_code = coalesce(u.u_bank_code, v.bank_code), bank_message = coalesce(u.u_bank_message, v.bank_message)
  from undo u
  where v.payment_id = u.payment_id and v.leg = u.u_leg
    and (u.u_kind in ('reversal_acknowledged', 'reversal_refused', 'reversal_overtaken') or u.u_overtakes)
  returning v.payment_id, v.leg
), given_back as (
  insert into refunds (id, payment_id, leg, kind, merchant_id, amount_minor, currency, channel_id, bank_reference, original_reference,
    shard, state, next_action_at, created_at, updated_at)
  select u.u_refund_id, u.payment_id, u.u_leg, 'late_success', p.merchant_id, p.amount_minor, p.currency, a.channel_id, u.u_reference,
    a.bank_reference, p.shard, 'requested', now(), now(), now()
  from undo u left join reversals_ended e on e.payment_id = u.payment_id and e.leg = u.u_leg
  join payments p on p.id = u.payment_id join attempts a on a.payment_id = u.payment_id and a.leg = u.u_leg
  where u.u_kind = 'success_given_back'
)`;

/** The members of a row of the input that the steps above read. */
export function undoInputOf(undo: UndoChange): Record<string, unknown> {
  const common = { u_kind: undo.kind, u_leg: undo.leg };
  switch (undo.kind) {
    case 'reversal_requested':
      return { ...common, u_reference: undo.bankReference, u_purpose: undo.purpose };
    case 'reversal_acknowledged':
      return { ...common, u_bank_transaction_id: undo.bankTransactionId };
    case 'reversal_refused':
      return { ...common, u_bank_code: undo.bankCode, u_bank_message: undo.bankMessage };
    case 'reversal_overtaken':
      return common;
    case 'success_given_back':
      return {
        ...common,
        u_reference: undo.bankReference,
        u_refund_id: undo.refundId,
        u_overtakes: undo.overtakesReversal,
      };
  }
}

export const FIND_REVERSAL = {
  name: 'find-reversal',
  text: `select ${REVERSAL_COLUMNS} from reversals v where v.payment_id = $1 and v.leg = $2`,
};

/** $1 shares. A try is counted only while the bank has not decided; after that, what is due is a doubt. */
export const TAKE_DUE_REVERSALS = {
  name: 'take-due-reversals',
  text: `
with due as materialized (
  select d.payment_id, d.leg, s.lease_ms from jsonb_to_recordset($1::jsonb) as s(channel_id text, free int, lease_ms float8)
  cross join lateral (
    select v.payment_id, v.leg from reversals v where v.channel_id = s.channel_id and v.next_action_at <= now()
    order by v.next_action_at limit s.free for update skip locked
  ) d
)
update reversals v set tries = v.tries + (v.state = 'requested')::int, next_action_at = now() + make_interval(secs => due.lease_ms / 1000)
from due where v.payment_id = due.payment_id and v.leg = due.leg returning ${REVERSAL_COLUMNS}`,
};

export const POSTPONE_REVERSAL = {
  name: 'postpone-reversal',
  text: `update reversals set next_action_at = now() + make_interval(secs => $4::float8 / 1000)
where payment_id = $1 and leg = $2 and state = $3 and next_action_at is not null`,
};

/** An acknowledged one is looked at at once, one still open when it is acknowledged. */
export const DOUBT_REVERSAL = {
  name: 'doubt-reversal',
  text: `update reversals set doubted_at = now(), next_action_at = case state when 'acknowledged' then now() else next_action_at end
where payment_id = $1 and leg = $2 and state in ('requested', 'acknowledged')`,
};

/** $3: the doubt that was looked into; a later one stays. */
export const TRUST_REVERSAL = {
  name: 'trust-reversal',
  text: `update reversals set doubted_at = null, next_action_at = null
where payment_id = $1 and leg = $2 and state = 'acknowledged' and doubted_at < to_timestamp($3::float8 / 1000) + interval '1 millisecond'`,
};
