/** The body of `POST /v1/payments/{id}/switch`. */
import { ApiProperty } from '@nestjs/swagger';
import { Nested } from '../input/field-decorators';
import { PaymentMethodRequest } from './create-payment.request';

/** The payer's new choice, for the same order and the same amount. */
export class SwitchPaymentRequest {
  @Nested(() => PaymentMethodRequest, 'required')
  @ApiProperty({ type: () => PaymentMethodRequest })
  payment_method: PaymentMethodRequest;
}
