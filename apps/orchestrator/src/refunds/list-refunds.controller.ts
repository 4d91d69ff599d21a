/** GET /v1/payments/:id/refunds: all of them, newest first. */
import { Controller, Get, Inject, Req, UseGuards } from '@nestjs/common';
import { type RefundListResponse, renderRefund } from '#contracts';
import type { RefundJournal } from '#dispatch';
import { MerchantKey, merchantOf } from '../http/api-key.guard';
import type { HttpRequest } from '../http/exchange';
import { PaymentReader } from '../payments/payment-reader';
import { REFUNDS } from '../tokens';

@Controller()
export class ListRefundsController {
  constructor(
    private readonly reader: PaymentReader,
    @Inject(REFUNDS) private readonly refunds: RefundJournal,
  ) {}

  @Get('v1/payments/:id/refunds')
  @UseGuards(MerchantKey)
  async list(@Req() request: HttpRequest): Promise<RefundListResponse> {
    const payment = await this.reader.read(merchantOf(request), request.params.id ?? '');
    const refunds = await this.refunds.ofPayment(payment);
    return { object: 'list', data: refunds.map(renderRefund), has_more: false };
  }
}
