import { Body, Controller, Get, Headers, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { CreatePaymentDto } from './create-payment.dto';
import type { PaymentView } from './payment';
import { PaymentsService } from './payments.service';

const WAIT_MAX_S = 10;

@Controller('v1/payments')
export class PaymentsController {
  constructor(private readonly payments: PaymentsService) {}

  @Post()
  @HttpCode(202)
  create(@Body() payment: CreatePaymentDto): Promise<PaymentView> {
    return this.payments.create(payment);
  }

  @Get(':id')
  find(@Param('id', ParseUUIDPipe) id: string, @Headers('prefer') prefer = ''): Promise<PaymentView> {
    const seconds = Number(/^wait=([0-9]+)$/.exec(prefer)?.[1] ?? 0);
    return this.payments.find(id, Math.min(seconds, WAIT_MAX_S) * 1_000);
  }
}
