import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { type Job, Worker } from 'bullmq';
import { BankClient } from './bank.client';
import { DatabaseService } from './database.service';
import type { Payment } from './payment';
import { PAYMENTS_QUEUE } from './queue-name';

/** Enough that the banks' answer time is never what holds it up. */
const CONCURRENCY = 100;

@Injectable()
export class PaymentsProcessor implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(PaymentsProcessor.name);
  private worker: Worker<Payment>;

  constructor(
    private readonly database: DatabaseService,
    private readonly bank: BankClient,
  ) {}

  onModuleInit(): void {
    this.worker = new Worker<Payment>(PAYMENTS_QUEUE, (job) => this.process(job), {
      connection: { url: process.env['REDIS_URL'], maxRetriesPerRequest: null },
      concurrency: CONCURRENCY,
    });
    this.worker.on('failed', (job, error) => this.logger.error(`Payment ${job?.id} failed: ${error.message}`));
  }

  private async process({ data: payment }: Job<Payment>): Promise<void> {
    await this.database.setStatus(payment.id, 'processing');
    try {
      const { bank_transaction_id, result } = await this.bank.charge(payment);
      if (result === 'OK') await this.database.setStatus(payment.id, 'succeeded', bank_transaction_id);
      else await this.database.setStatus(payment.id, 'failed');
    } catch (error) {
      await this.database.setStatus(payment.id, 'failed');
      throw error;
    }
  }

  async onModuleDestroy(): Promise<void> {
    await this.worker.close();
  }
}
