/**
 * Settling an integrity failure: one operator proposes, another approves, and then attempt, payment, worklist and audit chain move in one
 * transaction. That the two differ, and that nothing else leads an attempt out of that state, PostgreSQL holds (migration 0008).
 */
import { type Attempt, type Payment, type WorklistItem } from '#domain';
import type { DecideSettlement, ProposalDraft, WorklistApproved, WorklistProposed } from '#dispatch';
import type { ClientBase } from 'pg';
import { appendAuditLink } from './audit-chain';
import { type Row, ms, paymentOf } from './payment-row';
import { applyOne } from './statements/apply';
import { READ_ATTEMPT } from './statements/read';

export const ITEM_COLUMNS = `w.id::float8 as id, w.kind, w.subject, w.payment_id as "paymentId", w.leg, w.channel_id as "channelId",
  w.facts, ${ms('w.created_at')} as "createdAt", ${ms('w.settled_at')} as "settledAt", w.settled_by as "settledBy", w.note,
  (select jsonb_build_object('id', s.id, 'outcome', s.outcome, 'bankTransactionId', s.bank_transaction_id, 'proposedBy', s.proposed_by,
     'note', s.note, 'proposedAt', ${ms('s.proposed_at')}, 'approvedBy', s.approved_by)
   from settlement_proposals s where s.item_id = w.id order by s.id desc limit 1) as proposal`;

export async function findItem(client: ClientBase, id: number): Promise<WorklistItem | null> {
  const { rows } = await client.query<WorklistItem>(`select ${ITEM_COLUMNS} from worklist w where w.id = $1`, [id]);
  return rows[0] ?? null;
}

export async function propose(
  client: ClientBase,
  id: number,
  by: string,
  { outcome, bankTransactionId, note }: ProposalDraft,
): Promise<WorklistProposed> {
  const item = await lockOpenFailure(client, id);
  if (!item) return { outcome: 'not_found' };
  const { rows } = await client.query<{ id: number }>(PROPOSE, [id, outcome, bankTransactionId, by, note]);
  await appendAuditLink(client, {
    ...{ actor: `operator:${by}`, action: 'settlement.proposed', subject: `wrk_${id}`, reason: note },
    facts: { proposal: rows[0]!.id, about: item.subject, outcome, bank_transaction_id: bankTransactionId },
  });
  const proposed = await findItem(client, id);
  return proposed ? { outcome: 'proposed', item: proposed } : { outcome: 'not_found' };
}

export async function approve(
  client: ClientBase,
  id: number,
  proposalId: number,
  by: string,
  note: string,
  decide: DecideSettlement,
): Promise<WorklistApproved> {
  const item = await lockOpenFailure(client, id);
  if (!item) {
    const settled = await findItem(client, id);
    const ours = settled?.proposal?.id === proposalId && settled.proposal.approvedBy !== null;
    return settled && ours ? { outcome: 'already_approved', item: settled } : { outcome: 'not_found' };
  }
  const { proposal, subject } = item;
  if (proposal?.id !== proposalId) return { outcome: 'not_found' };
  if (proposal.proposedBy === by) return { outcome: 'same_person' };
  const found = await lockAttempt(client, item);
  const verdict = found && decide(...found, proposal.outcome, proposal.bankTransactionId);
  if (verdict?.kind !== 'settle') return { outcome: 'moved' };
  await client.query(APPROVE, [proposalId, by, note]);
  if (!(await applyOne(client, verdict.transition))) throw new Error('the payment moved under its lock');
  await client.query(SETTLE, [id, `${proposal.proposedBy} and ${by}`, note]);
  await appendAuditLink(client, {
    ...{ actor: `operator:${by}`, action: 'settlement.approved', subject: `wrk_${id}`, reason: note },
    facts: { proposal: proposalId, about: subject, outcome: proposal.outcome, proposed_by: proposal.proposedBy },
  });
  const approved = await findItem(client, id);
  return approved ? { outcome: 'approved', item: approved } : { outcome: 'not_found' };
}

/** Two proposals, or a proposal and an approval, take turns. */
async function lockOpenFailure(client: ClientBase, id: number): Promise<WorklistItem | null> {
  const { rowCount } = await client.query(LOCK_ITEM, [id]);
  return rowCount === 0 ? null : findItem(client, id);
}

/** The attempt with its payment, whose row nobody else moves until this transaction ends. */
async function lockAttempt(
  client: ClientBase,
  { paymentId, leg }: WorklistItem,
): Promise<readonly [Payment, Attempt] | null> {
  await client.query('select from payment_heads where payment_id = $1 for update', [paymentId]);
  const { rows } = await client.query<Row>({ ...READ_ATTEMPT, values: [paymentId, leg] });
  const payment = rows[0] && paymentOf(rows[0]);
  return payment?.attempt ? [payment, payment.attempt] : null;
}

/**
 * Of an item `w`: what it is about waits for two persons. The same alert may be about a refund, or about an attempt that is being
 * reversed; no attempt is led out by settling that, and one person does.
 */
export const NEEDS_TWO = `w.kind = 'integrity_failure' and exists (
  select from attempts a where a.payment_id = w.payment_id and a.leg = w.leg and a.state = 'integrity_failure'
    and w.subject = a.payment_id || '/' || a.leg)`;

const LOCK_ITEM = `select from worklist w where id = $1 and settled_at is null and ${NEEDS_TWO} for update`;

const PROPOSE = `
insert into settlement_proposals (item_id, payment_id, leg, outcome, bank_transaction_id, proposed_by, note)
select id, payment_id, leg, $2, $3, $4, $5 from worklist where id = $1 returning id::float8 as id`;

const APPROVE = `
update settlement_proposals set approved_by = $2, approval_note = $3, approved_at = now() where id = $1 and approved_by is null`;

const SETTLE = `update worklist set settled_at = now(), settled_by = $2, note = $3 where id = $1`;
