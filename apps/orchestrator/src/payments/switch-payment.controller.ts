/** POST /v1/payments/:id/switch: the payer takes another instrument, while nothing is at a bank. */
import { Controller, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import { SwitchPaymentRequest, renderPaymentInQueue, validatorOf } from '#contracts';
import { type FlowView, SwitchPayment, placeInQueue } from '#dispatch';
import type { InstrumentToken } from '#domain';
import { systemClock } from '#runtime';
import { ChannelNames } from '../channels/channel-names';
import { MerchantKey } from '../http/api-key.guard';
import type { HttpReply, HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';
import { readPaymentOperation } from '../http/read-payment-operation';
import { FLOW } from '../tokens';

const errorsOf = validatorOf(SwitchPaymentRequest);

@Controller()
export class SwitchPaymentController {
  constructor(
    private readonly switchPayment: SwitchPayment,
    private readonly names: ChannelNames,
    @Inject(FLOW) private readonly flow: FlowView,
  ) {}

  @Post('v1/payments/:id/switch')
  @UseGuards(MerchantKey)
  async switch(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const { body, ...operation } = readPaymentOperation<SwitchPaymentRequest>(request, errorsOf);
    const token = body.payment_method.token as InstrumentToken;
    const answer = await this.switchPayment.switch({ ...operation, token, suggestionId: body.suggestion_id ?? null });
    if (answer.kind === 'refused') throw ProblemError.of(answer, this.names.nameOf);
    if (answer.replayed) reply.header('Idempotent-Replayed', 'true');
    const place = placeInQueue(answer.payment, this.flow, systemClock.epochMs());
    reply.code(200).send(renderPaymentInQueue(answer.payment, place));
  }
}
