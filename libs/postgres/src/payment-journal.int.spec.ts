import { type Payment, type PaymentId, SHARDS } from '#domain';
import type { Commit, DispatchResult } from '#dispatch';
import {
  OTHER_CHANNEL,
  OTHER_TOKEN,
  TEST_CHANNEL,
  type TestDatabase,
  claimOf,
  createTestJournal,
  draftOf,
  silentLog,
} from '#testing';
import { Client } from 'pg';
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

const acceptMany = async (count: number) => {
  const drafts = Array.from({ length: count }, () => draftOf());
  await Promise.all(drafts.map((draft) => postgres.journal.accept(draft)));
  return drafts;
};

const valueOf = <T>(commit: Commit<T>): T => {
  if (commit.kind !== 'committed') throw new Error(`not committed: ${JSON.stringify(commit)}`);
  return commit.value;
};
const accept = async (changes = {}) => valueOf(await postgres.journal.accept(draftOf(changes))).payment;
const dispatch = async (id: PaymentId, changes = {}) => valueOf(await postgres.journal.dispatch(claimOf(id, changes)));
const dispatched = async (payment: Payment) => {
  const result = await dispatch(payment.id);
  if (result.outcome !== 'dispatched') throw new Error(`skipped: ${result.reason}`);
  return result;
};
const attempts = async (id: PaymentId) => (await sql.query('select * from attempts where payment_id = $1', [id])).rows;

describe('looking keys up', () => {
  it('finds each caller’s own among many that are asked at once, and says which are still being written', async () => {
    const [known, busy] = (await acceptMany(300)) as [ReturnType<typeof draftOf>, ReturnType<typeof draftOf>];
    const others = await acceptMany(300);
    await sql.query('begin');
    const lock = `select pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 0))`;
    await sql.query(lock, [busy.merchantId, busy.idempotencyKey]);
    const find = (idempotencyKey: string) => postgres.journal.findByKey(known.merchantId, idempotencyKey);
    const keys = [known.idempotencyKey, busy.idempotencyKey, 'nobody', ...others.map((one) => one.idempotencyKey)];
    const found = await Promise.all(keys.map(find));
    await sql.query('rollback');
    expect(found[0]).toMatchObject({ id: known.id, merchantOrderNo: known.merchantOrderNo });
    expect(found.slice(1, 3)).toEqual(['in_progress', null]);
    expect(found.slice(3).map((one) => one !== null && one !== 'in_progress' && one.id)).toEqual(
      others.map(({ id }) => id),
    );
  });
});

describe('accepting', () => {
  it('stores the instruction, its head and its first event together', async () => {
    const payment = await accept();
    const read = await postgres.journal.read(payment.id);
    expect(read).toEqual({ ...payment, readAt: expect.any(Number) });
    expect(await postgres.journal.events(payment, 0, 10)).toMatchObject([{ version: 1, type: 'payment.queued' }]);
  });

  it('takes an order once: the same key again finds the first payment, and so does another key', async () => {
    const first = await accept({ merchantOrderNo: 'once', idempotencyKey: 'k1' });
    for (const idempotencyKey of ['k1', 'k2']) {
      const again = valueOf(await postgres.journal.accept(draftOf({ merchantOrderNo: 'once', idempotencyKey })));
      expect(again).toMatchObject({ outcome: 'exists', payment: { id: first.id } });
    }
  });

  it('answers every caller of a batch for its own row, also where two want the same order', async () => {
    const drafts = Array.from({ length: 300 }, (_, n) =>
      draftOf({ merchantOrderNo: `batch-${n % 200}`, idempotencyKey: `batch-key-${n}` }),
    );
    const results = (await Promise.all(drafts.map((draft) => postgres.journal.accept(draft)))).map(valueOf);
    expect(results.filter(({ outcome }) => outcome === 'inserted')).toHaveLength(200);
    results.forEach(({ payment }, n) => expect(payment.merchantOrderNo).toBe(`batch-${n % 200}`));
  });

  it('refuses one bad row without harming the others of its batch', async () => {
    const good = Array.from({ length: 20 }, () => draftOf());
    const bad = draftOf({ amount: { value: 0, currency: 'CNY' } });
    const commits = await Promise.all([...good, bad].map((draft) => postgres.journal.accept(draft)));
    expect(commits.filter(({ kind }) => kind === 'committed')).toHaveLength(20);
    expect(commits.at(-1)).toMatchObject({ kind: 'not_committed', reason: 'rejected' });
  });
});

describe('dispatching', () => {
  it('commits the attempt as dispatched with the reference that was fixed at acceptance', async () => {
    const payment = await accept();
    const { attempt, payment: moved } = await dispatched(payment);
    expect(moved.head).toMatchObject({ state: 'processing', version: 2, leg: 1 });
    expect(attempt).toMatchObject({ state: 'dispatched', leg: 1, epoch: 1, bankReference: payment.head.bankReference });
    expect(attempt.sendBy - attempt.dispatchedAt).toBe(2_000);
  });

  it('sends a payment once, however many jobs come for it at once', async () => {
    const payment = await accept();
    const other = await createPostgres({
      databaseUrl: database.url,
      applicationName: 'second worker',
      site: 'a',
      log: silentLog,
      monotonicMs: () => performance.now(),
    });
    const journals = [postgres.journal, other.journal];
    const commits = await Promise.all(
      Array.from({ length: 40 }, (_, n) => journals[n % 2]!.dispatch(claimOf(payment.id))),
    );
    await other.close();
    const results: DispatchResult[] = commits.map(valueOf);
    expect(results.filter(({ outcome }) => outcome === 'dispatched')).toHaveLength(1);
    expect(results.filter((result) => result.outcome === 'skipped' && result.reason === 'moved')).toHaveLength(39);
    expect(await attempts(payment.id)).toHaveLength(1);
  });

  it('sends nothing that the bank could not answer before the deadline', async () => {
    const payment = await accept({ expiresAt: Date.now() + 500 });
    expect(await dispatch(payment.id)).toEqual({ outcome: 'skipped', reason: 'deadline' });
    expect(await attempts(payment.id)).toHaveLength(0);
  });

  it('sends nothing for a shard that another owner has taken over', async () => {
    const payment = await accept();
    const epochs = new Array<number>(SHARDS).fill(0);
    expect(await dispatch(payment.id, { epochs })).toEqual({ outcome: 'skipped', reason: 'not_owner' });
    expect(await attempts(payment.id)).toHaveLength(0);
  });

  it('finds nothing to send for a payment it never accepted', async () => {
    expect(await dispatch(draftOf().id)).toEqual({ outcome: 'skipped', reason: 'not_found' });
  });
});

describe('moving', () => {
  const succeed = (payment: Payment, version: number) =>
    postgres.journal.apply({
      paymentId: payment.id,
      version,
      to: 'succeeded',
      attempt: { leg: 1, state: 'succeeded', bankTransactionId: 'bt1' },
      kept: { leg: 1, capturedMinor: payment.amount.value },
      eventType: 'payment.succeeded',
      lookAgainInMs: null,
    });

  it('applies a move once: of two that saw the same version the second is stale', async () => {
    const payment = await accept();
    await dispatched(payment);
    const results = (await Promise.all([succeed(payment, 2), succeed(payment, 2)])).map(valueOf);
    expect(results.map(({ outcome }) => outcome).sort()).toEqual(['applied', 'stale']);
    const events = await postgres.journal.events(payment, 0, 10);
    expect(events.map(({ version, type }) => [version, type])).toEqual([
      [1, 'payment.queued'],
      [2, 'payment.processing'],
      [3, 'payment.succeeded'],
    ]);
  });

  it('lets exactly one of cancel and dispatch win', async () => {
    const payments = await Promise.all(Array.from({ length: 30 }, () => accept()));
    await Promise.all(
      payments.map(async (payment) => {
        const cancel = postgres.journal.apply({
          paymentId: payment.id,
          version: 1,
          to: 'canceled',
          eventType: 'payment.canceled',
          lookAgainInMs: null,
        });
        const [canceled, sent] = await Promise.all([cancel.then(valueOf), dispatch(payment.id)]);
        expect((canceled.outcome === 'applied') !== (sent.outcome === 'dispatched')).toBe(true);
        expect(await attempts(payment.id)).toHaveLength(sent.outcome === 'dispatched' ? 1 : 0);
      }),
    );
  });

  it('never leaves a final state, whoever asks', async () => {
    const payment = await accept();
    await dispatched(payment);
    valueOf(await succeed(payment, 2));
    const back = await postgres.journal.apply({
      paymentId: payment.id,
      version: 3,
      to: 'failed',
      eventType: 'payment.failed',
      lookAgainInMs: null,
    });
    expect(back).toMatchObject({ kind: 'not_committed', reason: 'rejected' });
    await expect(
      sql.query(`update payment_heads set state = 'queued', version = 4 where payment_id = $1`, [payment.id]),
    ).rejects.toThrow(/may not go from succeeded to queued/);
    await expect(sql.query(`update payment_heads set version = 7 where payment_id = $1`, [payment.id])).rejects.toThrow(
      /version 7/,
    );
  });

  it('believes "not sent" only from the worker that could have sent', async () => {
    const payment = await accept();
    const claim = claimOf(payment.id);
    valueOf(await postgres.journal.dispatch(claim));
    const notSent = (dispatchToken: string) =>
      postgres.journal.apply({
        paymentId: payment.id,
        version: 2,
        to: 'expired',
        attempt: { leg: 1, state: 'not_sent', dispatchToken },
        eventType: 'payment.expired',
        lookAgainInMs: null,
      });
    expect(valueOf(await notSent('somebody else'))).toEqual({ outcome: 'stale' });
    expect(valueOf(await notSent(claim.dispatchToken))).toMatchObject({ outcome: 'applied', version: 3 });
  });

  it('tells the API processes which payments moved', async () => {
    const payment = await accept();
    const heard = new Promise<readonly string[]>((resolve) => {
      const stop = postgres.feed.subscribe((ids) => {
        if (!ids.includes(payment.id)) return;
        stop();
        resolve(ids);
      });
    });
    await dispatched(payment);
    await expect(heard).resolves.toContain(payment.id);
  });
});

describe('what is not final', () => {
  it('is found again by its order of acceptance, when nobody else remembers it', async () => {
    const fresh = await accept();
    await postgres.journal.collectUnfinished();
    // Four seconds of the journal's own clock must pass before a number is safe to visit; waiting for it is the point here.
    await new Promise((resolve) => setTimeout(resolve, 4_200));
    await postgres.journal.collectUnfinished();
    const due = [];
    for (let round = await postgres.journal.takeDue(500, [60_000]); round.length > 0;) {
      due.push(...round);
      round = await postgres.journal.takeDue(500, [60_000]);
    }
    expect(due.find(({ paymentId }) => paymentId === fresh.id)).toMatchObject({
      state: 'queued',
      version: 1,
      expired: false,
    });
  });

  it('is called overdue by the deadline of its own call, whatever limits its channel has by now', async () => {
    const payment = await accept({ limitRevision: 7 }); // no such revision on this channel, as after a switch
    await dispatched(payment);
    await sql.query(`update attempts set answer_by = now() - interval '4 seconds' where payment_id = $1`, [payment.id]);
    await sql.query('insert into follow_ups (payment_id, next_action_at) values ($1, now())', [payment.id]);
    const due = await postgres.journal.takeDue(500, [60_000]);
    expect(due.find(({ paymentId }) => paymentId === payment.id)).toMatchObject({
      state: 'processing',
      answerOverdue: true,
    });
  });

  it('of a quiet channel is found also behind a crowd for another one', async () => {
    await Promise.all(Array.from({ length: 40 }, () => accept()));
    const other = { channelId: OTHER_CHANNEL, instrumentToken: OTHER_TOKEN };
    const payment = await accept(other);
    const found = await postgres.journal.findQueued([TEST_CHANNEL, OTHER_CHANNEL], 5);
    expect(found.filter(({ channelId }) => channelId === TEST_CHANNEL)).toHaveLength(5);
    expect(found).toContainEqual({ paymentId: payment.id, version: 1, channelId: OTHER_CHANNEL });
  });

  it('can be claimed from the journal while Redis is gone', async () => {
    const payment = await accept();
    const found = await postgres.journal.findQueued([TEST_CHANNEL], 1_000);
    expect(found).toContainEqual({ paymentId: payment.id, version: 1, channelId: TEST_CHANNEL });
  });
});

describe('a database that goes away', () => {
  it('leaves an acceptance undecided when the connection is cut in the middle, and the repeat finds it', async () => {
    const draft = draftOf();
    await sql.query('begin');
    // A row lock on the key's place: the insert waits in the server, so that the cut comes in the middle of the statement.
    await sql.query('lock table payments in access exclusive mode');
    const pending = postgres.journal.accept(draft);
    const waiting = `select pid from pg_stat_activity where application_name = 'spec' and wait_event_type = 'Lock' and datname = current_database()`;
    const watcher = new Client({ connectionString: database.url });
    await watcher.connect();
    let pids: { pid: number }[] = [];
    for (let tries = 0; tries < 100 && pids.length === 0; tries += 1)
      pids = (await watcher.query(waiting)).rows as { pid: number }[];
    for (const { pid } of pids) await watcher.query('select pg_terminate_backend($1)', [pid]);
    await watcher.end();
    await sql.query('rollback');
    expect(await pending).toMatchObject({ kind: 'indeterminate' });
    expect(valueOf(await postgres.journal.accept(draft)).payment.id).toBe(draft.id);
  });
});
