/** The body of `POST /v1/payments`. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { AMOUNT_MAX, AMOUNT_MIN, ON_DECLINE, ROUTING_MODES, isAmount, isCurrency } from '#domain';
import { Is, Nested, Optional, Required } from '../input/field-decorators';
import { isDescription, isMetadata, isReturnUrl, isTime, isTokenList, isWholeNumber, matches } from '../input/values';
import type { FieldError } from '../input/validate';

export const TIER_NAMES = ['paying', 'bulk'] as const;
/** Ten minutes: beyond it nobody calls it waiting in a queue. */
export const MAX_WAIT_MS = 600_000;
export const ORDER_NO = /^[A-Za-z0-9_.:-]{1,64}$/;
export const PAYER_ID = /^[A-Za-z0-9_.:@-]{1,64}$/;
/** More cards than a cashier page shows. */
const ALTERNATIVES_MAX = 7;
export const TOKEN = /^[A-Za-z0-9_.:-]{1,128}$/;
/** `sug_` and what the seal makes of it (24 bytes, base64url). */
export const SUGGESTION_ID = /^sug_[A-Za-z0-9_-]{32}$/;
export const EXAMPLE_SUGGESTION_ID = 'sug_AQGdv0n7gAAAx3k0Yt5mQm1cVb2pW9sLdA';

/** An amount of money. */
export class AmountRequest {
  @Required()
  @Is('amount_value', isAmount)
  @ApiProperty({
    type: 'integer',
    format: 'int64',
    minimum: AMOUNT_MIN,
    maximum: AMOUNT_MAX,
    description:
      'Minor units (fen, cents): 19900 is 199.00 CNY. Written as a plain integer; 1.0, 1e2 and "100" are refused.',
    example: 19900,
  })
  value: number;

  @Required()
  @Is('currency', isCurrency)
  @ApiProperty({ type: 'string', pattern: '^[A-Z]{3}$', description: 'ISO 4217 code.', example: 'CNY' })
  currency: string;
}

/** What the payer chose. */
export class PaymentMethodRequest {
  @Required()
  @Is('instrument_token', matches(TOKEN))
  @ApiProperty({
    type: 'string',
    pattern: TOKEN.source,
    description: 'Token of the payer’s card or agreement. Never a card number.',
    example: 'tok_icbc_quickpay_ok',
  })
  token: string;
}

/** How far Sluice may go by itself. */
export class RoutingRequest {
  @Optional()
  @Is('routing_mode', (value) => ROUTING_MODES.some((mode) => mode === value))
  @ApiPropertyOptional({
    enum: [...ROUTING_MODES],
    default: 'suggest',
    description:
      '`suggest`: tell what would work and leave the choice to the payer. `queue`: only wait. `reroute`: move on to the next instrument.',
  })
  mode?: (typeof ROUTING_MODES)[number] | null;

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

/** One payment instruction. Unknown fields are refused, and a card number in any field is too. */
export class CreatePaymentRequest {
  @Required()
  @Is('merchant_order_no', matches(ORDER_NO))
  @ApiProperty({
    type: 'string',
    pattern: ORDER_NO.source,
    description: 'Your order number. One payment per order number, for ever.',
    example: 'D11-000001',
  })
  merchant_order_no: string;

  @Nested(() => AmountRequest, 'required')
  @ApiProperty({ type: () => AmountRequest })
  amount: AmountRequest;

  @Nested(() => PaymentMethodRequest, 'required')
  @ApiProperty({ type: () => PaymentMethodRequest })
  payment_method: PaymentMethodRequest;

  @Optional()
  @Is('alternatives', isTokenList)
  @Is('instrument_token', matches(TOKEN), true)
  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', pattern: TOKEN.source },
    maxItems: ALTERNATIVES_MAX,
    uniqueItems: true,
    nullable: true,
    description: 'The payer’s other instruments, in the payer’s order. Only what is listed here or above is ever used.',
    example: ['tok_ccb_quickpay_ok'],
  })
  alternatives?: string[] | null;

  @Optional()
  @Is('stored_instruments', (value) => typeof value === 'boolean')
  @ApiPropertyOptional({
    type: 'boolean',
    default: false,
    nullable: true,
    description:
      'Add the instruments stored for `payer_id` (`/v1/payers/{id}/instruments`) after `alternatives`, in the payer’s order, up to 8 in all.',
    example: false,
  })
  stored_instruments?: boolean | null;

  @Optional()
  @Is('suggestion_id', matches(SUGGESTION_ID))
  @ApiPropertyOptional({
    type: 'string',
    pattern: SUGGESTION_ID.source,
    nullable: true,
    description:
      'The suggestion that the payer takes, with exactly its instrument, order number and amount. Headroom is held for it, so until it ' +
      'expires the payment is let in past the queue’s bounds.',
    example: EXAMPLE_SUGGESTION_ID,
  })
  suggestion_id?: string | null;

  @Optional()
  @Is('payer_id', matches(PAYER_ID))
  @ApiPropertyOptional({
    type: 'string',
    pattern: PAYER_ID.source,
    nullable: true,
    description: 'Your id of the payer. The same payer stays admitted through a whole checkout.',
    example: 'u-20931',
  })
  payer_id?: string | null;

  @Nested(() => RoutingRequest, 'optional')
  @ApiPropertyOptional({ type: () => RoutingRequest })
  routing?: RoutingRequest | null;

  @Optional()
  @Is('on_decline', (value) => ON_DECLINE.some((choice) => choice === value))
  @ApiPropertyOptional({
    enum: [...ON_DECLINE],
    default: 'requires_payment_method',
    description:
      'After a bank’s clear no: let the payer choose again until `expires_at`, or end at once (no payer in front of you).',
  })
  on_decline?: (typeof ON_DECLINE)[number] | null;

  @Optional()
  @Is('tier', (value) => TIER_NAMES.some((tier) => tier === value))
  @ApiPropertyOptional({
    enum: [...TIER_NAMES],
    default: 'paying',
    description: '`paying`: a payer waits. `bulk`: nobody does; goes second when a channel is short.',
  })
  tier?: (typeof TIER_NAMES)[number] | null;

  @Optional()
  @Is('expires_at', isTime)
  @ApiPropertyOptional({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description:
      'Hard stop: nothing is sent that a bank could not answer before it. Default 15 minutes, at most 24 hours from now.',
    example: '2026-11-11T00:05:00+08:00',
  })
  expires_at?: string | null;

  @Optional()
  @Is('return_url', isReturnUrl)
  @ApiPropertyOptional({
    type: 'string',
    format: 'uri',
    maxLength: 2048,
    nullable: true,
    description: 'Where a bank’s page sends the payer back to (gateway channels).',
    example: 'https://shop.example.com/orders/D11-000001',
  })
  return_url?: string | null;

  @Optional()
  @Is('description', isDescription)
  @ApiPropertyOptional({
    type: 'string',
    maxLength: 128,
    nullable: true,
    description: 'What the payer sees at the bank, in Unicode NFC.',
    example: '双11 订单',
  })
  description?: string | null;

  @Optional()
  @Is('metadata', isMetadata)
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string', maxLength: 500 },
    maxProperties: 50,
    nullable: true,
    description: 'Yours: stored and given back, never interpreted.',
    example: { cart: 'c9' },
  })
  metadata?: Record<string, string> | null;
}

/** What no single field can say: an alternative that is the choice itself is none, and stored instruments are somebody's. */
export function crossFieldErrors(body: CreatePaymentRequest): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (body.alternatives?.includes(body.payment_method.token))
    errors.push({ pointer: '/alternatives', code: 'alternatives' });
  if (body.stored_instruments && !body.payer_id) errors.push({ pointer: '/payer_id', code: 'required' });
  return errors;
}
