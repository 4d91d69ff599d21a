/** POST /v1/payments/:id/refunds: the answer is 202 once the refund is durable. */
import { Controller, Post, Req, Res, UseGuards } from '@nestjs/common';
import { CreateRefundRequest, canonicalJson, renderAsRequested, validatorOf } from '#contracts';
import { RequestRefund } from '#dispatch';
import { isPaymentId } from '#domain';
import { sha256Hex } from '#runtime';
import { MerchantKey, merchantOf } from '../http/api-key.guard';
import type { HttpReply, HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';
import { readIdempotencyKey } from '../http/read-idempotency-key';
import { readJson } from '../http/read-json';

const errorsOf = validatorOf(CreateRefundRequest);

@Controller()
export class CreateRefundController {
  constructor(private readonly requestRefund: RequestRefund) {}

  @Post('v1/payments/:id/refunds')
  @UseGuards(MerchantKey)
  async create(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const { id = '' } = request.params;
    if (!isPaymentId(id)) throw new ProblemError({ code: 'not_found' });
    const idempotencyKey = readIdempotencyKey(request);
    const json = readJson(request);
    const errors = errorsOf(json);
    if (errors.length > 0) throw ProblemError.about('parameter_invalid', errors);
    const { amount, reason } = json as unknown as CreateRefundRequest;
    const answer = await this.requestRefund.request({
      merchantId: merchantOf(request),
      paymentId: id,
      idempotencyKey,
      // The payment is part of what the key stands for.
      fingerprint: sha256Hex(`${id} ${canonicalJson(json)}`),
      amount: amount ? { value: amount.value, currency: amount.currency } : null,
      reason: reason ?? null,
    });
    if (answer.kind === 'refused') throw ProblemError.of(answer);
    if (answer.replayed) reply.header('Idempotent-Replayed', 'true');
    reply.code(202).header('Location', `/v1/refunds/${answer.refund.id}`).send(renderAsRequested(answer.refund));
  }
}
