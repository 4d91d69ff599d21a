// An attempt of which the bank charged another amount is settled by two persons; no program and no single person can.
import type { Commit } from '#dispatch';
import type { PaymentId, PaymentState, Transition } from '#domain';
import { settleByPersons } from '#policy';
import { claimOf, createTestJournal, draftOf, silentLog, type TestDatabase } from '#testing';
import { Client } from 'pg';
import { readAuditChain } from './audit-chain';
import { createPostgres, type Postgres } from './postgres';

let database: TestDatabase;
let postgres: Postgres;

beforeAll(async () => {
  database = await createTestJournal();
  postgres = await createPostgres({
    databaseUrl: database.url,
    applicationName: 'spec',
    site: 'a',
    log: silentLog,
    monotonicMs: () => performance.now(),
  });
});

afterAll(async () => {
  await postgres.close();
  await database.drop();
});

const approve = (item: number, proposal: number, by: string, note: string) =>
  postgres.worklist.approve(item, proposal, by, note, settleByPersons);
const valueOf = <T>(commit: Commit<T>): T => {
  if (commit.kind !== 'committed') throw new Error(`not committed: ${JSON.stringify(commit)}`);
  return commit.value;
};
const failed = (paymentId: PaymentId): Transition => ({
  ...{ paymentId, version: 2, to: 'unknown', eventType: 'payment.integrity_failure', lookAgainInMs: null },
  attempt: { leg: 1, state: 'integrity_failure', bankTransactionId: 'TX-WRONG' },
});

/** A payment in integrity failure, with its item. */
async function failure(): Promise<{ id: PaymentId; item: number }> {
  const { id } = await accepted();
  const facts = { message: 'the bank charged 12801 CNY for 12800 CNY' };
  await postgres.worklist.add({
    kind: 'integrity_failure',
    subject: `${id}/1`,
    paymentId: id,
    leg: 1,
    channelId: null,
    facts,
  });
  const { items } = await postgres.worklist.list(true, null, 100);
  return { id, item: items.find(({ paymentId }) => paymentId === id)!.id };
}
async function accepted() {
  const draft = draftOf();
  valueOf(await postgres.journal.accept(draft));
  valueOf(await postgres.journal.dispatch(claimOf(draft.id)));
  valueOf(await postgres.journal.apply(failed(draft.id)));
  return draft;
}
const standing = async (id: PaymentId): Promise<[PaymentState, string | undefined]> => {
  const payment = await postgres.journal.read(id);
  return [payment!.head.state, payment!.attempt?.state];
};
const RIGHT = { outcome: 'succeeded', bankTransactionId: 'TX-RIGHT', note: 'corrected by the bank' } as const;
const NONE = { outcome: 'declined', bankTransactionId: null, note: 'taken back by the bank' } as const;

it('moves attempt, payment, item and audit chain together once a second person approves', async () => {
  const { id, item } = await failure();
  const proposed = await postgres.worklist.propose(item, 'Li Wei', RIGHT);
  if (proposed.outcome !== 'proposed') throw new Error(proposed.outcome);
  expect(proposed.item).toMatchObject({ settledAt: null, proposal: { proposedBy: 'Li Wei', approvedBy: null } });
  expect(await standing(id)).toEqual(['unknown', 'integrity_failure']);
  const number = proposed.item.proposal!.id;
  const approved = await approve(item, number, 'Chen Jing', 'seen in the statement');
  expect(approved).toMatchObject({ outcome: 'approved', item: { settledBy: 'Li Wei and Chen Jing' } });
  expect(await standing(id)).toEqual(['succeeded', 'succeeded']);
  expect((await postgres.journal.read(id))!.attempt).toMatchObject({ bankTransactionId: 'TX-RIGHT' });
  expect(await approve(item, number, 'Chen Jing', 'again')).toMatchObject({
    outcome: 'already_approved',
  });
  const acts = [];
  for await (const link of readAuditChain(database.url)) if (link.subject === `wrk_${item}`) acts.push(link);
  expect(acts).toMatchObject([
    { actor: 'operator:Li Wei', action: 'settlement.proposed' },
    { actor: 'operator:Chen Jing', action: 'settlement.approved', facts: { proposed_by: 'Li Wei' } },
  ]);
});

it('fails the payment when both say that the bank charged nothing in the end', async () => {
  const { id, item } = await failure();
  const proposed = await postgres.worklist.propose(item, 'Li Wei', NONE);
  const number = proposed.outcome === 'proposed' ? proposed.item.proposal!.id : 0;
  await approve(item, number, 'Chen Jing', 'seen');
  expect(await standing(id)).toEqual(['failed', 'declined']);
});

it('lets nobody approve what they proposed, nor something that was proposed since, nor take the item off alone', async () => {
  const { id, item } = await failure();
  const first = await postgres.worklist.propose(item, 'Li Wei', RIGHT);
  const number = first.outcome === 'proposed' ? first.item.proposal!.id : 0;
  expect(await approve(item, number, 'Li Wei', 'me again')).toEqual({ outcome: 'same_person' });
  await postgres.worklist.propose(item, 'Li Wei', NONE);
  expect(await approve(item, number, 'Chen Jing', 'stale')).toEqual({ outcome: 'not_found' });
  expect(await postgres.worklist.settle(item, 'Chen Jing', 'nothing to see')).toEqual({ outcome: 'needs_two' });
  expect(await standing(id)).toEqual(['unknown', 'integrity_failure']);
});

it('takes one of two approvals that come at once', async () => {
  const { item } = await failure();
  const proposed = await postgres.worklist.propose(item, 'Li Wei', RIGHT);
  const number = proposed.outcome === 'proposed' ? proposed.item.proposal!.id : 0;
  const both = await Promise.all(['Chen Jing', 'Wang Fang'].map((by) => approve(item, number, by, 'seen')));
  expect(both.map(({ outcome }) => outcome).sort()).toEqual(['already_approved', 'approved']);
});

it('holds in PostgreSQL that two persons are two, that a proposal stays what it is, and that no program settles it', async () => {
  const { id, item } = await failure();
  await postgres.worklist.propose(item, 'Li Wei', RIGHT);
  const sql = new Client({ connectionString: database.url });
  await sql.connect();
  const approval = `update settlement_proposals set approved_by = $2, approval_note = '', approved_at = now() where item_id = $1`;
  await expect(sql.query(approval, [item, 'Li Wei'])).rejects.toThrow('settlement_proposals_two_persons');
  await expect(
    sql.query(`update settlement_proposals set outcome = 'declined', bank_transaction_id = null where item_id = $1`, [
      item,
    ]),
  ).rejects.toThrow('may only be approved');
  await expect(sql.query(`update attempts set state = 'succeeded' where payment_id = $1`, [id])).rejects.toThrow(
    'settled by two persons',
  );
  await sql.end();
});

it('leaves an item about a refund to one person: no attempt is open, and two could settle none', async () => {
  const { id } = await accepted();
  const about = { subject: 'rfd_1', paymentId: id, leg: 1, channelId: null };
  await postgres.worklist.add({ kind: 'integrity_failure', ...about, facts: { message: 'gave back 2 for 1' } });
  const { items } = await postgres.worklist.list(true, null, 100);
  const item = items.find(({ subject }) => subject === 'rfd_1')!.id;
  expect(await postgres.worklist.propose(item, 'Li Wei', RIGHT)).toEqual({ outcome: 'not_found' });
  expect(await postgres.worklist.settle(item, 'Li Wei', 'the bank corrected it')).toMatchObject({ outcome: 'settled' });
});

it('asks people again about an attempt that fails in the very way they have settled', async () => {
  const { id, item } = await failure();
  const proposed = await postgres.worklist.propose(item, 'Li Wei', NONE);
  await approve(item, proposed.outcome === 'proposed' ? proposed.item.proposal!.id : 0, 'Chen Jing', 'seen');
  valueOf(await postgres.journal.apply({ ...failed(id), version: 4, to: 'failed' }));
  const { kind, subject, facts } = (await postgres.worklist.find(item))!;
  await postgres.worklist.add({ kind, subject, facts, paymentId: id, leg: 1, channelId: null });
  const { items } = await postgres.worklist.list(true, null, 100);
  expect(items.filter((one) => one.paymentId === id)).toHaveLength(1);
  const sql = new Client({ connectionString: database.url });
  await sql.connect();
  const alone = sql.query(`update attempts set state = 'declined' where payment_id = $1`, [id]);
  await expect(alone).rejects.toThrow('settled by two persons');
  await sql.end();
});
