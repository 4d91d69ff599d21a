import { randomUUID } from 'node:crypto';
import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import type { CreatePaymentDto } from './create-payment.dto';
import { DatabaseService } from './database.service';
import { type Payment, type PaymentView, viewOf } from './payment';
import { PaymentsQueue } from './payments.queue';

const UNIQUE_VIOLATION = '23505';

@Injectable()
export class PaymentsService {
  constructor(
    private readonly database: DatabaseService,
    private readonly queue: PaymentsQueue,
  ) {}

  async create({ amount, merchant_order_no, payment_method }: CreatePaymentDto): Promise<PaymentView> {
    const payment: Payment = {
      id: randomUUID(),
      order_no: merchant_order_no,
      amount: amount.value,
      currency: amount.currency,
      token: payment_method.token,
      status: 'queued',
    };
    try {
      await this.database.insert(payment);
    } catch (error) {
      if ((error as { code?: string }).code === UNIQUE_VIOLATION) throw new ConflictException('order number exists');
      throw error;
    }
    await this.queue.add(payment);
    return viewOf(payment);
  }

  /** @param waitMs how long the caller would wait for the payment's end */
  async find(id: string, waitMs: number): Promise<PaymentView> {
    if (waitMs > 0) await this.queue.waitFor(id, waitMs);
    const payment = await this.database.find(id);
    if (!payment) throw new NotFoundException();
    return viewOf(payment);
  }
}
