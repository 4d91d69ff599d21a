/** POST /v1/payments/:id/cancel: while nothing is at a bank. Canceling twice is canceling once, so no key is asked for. */
import { Controller, HttpCode, Post, Req, UseGuards } from '@nestjs/common';
import { type PaymentResponse, renderPayment } from '#contracts';
import { CancelPayment } from '#dispatch';
import { isPaymentId } from '#domain';
import { MerchantKey, merchantOf } from '../http/api-key.guard';
import type { HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';

@Controller()
export class CancelPaymentController {
  constructor(private readonly cancelPayment: CancelPayment) {}

  @Post('v1/payments/:id/cancel')
  @HttpCode(200)
  @UseGuards(MerchantKey)
  async cancel(@Req() request: HttpRequest): Promise<PaymentResponse> {
    const { id = '' } = request.params;
    if (!isPaymentId(id)) throw new ProblemError({ code: 'not_found' });
    const answer = await this.cancelPayment.cancel(merchantOf(request), id);
    if (answer.kind === 'refused') throw ProblemError.of(answer);
    return renderPayment(answer.payment);
  }
}
