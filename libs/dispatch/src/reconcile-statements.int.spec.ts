/** What banks' books settle and what they leave to people: a real journal, and a bank whose statements the spec writes. */
import type { Attempt, BankReference, Payment } from '#domain';
import { type BankDay, ChannelScores, RetryBudget, bankDayOf, daysThatProveAbsence, shiftBankDay } from '#policy';
import { type Postgres, createPostgres } from '#postgres';
import { systemClock, systemNames } from '#runtime';
import { TEST_CHANNEL, type TestDatabase, claimOf, createTestJournal, draftOf, silentLog } from '#testing';
import { FindReroute } from './find-reroute';
import type { Connector, Statement, StatementLine } from './ports/connector';
import { type DayReconciled, ReconcileStatements } from './reconcile-statements';
import { SettleAttempt } from './settle-attempt';
import { SettleRefund } from './settle-refund';

const CONTRACT = {
  maxProcessingTimeMs: 15_000,
  softDeclineIsFinal: true,
  refusesLateRequests: true,
  inquiryLagMs: 500,
};
const meters = { count: () => undefined, observeMs: () => undefined };

let database: TestDatabase;
let postgres: Postgres;
let reconcile: ReconcileStatements;
let statements: Map<BankDay, StatementLine[]>;
let open: Set<BankDay>;
const today = bankDayOf(Date.now());

/** A bank of which only the statements matter here. */
const bank = {
  capabilities: () => CONTRACT,
  fetchStatement: (_route: unknown, date: BankDay): Promise<Statement> => {
    const lines = statements.get(date);
    if (!lines) return Promise.resolve({ kind: 'unusable', reason: 'no file' });
    return Promise.resolve({ kind: 'complete', date, closed: !open.has(date), lines });
  },
} as unknown as Connector;

beforeEach(async () => {
  statements = new Map();
  open = new Set();
  database = await createTestJournal();
  const monotonicMs = () => performance.now();
  const options = { databaseUrl: database.url, applicationName: 'spec', site: 'a', log: silentLog, monotonicMs };
  postgres = await createPostgres(options);
  const { channels, journal, refunds, reversals, statements: book, worklist } = postgres;
  const queue = { add: () => Promise.resolve(false) };
  const told = { clock: systemClock, names: systemNames, log: silentLog, meters };
  const reroute = new FindReroute({
    journal,
    channels,
    scores: new ChannelScores(),
    budget: new RetryBudget(),
    ...told,
  });
  const settle = new SettleAttempt({ journal, reversals, reroute, worklist, queue, ...told });
  const connectorFor = () => bank;
  const settleRefund = new SettleRefund({ refunds, worklist, connectorFor, ...told });
  const settlers = { settle, refunds, settleRefund };
  reconcile = new ReconcileStatements({ journal, book, channels, connectorFor, ...settlers, worklist });
});

afterEach(async () => {
  await postgres.close();
  await database.drop();
});

/** A payment whose bytes left, with no answer yet. */
async function sent(): Promise<Payment & { attempt: Attempt }> {
  const draft = draftOf({ onDecline: 'fail' });
  await postgres.journal.accept(draft);
  const commit = await postgres.journal.dispatch(claimOf(draft.id));
  if (commit.kind !== 'committed' || commit.value.outcome !== 'dispatched') throw new Error(JSON.stringify(commit));
  return { ...commit.value.payment, attempt: commit.value.attempt };
}
async function standing(payment: Payment) {
  const { head, attempt } = (await postgres.journal.read(payment.id))!;
  return { payment: head.state, attempt: attempt?.state };
}
const charge = (payment: Payment & { attempt: Attempt }, change: Partial<StatementLine> = {}): StatementLine => ({
  operation: 'charge',
  reference: payment.attempt.bankReference,
  originalReference: null,
  amount: payment.amount,
  bankTransactionId: `TX-${payment.attempt.bankReference}`,
  bookedAt: Date.now(),
  ...change,
});
async function run(day: BankDay) {
  const result = await reconcile.reconcile(TEST_CHANNEL, day);
  if (result.kind !== 'matched') throw new Error(result.reason);
  return result;
}
const kinds = ({ breaks }: Extract<DayReconciled, { kind: 'matched' }>) => breaks.map(({ kind }) => kind).sort();
const worklist = async () => (await postgres.worklist.list(true, null, 100)).items.map(({ kind }) => kind).sort();

describe('a line in the statement', () => {
  it('settles an attempt whose answer was lost, also when the day is not over', async () => {
    const payment = await sent();
    statements.set(today, [charge(payment)]);
    open.add(today);
    const result = await run(today);
    expect(result).toMatchObject({ settledByPresence: 1, lines: { settles: 1 }, breaks: [] });
    expect(await standing(payment)).toEqual({ payment: 'succeeded', attempt: 'succeeded' });
    expect(await run(today)).toMatchObject({ loaded: 'same', settledByPresence: 0, lines: { agrees: 1 }, breaks: [] });
  });

  it('is found whatever day the bank books it on', async () => {
    const payment = await sent();
    const later = shiftBankDay(today, 3);
    statements.set(later, [charge(payment)]);
    expect(await run(later)).toMatchObject({ settledByPresence: 1 });
  });

  it('is never believed with another amount: people look', async () => {
    const payment = await sent();
    statements.set(today, [charge(payment, { amount: { value: 1, currency: 'CNY' } })]);
    expect(await run(today)).toMatchObject({ lines: { amount: 1 } });
    expect(await standing(payment)).toEqual({ payment: 'unknown', attempt: 'integrity_failure' });
    expect(await worklist()).toEqual(['integrity_failure']);
  });

  it('that nobody here knows is money too much', async () => {
    const payment = await sent();
    statements.set(today, [charge(payment), charge(payment, { reference: 'STRANGER', bankTransactionId: 'TX-2' })]);
    const result = await run(today);
    expect(kinds(result)).toEqual(['break_long']);
    expect(result.breaks[0]).toMatchObject({ subject: `${TEST_CHANNEL}/charge/STRANGER` });
    expect(await worklist()).toEqual(['break_long']);
  });

  it('that stands there twice is a double charge at the bank, on whatever day the second one is', async () => {
    const payment = await sent();
    const tomorrow = shiftBankDay(today, 1);
    statements.set(tomorrow, [charge(payment, { bankTransactionId: 'TX-2' })]);
    statements.set(today, [charge(payment)]);
    await run(tomorrow);
    expect(kinds(await run(today))).toEqual(['break_duplicate']);
    expect(kinds(await run(tomorrow))).toEqual(['break_duplicate']);
    expect(await worklist()).toEqual(['break_duplicate']);
  });
});

describe('a line that is missing', () => {
  const proof = (payment: { attempt: Attempt }) => daysThatProveAbsence(payment.attempt, CONTRACT.maxProcessingTimeMs);

  it('settles an unknown only when every day on which it could stand is loaded and closed', async () => {
    const payment = await sent();
    const { first, last } = proof(payment);
    for (let day = first; day < last; day = shiftBankDay(day, 1)) {
      statements.set(day, []);
      expect(await run(day)).toMatchObject({ settledByAbsence: 0, entries: { waits: 1 } });
    }
    statements.set(last, []);
    open.add(last);
    expect(await run(last)).toMatchObject({ settledByAbsence: 0, entries: { waits: 1 } });
    expect(await standing(payment)).toEqual({ payment: 'processing', attempt: 'dispatched' });
    open.delete(last);
    expect(await run(last)).toMatchObject({ loaded: 'grown', settledByAbsence: 1, entries: { absent: 1 }, breaks: [] });
    expect(await standing(payment)).toEqual({ payment: 'failed', attempt: 'declined' });
  });

  it('of what we believe to have taken is money too little, once it is proven', async () => {
    const payment = await sent();
    const { first, last } = proof(payment);
    statements.set(first, [charge(payment)]);
    await run(first);
    // The bank takes it out of its book again.
    for (let day = first; day <= last; day = shiftBankDay(day, 1)) statements.set(day, []);
    expect(kinds(await run(first))).toEqual(['statement_changed']);
    let seen: string[] = [];
    for (let day = first; day <= last; day = shiftBankDay(day, 1)) seen = [...seen, ...kinds(await run(day))];
    expect(seen).toEqual(['break_short']);
    expect(await worklist()).toEqual(['break_short', 'statement_changed']);
    expect(await standing(payment)).toEqual({ payment: 'succeeded', attempt: 'succeeded' });
  });

  it('is no news of what was declined', async () => {
    const payment = await sent();
    const { bankReference: reference, leg } = payment.attempt;
    const version = payment.head.version;
    await postgres.journal.apply({
      paymentId: payment.id,
      version,
      to: 'failed',
      attempt: { leg, state: 'declined' },
      eventType: 'payment.failed',
      lookAgainInMs: null,
    });
    const { first, last } = proof(payment);
    for (let day = first; day <= last; day = shiftBankDay(day, 1)) {
      statements.set(day, []);
      expect(await run(day)).toMatchObject({ breaks: [], entries: {} });
    }
    // … but its charge is: a late success, told to people.
    const later = shiftBankDay(last, 1);
    statements.set(later, [charge(payment, { reference })]);
    expect(await run(later)).toMatchObject({ lines: { late: 1 }, settledByPresence: 1 });
    expect(await standing(payment)).toEqual({ payment: 'failed', attempt: 'succeeded' });
    expect(await worklist()).toEqual(['late_success']);
  });
});

describe('a refund in the statement', () => {
  /** Paid, and half of it asked back; the bank's answer to that got lost. */
  async function halfAskedBack() {
    const payment = await sent();
    open.add(today);
    statements.set(today, [charge(payment)]);
    await run(today);
    const refundId = systemNames.refundId();
    const requested = await postgres.refunds.request({
      ...{ id: refundId, paymentId: payment.id, merchantId: payment.merchantId, idempotencyKey: refundId },
      ...{ fingerprint: 'f', amountMinor: 100, bankReference: `BACK-${refundId}` as BankReference, reason: null },
    });
    if (requested.kind !== 'committed' || requested.value.outcome !== 'inserted') throw new Error(requested.kind);
    const { refund } = requested.value;
    await postgres.refunds.dispatch({
      refund,
      dispatchToken: 'token',
      epochs: postgres.shards.epochs(),
      lookAgainInMs: 0,
    });
    const line = charge(payment, {
      ...{ operation: 'refund', reference: refund.bankReference, originalReference: payment.attempt.bankReference },
      ...{ amount: refund.amount, bankTransactionId: 'TX-BACK' },
    });
    return { payment, refund, line };
  }

  it('settles one whose answer was lost, once', async () => {
    const { payment, refund, line } = await halfAskedBack();
    statements.set(today, [charge(payment), line]);
    expect(await run(today)).toMatchObject({ settledByPresence: 1, breaks: [] });
    expect(await postgres.refunds.read(refund.id)).toMatchObject({ state: 'succeeded' });
    expect(await run(today)).toMatchObject({ settledByPresence: 0, breaks: [] });
  });

  it('is never believed with another amount', async () => {
    const { payment, refund, line } = await halfAskedBack();
    statements.set(today, [charge(payment), { ...line, amount: { value: 99, currency: 'CNY' } }]);
    expect(kinds(await run(today))).toEqual(['break_amount']);
    expect((await postgres.refunds.read(refund.id))!.state).not.toBe('succeeded');
  });
});

it('proves nothing by a file that did not come', async () => {
  await sent();
  expect(await reconcile.reconcile(TEST_CHANNEL, today)).toMatchObject({ kind: 'unusable', reason: 'no file' });
  await expect(reconcile.reconcile(TEST_CHANNEL, '2026-02-30')).rejects.toThrow(/is not a day/);
});
