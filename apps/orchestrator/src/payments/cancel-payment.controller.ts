/** POST /v1/payments/:id/cancel: at once, or once the bank has closed its page. Canceling twice is canceling once, so no key is asked for. */
import { Controller, Post, Req, Res, UseGuards } from '@nestjs/common';
import { renderPayment } from '#contracts';
import { CancelPayment } from '#dispatch';
import { isPaymentId } from '#domain';
import { MerchantKey, merchantOf } from '../http/api-key.guard';
import type { HttpReply, HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';

@Controller()
export class CancelPaymentController {
  constructor(private readonly cancelPayment: CancelPayment) {}

  @Post('v1/payments/:id/cancel')
  @UseGuards(MerchantKey)
  async cancel(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const { id = '' } = request.params;
    if (!isPaymentId(id)) throw new ProblemError({ code: 'not_found' });
    const answer = await this.cancelPayment.cancel(merchantOf(request), id);
    if (answer.kind === 'refused') throw ProblemError.of(answer);
    reply.code(answer.kind === 'canceled' ? 200 : 202).send(renderPayment(answer.payment));
  }
}
