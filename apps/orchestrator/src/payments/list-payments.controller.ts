/** GET /v1/payments: a page, newest first, or the one with that order number. */
import { Controller, Get, Inject, Req, UseGuards } from '@nestjs/common';
import {
  LIST_LIMIT_DEFAULT,
  ListPaymentsQuery,
  type PaymentListResponse,
  isCardNumberInIdentifier,
  renderPayment,
  validatorOf,
} from '#contracts';
import type { PaymentJournal } from '#dispatch';
import type { PaymentId } from '#domain';
import { MerchantKey, merchantOf } from '../http/api-key.guard';
import type { HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';
import { JOURNAL } from '../tokens';

const errorsOf = validatorOf(ListPaymentsQuery);

@Controller()
export class ListPaymentsController {
  constructor(@Inject(JOURNAL) private readonly journal: PaymentJournal) {}

  @Get('v1/payments')
  @UseGuards(MerchantKey)
  async list(@Req() request: HttpRequest): Promise<PaymentListResponse> {
    const merchantId = merchantOf(request);
    const { merchant_order_no, starting_after, limit } = readQuery(request);
    if (merchant_order_no !== undefined) {
      const found = await this.journal.findByOrderNo(merchantId, merchant_order_no);
      return { object: 'list', data: found ? [renderPayment(found)] : [], has_more: false };
    }
    const before = (starting_after ?? null) as PaymentId | null;
    const page = await this.journal.list(merchantId, before, limit === undefined ? LIST_LIMIT_DEFAULT : Number(limit));
    return { object: 'list', data: page.payments.map(renderPayment), has_more: page.hasMore };
  }
}

function readQuery({ query }: HttpRequest): ListPaymentsQuery {
  // The query parser's object has no prototype; a copy of its own keys has one and nothing more.
  const given: Record<string, unknown> = { ...query };
  const cardNumber = Object.entries(given).find(([, value]) => isCardNumberInIdentifier(String(value)));
  if (cardNumber) {
    throw ProblemError.about('card_number_forbidden', [{ pointer: `/${cardNumber[0]}`, code: 'card_number' }]);
  }
  const errors = errorsOf(given);
  if (errors.length > 0) throw ProblemError.about('parameter_invalid', errors);
  return given as unknown as ListPaymentsQuery;
}
