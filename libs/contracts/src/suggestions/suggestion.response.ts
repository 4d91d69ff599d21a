/** Ways to pay that will work, as a cashier page shows them. */
import { ApiProperty } from '@nestjs/swagger';
import { CONGESTION_LEVELS, PRODUCTS, SUGGESTION_KINDS } from '#domain';
import { EXAMPLE_SUGGESTION_ID, PaymentMethodRequest } from '../payments/create-payment.request';
import { MessageResponse } from '../payments/message.response';
import { ReasonResponse } from '../payments/reason.response';

/** How long until the bank's answer. */
export class EtaResponse {
  @ApiProperty({ type: 'integer', description: 'Half of payments are sooner, ms.', example: 420 })
  p50: number;

  @ApiProperty({ type: 'integer', description: 'Nine of ten are sooner, ms.', example: 980 })
  p90: number;
}

/** Where a queued payment stands. */
export class QueueResponse {
  @ApiProperty({ type: 'integer', description: 'Payments of the channel that wait before it.', example: 412 })
  ahead: number;

  @ApiProperty({ type: () => EtaResponse, description: 'From `as_of` until the bank’s answer.' })
  eta_ms: EtaResponse;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-11-10T16:00:03.120Z' })
  as_of: string;
}

export class SuggestedBankResponse {
  @ApiProperty({ type: 'string', example: 'ccb' })
  id: string;

  @ApiProperty({ type: () => MessageResponse })
  name: MessageResponse;
}

export class SuggestionResponse {
  @ApiProperty({
    type: 'string',
    nullable: true,
    description:
      'Send it as `suggestion_id` with exactly this instrument, for the same order number and amount: headroom is held for it, so the payment is let in. ' +
      '`null` for `as_chosen` and `wait`, which need none.',
    example: EXAMPLE_SUGGESTION_ID,
  })
  id: string | null;

  @ApiProperty({
    enum: [...SUGGESTION_KINDS],
    description:
      '`as_chosen`: the payer’s choice works. `same_bank_quickpay`: the same bank’s signed agreement. `another_card`. `balance`. `wait`: ' +
      'stay with the choice, for as long as `eta_ms` says.',
    example: 'another_card',
  })
  kind: string;

  @ApiProperty({ type: () => PaymentMethodRequest })
  payment_method: PaymentMethodRequest;

  @ApiProperty({ type: 'string', description: 'Its channel.', example: 'ccb.quickpay' })
  channel: string;

  @ApiProperty({ type: () => SuggestedBankResponse })
  bank: SuggestedBankResponse;

  @ApiProperty({ enum: [...PRODUCTS], example: 'quickpay' })
  product: string;

  @ApiProperty({ type: () => EtaResponse, nullable: true, description: '`null` while nobody can tell.' })
  eta_ms: EtaResponse | null;

  @ApiProperty({
    type: 'number',
    nullable: true,
    minimum: 0,
    maximum: 1,
    description:
      'Share of the channel’s answers of the last minutes that were a bank at work; `null` while nobody can tell.',
    example: 0.987,
  })
  success_rate: number | null;

  @ApiProperty({ type: () => ReasonResponse, description: 'Why it is offered, with the facts it was decided from.' })
  reason: ReasonResponse;

  @ApiProperty({ type: () => MessageResponse, description: 'For the button on the cashier page.' })
  message: MessageResponse;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'Until then its headroom is held.',
    example: '2026-11-10T16:00:13.118Z',
  })
  expires_at: string | null;
}

export class SuggestionListResponse {
  @ApiProperty({ enum: ['list'] })
  object: 'list';

  @ApiProperty({
    type: () => [SuggestionResponse],
    description: 'Best first. Empty: nothing that we know of works now.',
  })
  data: readonly SuggestionResponse[];

  @ApiProperty({ type: 'boolean', example: false })
  has_more: boolean;

  @ApiProperty({
    enum: [...CONGESTION_LEVELS],
    description: 'Of the channel of the payer’s choice.',
    example: 'congested',
  })
  level: string;
}

/** The `data:` of `event: payment.suggestions` on a payment's stream. It has no id: nothing happened, only the advice changed. */
export class PaymentSuggestionsResponse {
  @ApiProperty({ type: 'string', example: 'pay_01m80jktghe4fbqfv67qr043d4' })
  payment: string;

  @ApiProperty({ type: () => QueueResponse, nullable: true })
  queue: QueueResponse | null;

  @ApiProperty({ type: () => [SuggestionResponse] })
  suggestions: readonly SuggestionResponse[];
}
