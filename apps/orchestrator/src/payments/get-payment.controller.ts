/** GET /v1/payments/:id, at once or as soon as there is something worth saying. */
import { Controller, Get, Inject, Req, Res, UseGuards } from '@nestjs/common';
import { type PaymentResponse, renderPaymentInQueue } from '#contracts';
import { type FlowView, placeInQueue } from '#dispatch';
import { type Payment, type PaymentState, isFinal } from '#domain';
import { systemClock } from '#runtime';
import { MerchantKey, merchantOf } from '../http/api-key.guard';
import type { HttpReply, HttpRequest } from '../http/exchange';
import { FLOW } from '../tokens';
import { FreshPayments } from '../watch/fresh-payments';
import { PaymentWaits } from '../watch/payment-waits';
import { PaymentReader } from './payment-reader';
import { waitSeconds } from './prefer';

@Controller()
export class GetPaymentController {
  constructor(
    private readonly reader: PaymentReader,
    private readonly waits: PaymentWaits,
    private readonly fresh: FreshPayments,
    @Inject(FLOW) private readonly flow: FlowView,
  ) {}

  @Get('v1/payments/:id')
  @UseGuards(MerchantKey)
  async get(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const seconds = waitSeconds(request.headers.prefer);
    const merchantId = merchantOf(request);
    const { id = '' } = request.params;
    const read = () => this.reader.read(merchantId, id);
    if (seconds === null) {
      reply.send(this.render(await read()));
      return;
    }
    const payment = await this.waits.until({
      id,
      read,
      enough: worthSaying,
      knownQueued: () => this.fresh.isQueued(merchantId, id),
      patienceMs: seconds * 1_000,
      onGone: (left) => reply.raw.once('close', left),
    });
    reply.header('Preference-Applied', `wait=${seconds}`).send(this.render(payment));
  }

  private render(payment: Payment): PaymentResponse {
    return renderPaymentInQueue(payment, placeInQueue(payment, this.flow, systemClock.epochMs()));
  }
}

/** Final, or the payer has to do something. */
export function worthSaying(state: PaymentState): boolean {
  return isFinal(state) || state === 'requires_action' || state === 'requires_payment_method';
}
