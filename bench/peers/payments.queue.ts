import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Queue, QueueEvents } from 'bullmq';
import type { Payment } from './payment';
import { PAYMENTS_QUEUE } from './queue-name';

/** Finished jobs are kept for a while, so that somebody who waits for one finds it. */
const KEEP = { removeOnComplete: 1_000, removeOnFail: 1_000 };

@Injectable()
export class PaymentsQueue implements OnModuleDestroy {
  private readonly connection = { url: process.env['REDIS_URL'] };
  private readonly queue = new Queue<Payment>(PAYMENTS_QUEUE, { connection: this.connection });
  private readonly events = new QueueEvents(PAYMENTS_QUEUE, { connection: this.connection });

  constructor() {
    // One listener for each payment that is waited for.
    this.events.setMaxListeners(0);
  }

  async add(payment: Payment): Promise<void> {
    await this.queue.add('charge', payment, { jobId: payment.id, ...KEEP });
  }

  /** Returns when the job has ended, however it ended, or after `ms`. */
  async waitFor(id: string, ms: number): Promise<void> {
    const job = await this.queue.getJob(id);
    await job?.waitUntilFinished(this.events, ms).catch(() => undefined);
  }

  async onModuleDestroy(): Promise<void> {
    await this.events.close();
    await this.queue.close();
  }
}
