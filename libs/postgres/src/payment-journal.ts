/** The port PaymentJournal over PostgreSQL: three batched writers, batched reads, and the sweeper's statements. */
import type {
  ChannelId,
  MerchantId,
  OperationKey,
  Payment,
  PaymentEvent,
  PaymentId,
  Transition,
  InstrumentToken,
} from '#domain';
import { JournalUnavailable } from '#dispatch';
import type {
  AcceptResult,
  ApplyResult,
  Commit,
  DispatchClaim,
  DispatchResult,
  DueWork,
  InquiryNote,
  KeyUse,
  PaymentDraft,
  PaymentJournal,
  PaymentPage,
  QueuedPayment,
} from '#dispatch';
import { setTimeout as pause } from 'node:timers/promises';
import type { Pool, QueryResult } from 'pg';
import { Batcher } from './batcher';
import { STATEMENT_TIMEOUT_MS, type WriterConnection } from './connection';
import { type Row, eventOf, paymentOf } from './payment-row';
import { acceptLane } from './statements/accept';
import { applyLane } from './statements/apply';
import { dispatchLane } from './statements/dispatch';
import { COLLECT, COLLECT_AGAIN, FIND_QUEUED, NEWEST_SEQ, NOTE_INQUIRY, TAKE_DUE } from './statements/follow-ups';
import {
  EVENTS,
  LIST,
  READ_BY_BANK_REFERENCE,
  READ_BY_KEYS,
  READ_BY_ORDER_NO,
  READ_MANY,
  SEQ_OF,
  FIND_OPERATION,
  KEYS_BUSY,
  TRIED_INSTRUMENTS,
} from './statements/read';
import { ReadGatherer } from './read-gatherer';
import { type Sighting, VisitLag } from './visit-lag';

export interface PaymentJournalParts {
  /** A new writer connection; each lane of each batcher owns one. */
  readonly connection: () => WriterConnection;
  readonly pool: Pool;
  readonly site: string;
  readonly monotonicMs: () => number;
}

/** Rows that may wait for a commit: at 4,000 a second two seconds' worth, about 20 MB. Beyond it callers hear `unavailable`. */
const WAITING_MAX = 8_000;
/** Two lanes, the second for full batches and slow commits. More make smaller batches, and the CPU is the bottleneck (stack.md F). */
const LANES = [0, 1];
export const ROWS_MAX = 128;
/** A caller waits for its acknowledgement: short. A worker's claim and outcome wait longer for bigger batches. */
const ACCEPT_LINGER_MS = 2;
const WORKER_LINGER_MS = 5;
/** Between two tries of an outcome while PostgreSQL is away, ms. */
const REPEAT_PAUSE_MS = 250;
/** Fresh payments visited in one statement: 20 ms of the server. */
const VISIT_MAX = 20_000;
/** Visited once more, every few minutes and at start: about ten seconds' worth at 4,000/s and ten times that on a quiet day. */
const VISIT_AGAIN = 50_000;
const VISIT_AGAIN_EVERY_MS = 5 * 60_000;
/** Above every `accepted_seq`: the largest bigint. */
const SEQ_BEYOND = '9223372036854775807';

type AskedKey = Pick<Payment, 'merchantId' | 'idempotencyKey'>;

/** Neither has spaces. */
function nameOfKey({ idempotencyKey, merchantId }: AskedKey): string {
  return `${merchantId} ${idempotencyKey}`;
}

export class PostgresPaymentJournal implements PaymentJournal {
  private readonly accepts: Batcher<PaymentDraft, AcceptResult>;
  private readonly dispatches: Batcher<DispatchClaim, DispatchResult>;
  private readonly transitions: Batcher<Transition, ApplyResult>;
  private readonly reads: ReadGatherer<PaymentId, Payment>;
  private readonly keys: ReadGatherer<AskedKey, Payment | 'in_progress'>;
  private readonly lag: VisitLag;
  private readonly connections: WriterConnection[] = [];
  private visitedAgainMs = -Infinity;

  constructor(private readonly parts: PaymentJournalParts) {
    const bounds = { sizeMax: ROWS_MAX, waitingMax: WAITING_MAX };
    this.accepts = new Batcher(
      LANES.map(() => acceptLane(this.connect())),
      { ...bounds, lingerMs: ACCEPT_LINGER_MS, keyOf: (draft) => `${draft.merchantId} ${draft.idempotencyKey}` },
    );
    this.dispatches = new Batcher(
      LANES.map(() => dispatchLane(this.connect(), parts.site)),
      { ...bounds, lingerMs: WORKER_LINGER_MS, keyOf: (claim) => claim.paymentId },
    );
    this.transitions = new Batcher(
      LANES.map(() => applyLane(this.connect())),
      { ...bounds, lingerMs: WORKER_LINGER_MS, keyOf: (transition) => transition.paymentId },
    );
    this.reads = new ReadGatherer(
      (id) => id,
      async (ids) => {
        const { rows } = await this.query(READ_MANY, [ids]);
        return new Map(rows.map(paymentOf).map((payment) => [payment.id, payment]));
      },
    );
    this.keys = new ReadGatherer(nameOfKey, (keys) => this.readKeys(keys));
    // A second more than a statement may take: by then a lower accepted_seq is committed or never will be.
    this.lag = new VisitLag(STATEMENT_TIMEOUT_MS + 1_000);
  }

  accept(draft: PaymentDraft): Promise<Commit<AcceptResult>> {
    return this.accepts.submit(draft);
  }

  dispatch(claim: DispatchClaim): Promise<Commit<DispatchResult>> {
    return this.dispatches.submit(claim);
  }

  async apply(transition: Transition, repeatForMs = 0): Promise<Commit<ApplyResult>> {
    const untilMs = this.parts.monotonicMs() + repeatForMs;
    for (;;) {
      const commit = await this.transitions.submit(transition);
      const away = commit.kind === 'not_committed' && commit.reason === 'unavailable';
      if (!away || this.parts.monotonicMs() >= untilMs) return commit;
      await pause(REPEAT_PAUSE_MS);
    }
  }

  read(id: PaymentId): Promise<Payment | null> {
    return this.reads.read(id);
  }

  findByKey(merchantId: MerchantId, idempotencyKey: string): Promise<Payment | 'in_progress' | null> {
    return this.keys.read({ merchantId, idempotencyKey });
  }

  async findOperation({ merchantId, operation, idempotencyKey }: OperationKey): Promise<KeyUse | null> {
    const { rows } = await this.query(FIND_OPERATION, [merchantId, operation, idempotencyKey]);
    const row = rows[0];
    return row ? { fingerprint: row['fingerprint']!, paymentId: row['payment_id']! } : null;
  }

  async triedInstruments(id: PaymentId): Promise<readonly InstrumentToken[]> {
    const { rows } = await this.query(TRIED_INSTRUMENTS, [id]);
    return rows.map((row) => row['instrument_token']!);
  }

  async findByOrderNo(merchantId: MerchantId, merchantOrderNo: string): Promise<Payment | null> {
    return this.one(READ_BY_ORDER_NO, [merchantId, merchantOrderNo]);
  }

  async readByBankReference(reference: string): Promise<Payment | null> {
    return this.one(READ_BY_BANK_REFERENCE, [reference]);
  }

  async list(merchantId: MerchantId, before: PaymentId | null, limit: number): Promise<PaymentPage> {
    let seq = SEQ_BEYOND;
    if (before !== null) {
      const { rows } = await this.query(SEQ_OF, [before, merchantId]);
      if (!rows[0]) return { payments: [], hasMore: false };
      seq = rows[0]['accepted_seq']!;
    }
    const { rows } = await this.query(LIST, [merchantId, seq, limit + 1]);
    return { payments: rows.slice(0, limit).map(paymentOf), hasMore: rows.length > limit };
  }

  async events(payment: Payment, after: number, limit: number): Promise<readonly PaymentEvent[]> {
    const { rows } = await this.query(EVENTS, [payment.id, after, payment.acceptedAt, limit]);
    return rows.map(eventOf);
  }

  async findQueued(channels: readonly ChannelId[], limit: number): Promise<readonly QueuedPayment[]> {
    const { rows } = await this.query({ name: 'find-queued', text: FIND_QUEUED }, [channels, limit]);
    return rows.map((row) => ({
      paymentId: row['payment_id']!,
      version: row['version']!,
      channelId: row['channel_id']!,
    }));
  }

  async collectUnfinished(): Promise<number> {
    const { monotonicMs } = this.parts;
    if (monotonicMs() - this.visitedAgainMs > VISIT_AGAIN_EVERY_MS) {
      await this.query({ name: 'collect-again', text: COLLECT_AGAIN }, [VISIT_AGAIN]);
      this.visitedAgainMs = monotonicMs();
    }
    const { rows } = await this.query({ name: 'newest-seq', text: NEWEST_SEQ }, []);
    const upto = this.lag.safeUpTo(rows[0] as unknown as Sighting, monotonicMs());
    if (upto === null) return 0;
    const collected = await this.query({ name: 'collect', text: COLLECT }, [upto, VISIT_MAX]);
    return Number(collected.rows[0]?.['entered'] ?? 0);
  }

  async takeDue(limit: number, scheduleMs: readonly number[]): Promise<readonly DueWork[]> {
    const { rows } = await this.query({ name: 'take-due', text: TAKE_DUE }, [limit, scheduleMs]);
    return rows.map((row) => ({
      paymentId: row['payment_id']!,
      version: row['version']!,
      state: row['state']!,
      channelId: row['channel_id']!,
      leg: row['leg']!,
      looks: row['looks']!,
      expired: row['expired']!,
      answerOverdue: row['answer_overdue']!,
    }));
  }

  async noteInquiry(note: InquiryNote): Promise<void> {
    const values = [note.paymentId, note.leg, note.notFoundAfterFence, note.lookAgainInMs];
    await this.query({ name: 'note-inquiry', text: NOTE_INQUIRY }, values);
  }

  async close(): Promise<void> {
    await Promise.all(this.connections.map((connection) => connection.close()));
  }

  /** A key whose commit is under way is in progress, also where it is there already: its caller may be answered in a moment. */
  private async readKeys(keys: readonly AskedKey[]): Promise<ReadonlyMap<string, Payment | 'in_progress'>> {
    const values = [keys.map(({ merchantId }) => merchantId), keys.map(({ idempotencyKey }) => idempotencyKey)];
    const busy = await this.query(KEYS_BUSY, values);
    const known = await this.query(READ_BY_KEYS, values);
    const found = new Map<string, Payment | 'in_progress'>();
    for (const payment of known.rows.map(paymentOf)) found.set(nameOfKey(payment), payment);
    for (const row of busy.rows) found.set(nameOfKey(keys[row['position']!]!), 'in_progress');
    return found;
  }

  private connect(): WriterConnection {
    const connection = this.parts.connection();
    this.connections.push(connection);
    return connection;
  }

  private async one(statement: { name: string; text: string }, values: unknown[]): Promise<Payment | null> {
    const { rows } = await this.query(statement, values);
    return rows[0] ? paymentOf(rows[0]) : null;
  }

  private async query(statement: { name: string; text: string }, values: unknown[]): Promise<QueryResult<Row>> {
    try {
      return await this.parts.pool.query<Row>({ ...statement, values });
    } catch (error) {
      throw new JournalUnavailable(error instanceof Error ? error.message : String(error));
    }
  }
}
