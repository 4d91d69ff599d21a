/** POST /v1/payments/:id/refunds: the answer is 202 once the refund is durable. */
import { Controller, Post, Req, Res, UseGuards } from '@nestjs/common';
import { CreateRefundRequest, renderAsRequested, validatorOf } from '#contracts';
import { RequestRefund } from '#dispatch';
import { MerchantKey } from '../http/api-key.guard';
import type { HttpReply, HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';
import { readPaymentOperation } from '../http/read-payment-operation';

const errorsOf = validatorOf(CreateRefundRequest);

@Controller()
export class CreateRefundController {
  constructor(private readonly requestRefund: RequestRefund) {}

  @Post('v1/payments/:id/refunds')
  @UseGuards(MerchantKey)
  async create(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const { body, ...operation } = readPaymentOperation<CreateRefundRequest>(request, errorsOf);
    const { amount, reason } = body;
    const answer = await this.requestRefund.request({
      ...operation,
      amount: amount ? { value: amount.value, currency: amount.currency } : null,
      reason: reason ?? null,
    });
    if (answer.kind === 'refused') throw ProblemError.of(answer);
    if (answer.replayed) reply.header('Idempotent-Replayed', 'true');
    reply.code(202).header('Location', `/v1/refunds/${answer.refund.id}`).send(renderAsRequested(answer.refund));
  }
}
