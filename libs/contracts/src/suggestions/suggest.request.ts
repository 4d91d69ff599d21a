/** The body of `POST /v1/suggestions`: the payment one is about to post, without the rest. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Is, Nested, Optional, Required } from '../input/field-decorators';
import type { FieldError } from '../input/validate';
import { isWholeNumber, matches } from '../input/values';
import { AmountRequest, MAX_WAIT_MS, ORDER_NO, PAYER_ID, TOKEN } from '../payments/create-payment.request';

/** As many as a payment takes: the choice and seven others. */
const INSTRUMENTS_MAX = 8;

export class SuggestRequest {
  @Required()
  @Is('merchant_order_no', matches(ORDER_NO))
  @ApiProperty({
    type: 'string',
    pattern: ORDER_NO.source,
    description: 'The order that is about to be paid. What is offered holds for it alone; asking again replaces it.',
    example: 'D11-000001',
  })
  merchant_order_no: string;

  @Nested(() => AmountRequest, 'required')
  @ApiProperty({ type: () => AmountRequest })
  amount: AmountRequest;

  @Optional()
  @Is('instruments', (value) => isDistinctList(value, INSTRUMENTS_MAX) && (value as readonly unknown[]).length > 0)
  @Is('instrument_token', matches(TOKEN), true)
  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', pattern: TOKEN.source },
    minItems: 1,
    maxItems: INSTRUMENTS_MAX,
    uniqueItems: true,
    nullable: true,
    description: 'The payer’s instruments, the preferred one first. Left out: those stored for `payer_id`.',
    example: ['tok_icbc_quickpay_ok', 'tok_ccb_quickpay_ok'],
  })
  instruments?: string[] | null;

  @Optional()
  @Is('payer_id', matches(PAYER_ID))
  @ApiPropertyOptional({ type: 'string', pattern: PAYER_ID.source, nullable: true, example: 'u-20931' })
  payer_id?: string | null;

  @Optional()
  @Is('max_wait_ms', isWholeNumber(0, MAX_WAIT_MS))
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: MAX_WAIT_MS,
    nullable: true,
    description: 'How long the payer is willing to wait in our queue, ms. Left out: as long as the channel allows.',
    example: 8000,
  })
  max_wait_ms?: number | null;
}

/** Somebody's instruments are ranked: those listed, or those stored for a payer. */
export function suggestErrors(body: SuggestRequest): readonly FieldError[] {
  return body.instruments || body.payer_id ? [] : [{ pointer: '/instruments', code: 'required' }];
}

/** None twice, and no longer than that. */
export function isDistinctList(value: unknown, lengthMax: number): boolean {
  return Array.isArray(value) && value.length <= lengthMax && new Set(value).size === value.length;
}
