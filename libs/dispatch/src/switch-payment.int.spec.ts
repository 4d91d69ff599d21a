/** Switching over a real journal: another instrument for the same order, while nothing is at a bank. */
import { TEST_MERCHANT, TEST_TOKEN, type TestDatabase, claimOf, createTestJournal, draftOf, silentLog } from '#testing';
import type { InstrumentToken, MerchantId, Payment } from '#domain';
import { paymentReference } from '#domain';
import { type Postgres, createPostgres } from '#postgres';
import { systemClock, systemNames } from '#runtime';
import { CancelPayment } from './cancel-payment';
import { NO_FLOW } from './ports/flow-view';
import { entranceOf } from './spec-kit/entrance';
import { SwitchPayment, type SwitchCommand } from './switch-payment';

let database: TestDatabase;
let postgres: Postgres;
let keys = 0;

beforeAll(async () => {
  database = await createTestJournal();
  postgres = await createPostgres({
    databaseUrl: database.url,
    applicationName: 'spec',
    site: 'a',
    log: silentLog,
    monotonicMs: systemClock.monotonicMs,
  });
});
afterAll(async () => {
  await postgres.close();
  await database.drop();
});

const accept = async (): Promise<Payment> => {
  const commit = await postgres.journal.accept(draftOf());
  if (commit.kind !== 'committed') throw new Error(commit.detail);
  return commit.value.payment;
};
const decline = async (payment: Payment) => {
  await postgres.journal.dispatch(claimOf(payment.id));
  await postgres.journal.apply({
    paymentId: payment.id,
    version: 2,
    to: 'requires_payment_method',
    attempt: { leg: 1, state: 'declined', declineReason: 'insufficient_funds' },
    eventType: 'payment.requires_payment_method',
    lookAgainInMs: 60_000,
  });
};
const switching = (payment: Payment, changes: Partial<SwitchCommand> = {}) => {
  keys += 1;
  const { journal, channels, instruments } = postgres;
  const queue = { add: () => Promise.resolve(true) };
  const { entrance } = entranceOf(channels, systemClock);
  const parts = { journal, entrance, flow: NO_FLOW, instruments, queue, names: systemNames };
  return new SwitchPayment(parts).switch({
    merchantId: TEST_MERCHANT,
    paymentId: payment.id,
    token: TEST_TOKEN,
    suggestionId: null,
    idempotencyKey: `switch-${keys}`,
    fingerprint: 'f',
    ...changes,
  });
};

describe('switching to another instrument', () => {
  it('keeps the leg while the payment is queued: nothing was sent under it', async () => {
    const payment = await accept();
    expect(await switching(payment)).toMatchObject({
      kind: 'switched',
      payment: { head: { state: 'queued', leg: 1, version: 2, bankReference: payment.head.bankReference } },
    });
  });

  it('begins the next leg, with a reference of its own, after a decline', async () => {
    const payment = await accept();
    await decline(payment);
    const answer = await switching(payment);
    const bankReference = paymentReference(payment.merchantId, payment.merchantOrderNo, 2, systemNames.sha256);
    expect(answer).toMatchObject({ kind: 'switched', payment: { head: { state: 'queued', leg: 2, bankReference } } });
    expect(await postgres.journal.dispatch(claimOf(payment.id, { version: 4 }))).toMatchObject({
      value: { outcome: 'dispatched', attempt: { leg: 2, bankReference } },
    });
  });

  it('happens once for one key, and a key of another wish is refused', async () => {
    const payment = await accept();
    const command = { idempotencyKey: 'once', fingerprint: 'a' };
    expect(await switching(payment, command)).toMatchObject({ replayed: false });
    expect(await switching(payment, command)).toMatchObject({ replayed: true, payment: { head: { version: 2 } } });
    expect(await switching(payment, { ...command, fingerprint: 'b' })).toMatchObject({
      code: 'idempotency_key_reused',
    });
  });

  it('is too late once the payment is with a bank: of switch and dispatch exactly one wins', async () => {
    for (let round = 0; round < 20; round += 1) {
      const payment = await accept();
      const [answer, commit] = await Promise.all([switching(payment), postgres.journal.dispatch(claimOf(payment.id))]);
      const sent = commit.kind === 'committed' && commit.value.outcome === 'dispatched';
      expect(answer.kind === 'switched').toBe(!sent);
      if (sent) expect(answer).toMatchObject({ code: 'already_submitted' });
    }
  });

  it('moves nothing that has ended, and nothing of another merchant, to no instrument that is not the merchant’s', async () => {
    const payment = await accept();
    expect(await switching(payment, { merchantId: 'mer_stranger' as MerchantId })).toMatchObject({ code: 'not_found' });
    expect(await switching(payment, { token: 'tok_nobody' as InstrumentToken })).toMatchObject({
      code: 'instrument_unknown',
    });
    await new CancelPayment(postgres.journal).cancel(TEST_MERCHANT, payment.id);
    expect(await switching(payment)).toMatchObject({ code: 'payment_final' });
  });
});
