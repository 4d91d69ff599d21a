/** The port ReversalJournal over PostgreSQL. */
import { JournalUnavailable } from '#dispatch';
import type { CareShare, ReversalJournal } from '#dispatch';
import type { PaymentId, Reversal } from '#domain';
import type { Pool } from 'pg';
import type { Statement } from './connection';
import type { Row } from './payment-row';
import { sharesInput } from './refund-journal';
import { reversalOf } from './refund-row';
import {
  DOUBT_REVERSAL,
  FIND_REVERSAL,
  POSTPONE_REVERSAL,
  TAKE_DUE_REVERSALS,
  TRUST_REVERSAL,
} from './statements/reversals';

export class PostgresReversalJournal implements ReversalJournal {
  constructor(private readonly pool: Pool) {}

  async find(paymentId: PaymentId, leg: number): Promise<Reversal | null> {
    const rows = await this.query(FIND_REVERSAL, [paymentId, leg]);
    return rows[0] ? reversalOf(rows[0]) : null;
  }

  async takeDue(shares: readonly CareShare[]): Promise<readonly Reversal[]> {
    return (await this.query(TAKE_DUE_REVERSALS, [sharesInput(shares)])).map(reversalOf);
  }

  async postpone(reversal: Reversal, lookAgainInMs: number): Promise<void> {
    await this.query(POSTPONE_REVERSAL, [reversal.paymentId, reversal.leg, reversal.state, lookAgainInMs]);
  }

  async doubt(paymentId: PaymentId, leg: number): Promise<void> {
    await this.query(DOUBT_REVERSAL, [paymentId, leg]);
  }

  async trust(reversal: Reversal): Promise<void> {
    await this.query(TRUST_REVERSAL, [reversal.paymentId, reversal.leg, reversal.doubtedAt]);
  }

  private async query(statement: Statement, values: unknown[]): Promise<Row[]> {
    try {
      return (await this.pool.query<Row>({ ...statement, values })).rows;
    } catch (error) {
      throw new JournalUnavailable(error instanceof Error ? error.message : String(error));
    }
  }
}
