import { randomBytes } from 'node:crypto';
import type { Commit, RefundDraft } from '#dispatch';
import {
  type Payment,
  type Refund,
  type RefundId,
  SHARDS,
  type Transition,
  refundReference,
  undoReference,
} from '#domain';
import {
  TEST_CHANNEL,
  TEST_MERCHANT,
  type TestDatabase,
  claimOf,
  createTestJournal,
  draftOf,
  sha256,
  silentLog,
} from '#testing';
import { Client } from 'pg';
import { typeidUnboxed } from 'typeid-js';
import { type Postgres, createPostgres } from './postgres';

let database: TestDatabase;
let postgres: Postgres;
let sql: Client;

beforeAll(async () => {
  database = await createTestJournal();
  postgres = await createPostgres({
    databaseUrl: database.url,
    applicationName: 'spec',
    site: 'a',
    log: silentLog,
    monotonicMs: () => performance.now(),
  });
  sql = new Client({ connectionString: database.url });
  await sql.connect();
});

afterAll(async () => {
  await sql.end();
  await postgres.close();
  await database.drop();
});

const valueOf = <T>(commit: Commit<T>): T => {
  if (commit.kind !== 'committed') throw new Error(`not committed: ${JSON.stringify(commit)}`);
  return commit.value;
};
const EPOCHS = new Array<number>(SHARDS).fill(1);
const SHARE = [{ channelId: TEST_CHANNEL, free: 100, leaseMs: 60_000 }];

async function dispatched(): Promise<Payment> {
  const { payment } = valueOf(await postgres.journal.accept(draftOf()));
  const result = valueOf(await postgres.journal.dispatch(claimOf(payment.id)));
  if (result.outcome !== 'dispatched') throw new Error(result.reason);
  return result.payment;
}
const apply = async (payment: Payment, change: Partial<Transition>): Promise<Payment> => {
  const transition: Transition = {
    paymentId: payment.id,
    version: payment.head.version,
    to: payment.head.state,
    eventType: 'payment.moved',
    lookAgainInMs: null,
    ...change,
  };
  expect(valueOf(await postgres.journal.apply(transition))).toMatchObject({ outcome: 'applied' });
  return (await postgres.journal.read(payment.id))!;
};
const paid = async () =>
  apply(await dispatched(), {
    to: 'succeeded',
    attempt: { leg: 1, state: 'succeeded' },
    kept: { leg: 1, capturedMinor: 19_900 },
  });
const refundId = () => typeidUnboxed('ref') as string as RefundId;
function draft(payment: Payment, changes: Partial<RefundDraft> = {}): RefundDraft {
  const idempotencyKey = changes.idempotencyKey ?? randomBytes(8).toString('hex');
  return {
    id: refundId(),
    paymentId: payment.id,
    merchantId: TEST_MERCHANT,
    idempotencyKey,
    fingerprint: 'f'.repeat(64),
    amountMinor: null,
    bankReference: refundReference(TEST_MERCHANT, idempotencyKey, sha256),
    reason: null,
    ...changes,
  };
}
async function refunded(payment: Payment, changes: Partial<RefundDraft> = {}): Promise<Refund> {
  const result = valueOf(await postgres.refunds.request(draft(payment, changes)));
  if (result.outcome !== 'inserted') throw new Error(result.outcome);
  return result.refund;
}
const send = async (refund: Refund, dispatchToken = 'token') => {
  const sent = valueOf(
    await postgres.refunds.dispatch({ refund, dispatchToken, epochs: EPOCHS, lookAgainInMs: 60_000 }),
  );
  if (!sent) throw new Error('not dispatched');
  return sent;
};
const head = async (payment: Payment) => (await postgres.journal.read(payment.id))!.head;
const eventTypes = async (payment: Payment) =>
  (await postgres.journal.events(payment, 0, 1_000)).map(({ type }) => type);

describe('a merchant’s refund', () => {
  it('takes all that is left where no amount is given, and raises the sum with it', async () => {
    const payment = await paid();
    await refunded(payment, { amountMinor: 5_000 });
    const rest = await refunded(payment);
    expect(rest).toMatchObject({ amount: { value: 14_900, currency: 'CNY' }, leg: 1, state: 'requested', sendNo: 0 });
    expect(await head(payment)).toMatchObject({ state: 'succeeded', version: 5, refundedMinor: 19_900 });
    expect((await eventTypes(payment)).slice(3)).toEqual(['refund.created', 'refund.created']);
    expect(valueOf(await postgres.refunds.request(draft(payment)))).toEqual({ outcome: 'refused' });
  });

  it('asked for twice under one key, also at the same instant, is one refund', async () => {
    const payment = await paid();
    const twice = Array.from({ length: 20 }, () => draft(payment, { idempotencyKey: 'same-key', amountMinor: 100 }));
    const results = (await Promise.all(twice.map((one) => postgres.refunds.request(one)))).map(valueOf);
    expect(results.filter(({ outcome }) => outcome === 'inserted')).toHaveLength(1);
    expect(results.filter(({ outcome }) => outcome === 'exists')).toHaveLength(19);
    expect(await head(payment)).toMatchObject({ refundedMinor: 100 });
  });

  it('asked for from two processes at once under one key is one refund', async () => {
    const other = await createPostgres({
      databaseUrl: database.url,
      applicationName: 'second',
      site: 'a',
      log: silentLog,
      monotonicMs: () => performance.now(),
    });
    for (let round = 0; round < 10; round += 1) {
      const payment = await paid();
      const key = `race-${round}`;
      const one = draft(payment, { idempotencyKey: key, amountMinor: 100 });
      const two = draft(payment, { idempotencyKey: key, amountMinor: 100 });
      const results = (await Promise.all([postgres.refunds.request(one), other.refunds.request(two)])).map(valueOf);
      expect(results.map(({ outcome }) => outcome).sort()).toEqual(['exists', 'inserted']);
      expect(await head(payment)).toMatchObject({ refundedMinor: 100 });
    }
    await other.close();
  });

  it('never exceeds what was captured, however many come at once', async () => {
    const others = await Promise.all(
      [0, 1].map(() =>
        createPostgres({
          databaseUrl: database.url,
          applicationName: 'crowd',
          site: 'a',
          log: silentLog,
          monotonicMs: () => performance.now(),
        }),
      ),
    );
    const journals = [postgres, ...others];
    const payment = await paid();
    const drafts = Array.from({ length: 50 }, () => draft(payment, { amountMinor: 1_990 }));
    const commits = await Promise.all(drafts.map((one, n) => journals[n % 3]!.refunds.request(one)));
    const outcomes = commits.map(valueOf).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'inserted')).toHaveLength(10);
    expect(outcomes.filter((outcome) => outcome === 'refused')).toHaveLength(40);
    expect(await head(payment)).toMatchObject({ refundedMinor: 19_900, version: 13 });
    await Promise.all(others.map((one) => one.close()));
  });

  it('is refused for a payment that did not succeed, and for another merchant’s', async () => {
    const open = await dispatched();
    expect(valueOf(await postgres.refunds.request(draft(open)))).toEqual({ outcome: 'refused' });
    const stranger = draft(await paid(), { merchantId: 'mer_other' as never });
    expect(valueOf(await postgres.refunds.request(stranger))).toEqual({ outcome: 'refused' });
  });

  it('is dispatched once, by the owner of its shard, under the token of whoever may send', async () => {
    const refund = await refunded(await paid());
    const stranger = { refund, dispatchToken: 't', epochs: new Array<number>(SHARDS).fill(2), lookAgainInMs: 1 };
    expect(valueOf(await postgres.refunds.dispatch(stranger))).toBeNull();
    const claims = Array.from({ length: 10 }, (_, n) =>
      postgres.refunds.dispatch({ refund, dispatchToken: `t${n}`, epochs: EPOCHS, lookAgainInMs: 60_000 }),
    );
    const sent = (await Promise.all(claims)).map(valueOf).filter((one) => one !== null);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ state: 'dispatched', sendNo: 1, version: 2 });
    const unsent = { to: 'requested' as const, why: 'connect_failed', lookAgainInMs: 0 };
    expect(valueOf(await postgres.refunds.move({ refund: sent[0]!, ...unsent, dispatchToken: 'other' }))).toBe(false);
  });

  it('gives its sum free again only with the bank’s final no', async () => {
    const payment = await paid();
    const refund = await send(await refunded(payment));
    const unknown = { refund, to: 'unknown' as const, why: 'deadline', lookAgainInMs: 0 };
    expect(valueOf(await postgres.refunds.move(unknown))).toBe(true);
    expect(await head(payment)).toMatchObject({ refundedMinor: 19_900 });
    const now = (await postgres.refunds.read(refund.id))!;
    expect(now).toMatchObject({ state: 'unknown', doubtSince: expect.any(Number) });
    const declined = { refund: now, to: 'declined' as const, why: 'declined', bankCode: '12', lookAgainInMs: null };
    expect(valueOf(await postgres.refunds.move(declined))).toBe(true);
    expect(await head(payment)).toMatchObject({ refundedMinor: 0 });
    expect((await eventTypes(payment)).slice(3)).toEqual(['refund.created', 'refund.unknown', 'refund.declined']);
    // The bank gave it back after all, while another refund has taken its place: refused, for a person.
    await refunded(payment);
    const late = {
      refund: (await postgres.refunds.read(refund.id))!,
      to: 'succeeded' as const,
      why: null,
      lookAgainInMs: null,
    };
    expect(await postgres.refunds.move(late)).toMatchObject({ kind: 'not_committed', reason: 'rejected' });
  });

  it('is taken by one worker at a time, and found again if that one dies', async () => {
    const refund = await refunded(await paid());
    const ids = async () => (await postgres.refunds.takeDue(SHARE)).map(({ id }) => id);
    const taken = (await Promise.all([ids(), ids(), ids()])).flat();
    expect(taken.filter((id) => id === refund.id)).toHaveLength(1);
    expect(await ids()).not.toContain(refund.id);
    // A minute later: the lease has run out.
    await sql.query(`update refunds set next_action_at = next_action_at - interval '61 seconds' where id = $1`, [
      refund.id,
    ]);
    expect(await ids()).toContain(refund.id);
  });

  it('keeps what it is for ever', async () => {
    const refund = await refunded(await paid());
    await expect(sql.query('update refunds set amount_minor = 1 where id = $1', [refund.id])).rejects.toThrow(
      /may not change what it is/,
    );
    await expect(
      sql.query(`update refunds set state = 'succeeded', version = 2, next_action_at = null where id = $1`, [
        refund.id,
      ]),
    ).rejects.toThrow(/may not go from requested to succeeded/);
  });
});

describe('the undo of an attempt', () => {
  const reversalOf = (payment: Payment): Transition['undo'] => ({
    kind: 'reversal_requested',
    leg: 1,
    bankReference: undoReference('reversal', payment.head.bankReference, sha256),
    purpose: 'deadline',
  });
  const giveBack = (payment: Payment, overtakesReversal = false): Partial<Transition> => ({
    attempt: { leg: 1, state: 'succeeded' },
    undo: {
      kind: 'success_given_back',
      leg: 1,
      refundId: refundId(),
      bankReference: undoReference('auto_refund', payment.head.bankReference, sha256),
      overtakesReversal,
    },
  });
  const acknowledged = { kind: 'reversal_acknowledged' as const, leg: 1, bankTransactionId: 'bt9' };
  const unknown = async () => apply(await dispatched(), { to: 'unknown', attempt: { leg: 1, state: 'unknown' } });
  const reversing = async () => {
    const payment = await unknown();
    return apply(payment, { attempt: { leg: 1, state: 'reversing' }, undo: reversalOf(payment) });
  };
  const reversed = async () =>
    apply(await reversing(), { to: 'expired', attempt: { leg: 1, state: 'reversed' }, undo: acknowledged });

  it('begins and ends in the transitions of its payment, and is due until the bank has answered', async () => {
    const payment = await reversing();
    const due = await postgres.reversals.takeDue(SHARE);
    expect(due.find(({ paymentId }) => paymentId === payment.id)).toMatchObject({ state: 'requested', tries: 1 });
    await apply(payment, { to: 'expired', attempt: { leg: 1, state: 'reversed' }, undo: acknowledged });
    expect(await postgres.reversals.find(payment.id, 1)).toMatchObject({
      state: 'acknowledged',
      settledAt: expect.any(Number),
    });
    const { rows } = await sql.query('select next_action_at from reversals where payment_id = $1', [payment.id]);
    expect(rows).toEqual([{ next_action_at: null }]);
  });

  it('is one at most, of either kind: no automatic refund while a reversal stands', async () => {
    for (const payment of [await reversing(), await reversed()]) {
      const commit = await postgres.journal.apply({
        paymentId: payment.id,
        version: payment.head.version,
        to: payment.head.state,
        eventType: 'payment.late_success',
        lookAgainInMs: null,
        ...giveBack(payment),
      });
      expect(commit).toMatchObject({ kind: 'not_committed', reason: 'rejected' });
      expect(await postgres.refunds.ofPayment(payment)).toEqual([]);
      expect((await postgres.journal.read(payment.id))!.head.version).toBe(payment.head.version);
    }
  });

  it('passes from an acknowledged reversal to a refund, in one step, if the bank charged all the same', async () => {
    const payment = await reversed();
    const after = await apply(payment, giveBack(payment, true));
    expect(after.attempt).toMatchObject({ state: 'succeeded' });
    expect(await postgres.reversals.find(payment.id, 1)).toMatchObject({ state: 'overtaken' });
    expect(await postgres.refunds.ofPayment(payment)).toMatchObject([
      {
        kind: 'late_success',
        amount: { value: 19_900 },
        originalReference: payment.head.bankReference,
        state: 'requested',
      },
    ]);
    expect((await sql.query('select kind from undos where payment_id = $1', [payment.id])).rows).toEqual([
      { kind: 'late_success' },
    ]);
  });

  it('may be a refund once the bank has refused the reversal', async () => {
    const payment = await reversing();
    const refused = { kind: 'reversal_refused' as const, leg: 1, bankCode: '12', bankMessage: 'no' };
    const back = await apply(payment, { attempt: { leg: 1, state: 'unknown' }, undo: refused });
    const ended = await apply(back, { to: 'expired' });
    await apply(ended, giveBack(payment));
    expect(await postgres.refunds.ofPayment(payment)).toHaveLength(1);
  });

  it('that is doubted is looked into once the bank has acknowledged it, and trusted again afterwards', async () => {
    const payment = await reversing();
    await postgres.reversals.doubt(payment.id, 1);
    await apply(payment, { to: 'expired', attempt: { leg: 1, state: 'reversed' }, undo: acknowledged });
    const due = (await postgres.reversals.takeDue(SHARE)).find(({ paymentId }) => paymentId === payment.id)!;
    expect(due).toMatchObject({ state: 'acknowledged', doubtedAt: expect.any(Number) });
    await postgres.reversals.trust(due);
    expect(await postgres.reversals.find(payment.id, 1)).toMatchObject({ doubtedAt: null });
  });

  it('harms no other row of its batch when it is refused', async () => {
    const bad = await reversing();
    const good = await Promise.all(Array.from({ length: 10 }, () => unknown()));
    const results = await Promise.all([
      postgres.journal.apply({
        paymentId: bad.id,
        version: bad.head.version,
        to: 'unknown',
        eventType: 'payment.late_success',
        lookAgainInMs: null,
        ...giveBack(bad),
      }),
      ...good.map((payment) =>
        postgres.journal.apply({
          paymentId: payment.id,
          version: payment.head.version,
          to: 'unknown',
          attempt: { leg: 1, state: 'reversing' },
          undo: reversalOf(payment),
          eventType: 'payment.reversing',
          lookAgainInMs: 60_000,
        }),
      ),
    ]);
    expect(results[0]).toMatchObject({ kind: 'not_committed', reason: 'rejected' });
    for (const result of results.slice(1)) expect(valueOf(result)).toMatchObject({ outcome: 'applied' });
  });
});
