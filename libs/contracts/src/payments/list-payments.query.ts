/** The query of `GET /v1/payments`: everything is text there. */
import { isPaymentId } from '#domain';
import { Is, Optional } from '../input/field-decorators';
import { matches } from '../input/values';

export const LIST_LIMIT_DEFAULT = 20;

export class ListPaymentsQuery {
  @Optional()
  @Is('limit', matches(/^(?:[1-9][0-9]?|100)$/))
  limit?: string;

  @Optional()
  @Is('starting_after', (value) => typeof value === 'string' && isPaymentId(value))
  starting_after?: string;

  @Optional()
  @Is('merchant_order_no', matches(/^[A-Za-z0-9_.:-]{1,64}$/))
  merchant_order_no?: string;
}
