/** The port RefundJournal over PostgreSQL. */
import { JournalUnavailable } from '#dispatch';
import type {
  CareShare,
  Commit,
  RefundClaim,
  RefundDraft,
  RefundJournal,
  RefundMove,
  RefundRequested,
} from '#dispatch';
import type { MerchantId, Payment, Refund, RefundId, RefundState } from '#domain';
import type { Pool } from 'pg';
import { Batcher } from './batcher';
import type { Statement, WriterConnection } from './connection';
import type { Row } from './payment-row';
import { refundOf } from './refund-row';
import {
  DISPATCH_REFUND,
  FIND_REFUND_BY_KEY,
  MOVE_REFUND,
  POSTPONE_REFUND,
  READ_REFUND,
  READ_REFUND_BY_BANK_REFERENCE,
  REFUNDS_OF_PAYMENT,
  REQUEST_REFUND,
  TAKE_DUE_REFUNDS,
} from './statements/refunds';

/** Statements that may wait for the connection: at a thousand a second one second's worth. */
const WAITING_MAX = 1_000;

/** One statement with its values, to be committed by itself. */
interface Write {
  readonly statement: Statement;
  readonly values: readonly unknown[];
}

export class PostgresRefundJournal implements RefundJournal {
  /** One connection, one statement at a time: the fate of each commit is known by itself. */
  private readonly writes: Batcher<Write, Row[]>;

  constructor(
    private readonly connection: WriterConnection,
    private readonly pool: Pool,
    private readonly site: string,
  ) {
    const lane = {
      run: async (writes: readonly Write[]) => {
        const rows: Row[][] = [];
        for (const { statement, values } of writes) rows.push((await connection.run(statement, values)).rows as Row[]);
        return rows;
      },
    };
    this.writes = new Batcher([lane], { sizeMax: 1, lingerMs: 0, waitingMax: WAITING_MAX, keyOf: () => '' });
  }

  async request(draft: RefundDraft): Promise<Commit<RefundRequested>> {
    const { id, paymentId, merchantId, idempotencyKey, fingerprint, amountMinor, bankReference, reason } = draft;
    const values = [id, paymentId, merchantId, idempotencyKey, fingerprint, amountMinor, bankReference, reason];
    const commit = await this.writes.submit({ statement: REQUEST_REFUND, values });
    if (commit.kind === 'indeterminate') return commit;
    const taken = commit.kind === 'not_committed' && commit.reason === 'rejected';
    if (commit.kind === 'not_committed' && !taken) return commit;
    if (commit.kind === 'committed' && commit.value[0]) {
      return { kind: 'committed', value: { outcome: 'inserted', refund: refundOf(commit.value[0]) } };
    }
    // Not inserted. In a statement of its own, since a row that another connection has just committed is not in the one above.
    const existing = await this.findByKey(merchantId, idempotencyKey);
    if (existing) return { kind: 'committed', value: { outcome: 'exists', refund: existing } };
    return taken ? commit : { kind: 'committed', value: { outcome: 'refused' } };
  }

  async dispatch(claim: RefundClaim): Promise<Commit<Refund | null>> {
    const { refund, dispatchToken, epochs, lookAgainInMs } = claim;
    const values = [refund.id, refund.version, dispatchToken, this.site, epochs[refund.shard] ?? 0, lookAgainInMs];
    const commit = await this.writes.submit({ statement: DISPATCH_REFUND, values });
    if (commit.kind !== 'committed') return commit;
    return { kind: 'committed', value: commit.value[0] ? refundOf(commit.value[0]) : null };
  }

  async move(move: RefundMove): Promise<Commit<boolean>> {
    const { refund, to, dispatchToken, bankTransactionId, bankCode, bankMessage, why, lookAgainInMs } = move;
    const words = [bankTransactionId ?? null, bankCode ?? null, bankMessage ?? null, why];
    const change = [sumChange(refund, to), eventOf(refund, to)];
    const values = [refund.id, refund.version, to, dispatchToken ?? null, ...words, lookAgainInMs, ...change];
    const commit = await this.writes.submit({ statement: MOVE_REFUND, values });
    return commit.kind === 'committed' ? { kind: 'committed', value: commit.value.length > 0 } : commit;
  }

  async findByKey(merchantId: MerchantId, idempotencyKey: string): Promise<Refund | null> {
    return (await this.query(FIND_REFUND_BY_KEY, [merchantId, idempotencyKey]))[0] ?? null;
  }

  async read(id: RefundId): Promise<Refund | null> {
    return (await this.query(READ_REFUND, [id]))[0] ?? null;
  }

  async readByBankReference(reference: string): Promise<Refund | null> {
    return (await this.query(READ_REFUND_BY_BANK_REFERENCE, [reference]))[0] ?? null;
  }

  async ofPayment(payment: Payment): Promise<readonly Refund[]> {
    return this.query(REFUNDS_OF_PAYMENT, [payment.id]);
  }

  async takeDue(shares: readonly CareShare[]): Promise<readonly Refund[]> {
    return this.query(TAKE_DUE_REFUNDS, [sharesInput(shares)]);
  }

  async postpone(refund: Refund, lookAgainInMs: number): Promise<void> {
    await this.query(POSTPONE_REFUND, [refund.id, refund.version, lookAgainInMs]);
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  private async query(statement: Statement, values: unknown[]): Promise<Refund[]> {
    try {
      return (await this.pool.query<Row>({ ...statement, values })).rows.map(refundOf);
    } catch (error) {
      throw new JournalUnavailable(error instanceof Error ? error.message : String(error));
    }
  }
}

/** What channels can take, as the statements read it. */
export function sharesInput(shares: readonly CareShare[]): string {
  return JSON.stringify(
    shares.map(({ channelId, free, leaseMs }) => ({ channel_id: channelId, free, lease_ms: leaseMs })),
  );
}

/** The sum of a merchant's refunds falls with the bank's final no, and rises again if the bank gives it back all the same. */
function sumChange({ kind, state, amount }: Refund, to: RefundState): number {
  if (kind !== 'merchant') return 0;
  if (to === 'declined') return -amount.value;
  return state === 'declined' && to === 'succeeded' ? amount.value : 0;
}

/** Merchants hear of outcomes, and once that one is not known; not of what is only sent again. */
function eventOf(refund: Refund, to: RefundState): string | null {
  if (to === 'unknown') return refund.doubtSince === null ? 'refund.unknown' : null;
  return to === 'succeeded' || to === 'declined' ? `refund.${to}` : null;
}
