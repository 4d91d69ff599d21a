import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Pool } from 'pg';
import type { Payment, PaymentStatus } from './payment';

@Injectable()
export class DatabaseService implements OnModuleDestroy {
  private readonly pool = new Pool({ connectionString: process.env['DATABASE_URL'], max: 20 });

  async insert(payment: Payment): Promise<void> {
    const { id, order_no, amount, currency, token, status } = payment;
    await this.pool.query(
      'INSERT INTO payments (id, order_no, amount, currency, token, status) VALUES ($1, $2, $3, $4, $5, $6)',
      [id, order_no, amount, currency, token, status],
    );
  }

  async find(id: string): Promise<Payment | undefined> {
    const { rows } = await this.pool.query<Payment>('SELECT * FROM payments WHERE id = $1', [id]);
    return rows[0];
  }

  async setStatus(id: string, status: PaymentStatus, bankTransactionId: string | null = null): Promise<void> {
    await this.pool.query(
      'UPDATE payments SET status = $2, bank_transaction_id = $3, updated_at = now() WHERE id = $1',
      [id, status, bankTransactionId],
    );
  }

  async onModuleDestroy(): Promise<void> {
    await this.pool.end();
  }
}
