/** The body of `POST /v1/payments/{id}/switch`. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Is, Nested, Optional } from '../input/field-decorators';
import { matches } from '../input/values';
import { EXAMPLE_SUGGESTION_ID, PaymentMethodRequest, SUGGESTION_ID } from './create-payment.request';

/** The payer's new choice, for the same order and the same amount. */
export class SwitchPaymentRequest {
  @Nested(() => PaymentMethodRequest, 'required')
  @ApiProperty({ type: () => PaymentMethodRequest })
  payment_method: PaymentMethodRequest;

  @Optional()
  @Is('suggestion_id', matches(SUGGESTION_ID))
  @ApiPropertyOptional({
    type: 'string',
    pattern: SUGGESTION_ID.source,
    nullable: true,
    description:
      'The suggestion that is taken: its headroom is held, so the payment is let in past the queue’s bounds.',
    example: EXAMPLE_SUGGESTION_ID,
  })
  suggestion_id?: string | null;
}
