/**
 * Accepting, many payments in one statement: instruction, head and first event, or nothing where the order number or the key is taken.
 *
 * Rows that were not inserted are read in a *second* statement: read in the same one, a row that another connection has just committed
 * is not there yet (money.md section 3.4).
 *
 * `accepted_at` is its column's default, now(), which is one moment for the whole statement; head and event say the same.
 */
import type { Payment } from '#domain';
import type { AcceptResult, PaymentDraft } from '#dispatch';
import type { BatchLane } from '../batcher';
import { type Statement, Undecided, type WriterConnection } from '../connection';
import { ATTEMPT_COLUMNS, PAYMENT_COLUMNS, type Row, ms, paymentOf } from '../payment-row';
import { keyLock } from './read';
import { enterDeliveries } from './webhook-outbox';

const ACCEPT: Statement = {
  name: 'accept',
  text: `
with input as materialized (
  select * from jsonb_to_recordset($1::jsonb) as r(
    ord int, id text, merchant_id text, merchant_order_no text, idempotency_key text, fingerprint text, amount_minor bigint,
    currency text, instruments jsonb, routing_mode text, max_wait_ms int, on_decline text, payer_id text, payer_cohort smallint,
    tier smallint, shard smallint, expires_at float8, return_url text, description text, metadata jsonb, acceptance jsonb,
    channel_id text, instrument_token text, bank_reference text, limit_revision int)
), keys as materialized (
  -- held until the commit is known: whoever is about to refuse a retry of the same key sees that it is still running
  select count(pg_advisory_xact_lock(${keyLock('k.merchant_id', 'k.idempotency_key')})) as held
  from (select merchant_id, idempotency_key from input order by merchant_id, idempotency_key) k
), inserted as (
  insert into payments (id, merchant_id, merchant_order_no, idempotency_key, fingerprint, amount_minor, currency, instruments,
    routing_mode, max_wait_ms, on_decline, payer_id, payer_cohort, tier, shard, expires_at, return_url, description, metadata,
    acceptance)
  select id, merchant_id, merchant_order_no, idempotency_key, fingerprint, amount_minor, currency, instruments,
    routing_mode, max_wait_ms, on_decline, payer_id, payer_cohort, tier, shard, to_timestamp(expires_at / 1000), return_url,
    description, metadata, acceptance
  from input cross join keys order by merchant_id, idempotency_key
  on conflict do nothing
  returning id
), fresh as materialized (
  -- coalesce keeps this a look-up in a hash; as a join it would compare every row of the batch with every other
  select * from input where coalesce(id in (select id from inserted), false)
), heads as (
  insert into payment_heads (payment_id, state, version, leg, channel_id, instrument_token, bank_reference, limit_revision,
    queued_at, updated_at, reason)
  select id, 'queued', 1, 1, channel_id, instrument_token, bank_reference, limit_revision, now(), now(),
    acceptance -> 'rerouted' -> 'reason'
  from fresh
), events as (
  insert into payment_events (payment_id, version, at, type, state, leg, channel_id)
  select id, 1, now(), 'payment.queued', 'queued', 1, channel_id from fresh
), ${enterDeliveries(`(select id as payment_id, 1 as version, 'payment.queued' as type, merchant_id from fresh)`)}
select ord, ${ms('now()')} as accepted_at from fresh`,
};

const FIND_EXISTING: Statement = {
  name: 'accept-find-existing',
  text: `
select i.ord, ${PAYMENT_COLUMNS}, ${ATTEMPT_COLUMNS}
from jsonb_to_recordset($1::jsonb) as i(ord int, id text, merchant_id text, idempotency_key text, merchant_order_no text)
cross join lateral (
  -- the key's own payment first; else the one that took the order number
  (select * from payments where merchant_id = i.merchant_id and idempotency_key = i.idempotency_key)
  union all
  (select * from payments where merchant_id = i.merchant_id and merchant_order_no = i.merchant_order_no)
  limit 1
) p
join payment_heads h on h.payment_id = p.id
left join attempts a on a.payment_id = h.payment_id and a.leg = h.leg`,
};

export function acceptLane(connection: WriterConnection): BatchLane<PaymentDraft, AcceptResult> {
  return {
    async run(drafts) {
      const { rows } = await connection.run(ACCEPT, [JSON.stringify(drafts.map(inputOf))]);
      const results = new Array<AcceptResult | Error>(drafts.length);
      for (const row of rows as { ord: number; accepted_at: number }[]) {
        results[row.ord] = { outcome: 'inserted', payment: asAccepted(drafts[row.ord]!, row.accepted_at) };
      }
      if (rows.length < drafts.length) await findExisting(connection, drafts, results);
      return results;
    },
  };
}

/** What the first statement committed stays so, whatever becomes of this one. */
async function findExisting(
  connection: WriterConnection,
  drafts: readonly PaymentDraft[],
  results: (AcceptResult | Error)[],
): Promise<void> {
  const missing = drafts.map(inputOf).filter(({ ord }) => !results[ord]);
  try {
    const { rows } = await connection.run(FIND_EXISTING, [JSON.stringify(missing)]);
    for (const row of rows as (Row & { ord: number })[]) {
      results[row.ord] = { outcome: 'exists', payment: paymentOf(row) };
    }
  } catch (error) {
    // They conflict with something that is there; with what could not be read.
    const undecided = new Undecided(error instanceof Error ? error.message : String(error));
    for (const { ord } of missing) results[ord] = undecided;
  }
  for (const { id, ord } of missing) {
    results[ord] ??= new Undecided(
      `Payment ${id} was neither inserted nor found; the conflicting row may have gone again`,
    );
  }
}

function inputOf(draft: PaymentDraft, ord: number) {
  return {
    ord,
    id: draft.id,
    merchant_id: draft.merchantId,
    merchant_order_no: draft.merchantOrderNo,
    idempotency_key: draft.idempotencyKey,
    fingerprint: draft.fingerprint,
    amount_minor: draft.amount.value,
    currency: draft.amount.currency,
    instruments: draft.instruments,
    routing_mode: draft.routingMode,
    max_wait_ms: draft.maxWaitMs,
    on_decline: draft.onDecline,
    payer_id: draft.payerId,
    payer_cohort: draft.payerCohort,
    tier: draft.tier,
    shard: draft.shard,
    expires_at: draft.expiresAt,
    return_url: draft.returnUrl,
    description: draft.description,
    metadata: draft.metadata,
    acceptance: draft.acceptance ?? undefined,
    channel_id: draft.channelId,
    instrument_token: draft.instrumentToken,
    bank_reference: draft.bankReference,
    limit_revision: draft.limitRevision,
  };
}

/** The payment as it is at the moment of its acceptance: what the first answer shows, and what a replay shows again. */
function asAccepted(draft: PaymentDraft, acceptedAt: number): Payment {
  const { channelId, instrumentToken, bankReference, limitRevision, ...instruction } = draft;
  return {
    ...instruction,
    acceptedAt,
    readAt: acceptedAt,
    head: {
      state: 'queued',
      version: 1,
      leg: 1,
      channelId,
      instrumentToken,
      bankReference,
      limitRevision,
      queuedAt: acceptedAt,
      updatedAt: acceptedAt,
      keptLeg: null,
      capturedMinor: 0,
      refundedMinor: 0,
      reason: draft.acceptance?.rerouted?.reason ?? null,
    },
    attempt: null,
  };
}
