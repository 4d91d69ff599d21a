/** GET /v1/payments/:id, at once or as soon as there is something worth saying. */
import { Controller, Get, Req, Res, UseGuards } from '@nestjs/common';
import { renderPayment } from '#contracts';
import { type Payment, isFinal } from '#domain';
import { MerchantKey, merchantOf } from '../http/api-key.guard';
import type { HttpReply, HttpRequest } from '../http/exchange';
import { PaymentWaits } from '../watch/payment-waits';
import { PaymentReader } from './payment-reader';
import { waitSeconds } from './prefer';

@Controller()
export class GetPaymentController {
  constructor(
    private readonly reader: PaymentReader,
    private readonly waits: PaymentWaits,
  ) {}

  @Get('v1/payments/:id')
  @UseGuards(MerchantKey)
  async get(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const seconds = waitSeconds(request.headers.prefer);
    const merchantId = merchantOf(request);
    const read = () => this.reader.read(merchantId, request.params.id ?? '');
    if (seconds === null) {
      reply.send(renderPayment(await read()));
      return;
    }
    const gone = (left: () => void) => reply.raw.once('close', left);
    const payment = await this.waits.until(request.params.id ?? '', read, worthSaying, seconds * 1_000, gone);
    reply.header('Preference-Applied', `wait=${seconds}`).send(renderPayment(payment));
  }
}

/** Final, or the payer has to do something. */
export function worthSaying({ head }: Payment): boolean {
  return isFinal(head.state) || head.state === 'requires_action' || head.state === 'requires_payment_method';
}
