/** GET /v1/payments: a page, newest first, or the one with that order number. */
import { Controller, Get, Inject, Req, UseGuards } from '@nestjs/common';
import {
  LIST_LIMIT_DEFAULT,
  ListPaymentsQuery,
  type PaymentListResponse,
  renderPayment,
  validatorOf,
} from '#contracts';
import type { PaymentJournal } from '#dispatch';
import type { PaymentId } from '#domain';
import { MerchantKey, merchantOf } from '../http/api-key.guard';
import type { HttpRequest } from '../http/exchange';
import { readQuery } from '../http/read-query';
import { JOURNAL } from '../tokens';

const errorsOf = validatorOf(ListPaymentsQuery);

@Controller()
export class ListPaymentsController {
  constructor(@Inject(JOURNAL) private readonly journal: PaymentJournal) {}

  @Get('v1/payments')
  @UseGuards(MerchantKey)
  async list(@Req() request: HttpRequest): Promise<PaymentListResponse> {
    const merchantId = merchantOf(request);
    const { merchant_order_no, starting_after, limit } = readQuery<ListPaymentsQuery>(request, errorsOf);
    if (merchant_order_no !== undefined) {
      const found = await this.journal.findByOrderNo(merchantId, merchant_order_no);
      return { object: 'list', data: found ? [renderPayment(found)] : [], has_more: false };
    }
    const before = (starting_after ?? null) as PaymentId | null;
    const page = await this.journal.list(merchantId, before, limit === undefined ? LIST_LIMIT_DEFAULT : Number(limit));
    return { object: 'list', data: page.payments.map(renderPayment), has_more: page.hasMore };
  }
}
