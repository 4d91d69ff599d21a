/** POST /v1/payments/:id/switch: the payer takes another instrument, while nothing is at a bank. */
import { Controller, Post, Req, Res, UseGuards } from '@nestjs/common';
import { SwitchPaymentRequest, canonicalJson, renderPayment, validatorOf } from '#contracts';
import { SwitchPayment } from '#dispatch';
import { type InstrumentToken, isPaymentId } from '#domain';
import { sha256Hex } from '#runtime';
import { MerchantKey, merchantOf } from '../http/api-key.guard';
import type { HttpReply, HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';
import { readIdempotencyKey } from '../http/read-idempotency-key';
import { readJson } from '../http/read-json';

const errorsOf = validatorOf(SwitchPaymentRequest);

@Controller()
export class SwitchPaymentController {
  constructor(private readonly switchPayment: SwitchPayment) {}

  @Post('v1/payments/:id/switch')
  @UseGuards(MerchantKey)
  async switch(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const { id = '' } = request.params;
    if (!isPaymentId(id)) throw new ProblemError({ code: 'not_found' });
    const idempotencyKey = readIdempotencyKey(request);
    const json = readJson(request);
    const errors = errorsOf(json);
    if (errors.length > 0) throw ProblemError.about('parameter_invalid', errors);
    const body = json as unknown as SwitchPaymentRequest;
    const answer = await this.switchPayment.switch({
      merchantId: merchantOf(request),
      paymentId: id,
      token: body.payment_method.token as InstrumentToken,
      idempotencyKey,
      // The payment is part of what the key stands for.
      fingerprint: sha256Hex(`${id} ${canonicalJson(json)}`),
    });
    if (answer.kind === 'refused') throw ProblemError.of(answer);
    if (answer.replayed) reply.header('Idempotent-Replayed', 'true');
    reply.code(200).send(renderPayment(answer.payment));
  }
}
