/** Accepting and canceling over a real journal. The queue is a hint, so one that takes nothing is as good as any here. */
import {
  OTHER_CHANNEL,
  OTHER_TOKEN,
  TEST_MERCHANT,
  TEST_TOKEN,
  type TestDatabase,
  createTestJournal,
  sha256,
  silentLog,
} from '#testing';
import type { InstrumentToken, MerchantId, PaymentId } from '#domain';
import { TIER } from '#domain';
import { Client } from 'pg';
import { type Postgres, createPostgres } from '#postgres';
import { systemNames } from '#runtime';
import { type AcceptCommand, AcceptPayment, type AcceptPaymentParts } from './accept-payment';
import { CancelPayment } from './cancel-payment';
import { type Commit, JournalUnavailable } from './ports/commit';
import { NO_FLOW } from './ports/flow-view';
import type { AcceptResult, PaymentDraft, PaymentJournal } from './ports/payment-journal';
import { entranceOf } from './spec-kit/entrance';
import type { Step } from './steps';

let database: TestDatabase;
let postgres: Postgres;
let steps: Step[];
let orders = 0;

const clock = { epochMs: () => Date.now(), monotonicMs: () => performance.now() };

beforeAll(async () => {
  database = await createTestJournal();
  postgres = await createPostgres({
    databaseUrl: database.url,
    applicationName: 'spec',
    site: 'a',
    log: silentLog,
    monotonicMs: clock.monotonicMs,
  });
});
afterAll(async () => {
  await postgres.close();
  await database.drop();
});
beforeEach(() => (steps = []));

const accepting = (changes: Partial<AcceptPaymentParts> = {}) =>
  new AcceptPayment({
    journal: postgres.journal,
    queue: { add: () => Promise.resolve(false) },
    entrance: entranceOf(postgres.channels, changes.clock ?? clock).entrance,
    flow: NO_FLOW,
    instruments: postgres.instruments,
    payerInstruments: postgres.payerInstruments,
    clock,
    names: { ...systemNames, sha256 },
    log: silentLog,
    reached: (step) => steps.push(step),
    ...changes,
  });

const commandOf = (changes: Partial<AcceptCommand> = {}): AcceptCommand => {
  orders += 1;
  return {
    merchantId: TEST_MERCHANT,
    idempotencyKey: `key-${orders}`,
    fingerprint: 'a'.repeat(64),
    merchantOrderNo: `order-${orders}`,
    amount: { value: 19_900, currency: 'CNY' },
    tokens: [TEST_TOKEN],
    withStored: false,
    suggestionId: null,
    routingMode: 'suggest',
    maxWaitMs: null,
    onDecline: 'requires_payment_method',
    payerId: null,
    tier: TIER.paying,
    expiresAt: null,
    returnUrl: null,
    description: null,
    metadata: {},
    ...changes,
  };
};
const accepted = async (command: AcceptCommand) => {
  const answer = await accepting().accept(command);
  if (answer.kind !== 'accepted') throw new Error(answer.code);
  return answer;
};

describe('accepting a payment', () => {
  it('commits it, then tells the queue, in this order', async () => {
    const { payment, replayed } = await accepted(commandOf());
    expect(payment.head).toMatchObject({ state: 'queued', version: 1, leg: 1 });
    expect(replayed).toBe(false);
    expect(steps).toEqual(['accept.admitted', 'accept.committed', 'accept.enqueued']);
  });

  it('answers the same key with the same payment, whatever became of it since', async () => {
    const command = commandOf();
    const first = await accepted(command);
    await new CancelPayment(postgres.journal).cancel(TEST_MERCHANT, first.payment.id);
    const again = await accepted(command);
    expect(again).toMatchObject({ replayed: true, payment: { id: first.payment.id } });
  });

  it('accepts one of many that come at once with the same key', async () => {
    const command = commandOf();
    const answers = await Promise.all(Array.from({ length: 50 }, () => accepted(command)));
    expect(new Set(answers.map(({ payment }) => payment.id)).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
  });

  it('refuses the key of another body, and the order number of another key', async () => {
    const command = commandOf();
    const { payment } = await accepted(command);
    expect(await accepting().accept({ ...command, fingerprint: 'b'.repeat(64) })).toMatchObject({
      code: 'idempotency_key_reused',
    });
    expect(await accepting().accept({ ...command, idempotencyKey: 'another' })).toMatchObject({
      code: 'order_no_conflict',
      facts: { payment_id: payment.id },
    });
  });

  it.each([
    ['an unknown instrument', { tokens: ['tok_nobody' as InstrumentToken] }, 'instrument_unknown'],
    ['another merchant’s instrument', { merchantId: 'mer_stranger' as MerchantId }, 'instrument_unknown'],
    [
      'a stranger among the alternatives',
      { tokens: [TEST_TOKEN, 'tok_nobody' as InstrumentToken] },
      'instrument_unknown',
    ],
    ['an amount above the cap', { amount: { value: 1_000_001, currency: 'CNY' } }, 'amount_out_of_range'],
    ['a currency the channel does not take', { amount: { value: 1, currency: 'USD' } }, 'currency_unsupported'],
    ['a deadline that has passed', { expiresAt: Date.now() - 1 }, 'deadline_passed'],
    ['a deadline that leaves the bank no time', { expiresAt: Date.now() + 900 }, 'deadline_passed'],
  ])('refuses %s and stores nothing', async (_, changes, code) => {
    const command = commandOf(changes);
    expect(await accepting().accept(command)).toMatchObject({ kind: 'refused', code });
    expect(await postgres.journal.findByKey(command.merchantId, command.idempotencyKey)).toBeNull();
  });

  it('takes the next instrument where the first one cannot, but only for a merchant that lets us', async () => {
    const large = { amount: { value: 2_000_000, currency: 'CNY' }, tokens: [TEST_TOKEN, OTHER_TOKEN] };
    expect(await accepting().accept(commandOf(large))).toMatchObject({ kind: 'refused', code: 'amount_out_of_range' });
    expect(await accepting().accept(commandOf({ ...large, routingMode: 'reroute' }))).toMatchObject({
      kind: 'accepted',
      payment: { head: { channelId: OTHER_CHANNEL, instrumentToken: OTHER_TOKEN } },
    });
  });

  it('never answers a retry of something accepted with a refusal', async () => {
    const command = commandOf({ expiresAt: Date.now() + 600_000 });
    const { payment } = await accepted(command);
    // Meanwhile the deadline of the same body has become too near: the key is looked up before the refusal.
    const late = accepting({ clock: { ...clock, epochMs: () => Date.now() + 599_500 } });
    expect(await late.accept(command)).toMatchObject({ kind: 'accepted', replayed: true, payment: { id: payment.id } });
  });

  it('tells a retry that the first request is still being written, rather than refuse what may be accepted', async () => {
    const command = commandOf({ expiresAt: Date.now() - 1 });
    const other = new Client({ connectionString: database.url });
    await other.connect();
    await other.query('begin');
    const lock = `select pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 0))`;
    await other.query(lock, [command.merchantId, command.idempotencyKey]);
    expect(await accepting().accept(command)).toEqual({ kind: 'refused', code: 'idempotency_in_progress' });
    await other.query('rollback');
    await other.end();
    expect(await accepting().accept(command)).toMatchObject({ kind: 'refused', code: 'deadline_passed' });
  });

  it('says the same where its own process is still writing it', async () => {
    const command = commandOf();
    let release: (commit: Commit<AcceptResult>) => void = () => undefined;
    const slow = journalWith({ accept: () => new Promise((resolve) => (release = resolve)) });
    let nowMs = Date.now();
    const process = accepting({ journal: slow, clock: { ...clock, epochMs: () => nowMs } });
    const first = process.accept({ ...command, expiresAt: nowMs + 10_000 });
    while (steps.length === 0) await new Promise((resolve) => setImmediate(resolve));
    nowMs += 20_000;
    expect(await process.accept({ ...command, expiresAt: nowMs - 10_000 })).toMatchObject({
      code: 'idempotency_in_progress',
    });
    release({ kind: 'not_committed', reason: 'unavailable', detail: 'away' });
    expect(await first).toMatchObject({ code: 'storage_unavailable' });
  });

  it('does not say "not stored" once any try was undecided', async () => {
    const fates: Commit<AcceptResult>[] = [
      { kind: 'indeterminate', detail: 'cut' },
      { kind: 'not_committed', reason: 'unavailable', detail: 'away' },
    ];
    const flaky = journalWith({ accept: () => Promise.resolve(fates.shift()!) });
    expect(await accepting({ journal: flaky }).accept(commandOf())).toEqual({
      kind: 'refused',
      code: 'acceptance_unknown',
    });
  });

  it('says "unknown" when it cannot look the key up before a refusal', async () => {
    const blind = journalWith({ findByKey: () => Promise.reject(new JournalUnavailable('cut')) });
    const answer = await accepting({ journal: blind }).accept(commandOf({ tokens: ['tok_nobody' as InstrumentToken] }));
    expect(answer).toEqual({ kind: 'refused', code: 'acceptance_unknown' });
  });

  it('repeats an undecided commit with the same ids until it knows', async () => {
    const ids: PaymentId[] = [];
    const answers: Commit<AcceptResult>['kind'][] = ['indeterminate', 'indeterminate', 'committed'];
    const flaky = journalWith({
      accept: async (draft: PaymentDraft) => {
        ids.push(draft.id);
        const commit = await postgres.journal.accept(draft);
        return answers[ids.length - 1] === 'committed' ? commit : { kind: 'indeterminate', detail: 'cut' };
      },
    });
    const answer = await accepting({ journal: flaky }).accept(commandOf());
    // The first insert had landed; the repeats find it and it is still the first answer, not a conflict with itself.
    expect(answer).toMatchObject({ kind: 'accepted', replayed: false });
    expect(new Set(ids).size).toBe(1);
    expect(ids).toHaveLength(3);
  });

  it('does not claim to know when the commit stays undecided', async () => {
    let nowMs = 0;
    const undecided = journalWith({
      accept: () => {
        nowMs += 900;
        return Promise.resolve({ kind: 'indeterminate', detail: 'cut' });
      },
    });
    const patient = accepting({ journal: undecided, clock: { ...clock, monotonicMs: () => nowMs } });
    expect(await patient.accept(commandOf())).toEqual({ kind: 'refused', code: 'acceptance_unknown' });
  });
});

describe('canceling a payment', () => {
  const cancel = (id: PaymentId, merchant = TEST_MERCHANT) => new CancelPayment(postgres.journal).cancel(merchant, id);

  it('ends it while nothing is at a bank, and says the same when asked again', async () => {
    const { payment } = await accepted(commandOf());
    expect(await cancel(payment.id)).toMatchObject({ kind: 'canceled', payment: { head: { state: 'canceled' } } });
    expect(await cancel(payment.id)).toMatchObject({ kind: 'canceled' });
  });

  it('does not find another merchant’s payment', async () => {
    const { payment } = await accepted(commandOf());
    expect(await cancel(payment.id, 'mer_stranger' as MerchantId)).toMatchObject({ code: 'not_found' });
  });
});

/** The real journal with some of its methods replaced: the faults of a connection, at a chosen moment. */
function journalWith(faults: Partial<PaymentJournal>): PaymentJournal {
  return Object.assign(Object.create(postgres.journal) as PaymentJournal, faults);
}
