/** The body of `POST /v1/payments/{id}/refunds`. */
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Is, Nested, Optional } from '../input/field-decorators';
import { isDescription } from '../input/values';
import { AmountRequest } from '../payments/create-payment.request';

/** Money back to the payer. An empty object gives back all that is left. */
export class CreateRefundRequest {
  @Nested(() => AmountRequest, 'optional')
  @ApiPropertyOptional({
    type: () => AmountRequest,
    nullable: true,
    description: 'Part of the payment, in its currency. Left out: all that is left.',
  })
  amount?: AmountRequest | null;

  @Optional()
  @Is('description', isDescription)
  @ApiPropertyOptional({
    type: 'string',
    maxLength: 128,
    nullable: true,
    description: 'Yours: stored and given back, never interpreted.',
    example: '缺货退款',
  })
  reason?: string | null;
}
