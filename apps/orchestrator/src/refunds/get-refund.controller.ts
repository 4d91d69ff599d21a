/** GET /v1/refunds/:id. */
import { Controller, Get, Inject, Req, UseGuards } from '@nestjs/common';
import { type RefundResponse, renderRefund } from '#contracts';
import type { RefundJournal } from '#dispatch';
import { isRefundId } from '#domain';
import { MerchantKey, merchantOf } from '../http/api-key.guard';
import type { HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';
import { REFUNDS } from '../tokens';

@Controller()
export class GetRefundController {
  constructor(@Inject(REFUNDS) private readonly refunds: RefundJournal) {}

  @Get('v1/refunds/:id')
  @UseGuards(MerchantKey)
  async get(@Req() request: HttpRequest): Promise<RefundResponse> {
    const { id = '' } = request.params;
    const refund = isRefundId(id) ? await this.refunds.read(id) : null;
    // Somebody else's refund is no refund: whether it exists is not told.
    if (refund?.merchantId !== merchantOf(request)) throw new ProblemError({ code: 'not_found' });
    return renderRefund(refund);
  }
}
