/** A payment as everybody reads it: the answer to a POST, a poll, a list, the event stream and later webhooks give the same object. */
import { ApiProperty } from '@nestjs/swagger';
import { ATTEMPT_STATES, DECLINE_REASONS, ON_DECLINE, PAYMENT_STATES, ROUTING_MODES } from '#domain';
import { QueueResponse, SuggestionResponse } from '../suggestions/suggestion.response';
import { AmountRequest, PaymentMethodRequest, TIER_NAMES } from './create-payment.request';
import { MessageResponse } from './message.response';
import { ReasonResponse } from './reason.response';

export class ChannelReference {
  @ApiProperty({ type: 'string', example: 'icbc.quickpay' })
  id: string;
}

export class RoutingResponse {
  @ApiProperty({ enum: [...ROUTING_MODES], example: 'suggest' })
  mode: string;

  @ApiProperty({ type: 'integer', nullable: true, example: 8000 })
  max_wait_ms: number | null;
}

/** Why the bank said no. */
export class DeclineResponse {
  @ApiProperty({
    enum: [...DECLINE_REASONS],
    description: 'In our words: the one to switch on.',
    example: 'insufficient_funds',
  })
  reason: string;

  @ApiProperty({ type: 'string', nullable: true, description: 'The bank’s own code.', example: '51' })
  bank_code: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'The bank’s own text.', example: 'INSUFFICIENT FUNDS' })
  bank_message: string | null;

  @ApiProperty({ type: () => MessageResponse })
  message: MessageResponse;
}

/** The current try at a bank. */
export class AttemptResponse {
  @ApiProperty({ type: 'integer', description: '1 for the first try.', example: 1 })
  leg: number;

  @ApiProperty({ enum: [...ATTEMPT_STATES], example: 'succeeded' })
  status: string;

  @ApiProperty({
    type: 'string',
    description: 'What the bank knows as our reference.',
    example: '5CQ2V9H0T4K8M1N7XWZA',
  })
  bank_reference: string;

  @ApiProperty({ type: 'string', nullable: true, example: 'ICBC20261111000000017' })
  bank_transaction_id: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-11-10T16:00:03.141Z' })
  dispatched_at: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-11-10T16:00:03.377Z' })
  settled_at: string | null;

  @ApiProperty({ type: () => DeclineResponse, nullable: true, example: null })
  decline: DeclineResponse | null;
}

/** What the payer has to do now. */
export class NextActionResponse {
  @ApiProperty({ enum: ['redirect'], example: 'redirect' })
  type: 'redirect';

  @ApiProperty({ type: 'string', format: 'uri', example: 'https://bank.example.com/pay/9f1c' })
  url: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-11-10T16:05:00.000Z' })
  expires_at: string | null;
}

export class PaymentResponse {
  @ApiProperty({ type: 'string', example: 'pay_01m80jktghe4fbqfv67qr043d4' })
  id: string;

  @ApiProperty({ enum: ['payment'] })
  object: 'payment';

  @ApiProperty({
    enum: [...PAYMENT_STATES],
    description:
      '`unknown`: the bank has not said; we keep asking. It never means failed: do not take the money another way.',
    example: 'succeeded',
  })
  status: string;

  @ApiProperty({ type: 'boolean', description: 'It never changes again.', example: true })
  final: boolean;

  @ApiProperty({ type: 'integer', description: 'Rises by one with every event; the id of the latest one.', example: 3 })
  version: number;

  @ApiProperty({ type: 'string', example: 'D11-000001' })
  merchant_order_no: string;

  @ApiProperty({ type: () => AmountRequest })
  amount: AmountRequest;

  @ApiProperty({
    type: 'integer',
    format: 'int64',
    description: 'Minor units the bank has charged and we kept.',
    example: 19900,
  })
  amount_captured: number;

  @ApiProperty({ type: 'integer', format: 'int64', description: 'Minor units given back.', example: 0 })
  amount_refunded: number;

  @ApiProperty({ type: () => PaymentMethodRequest, description: 'What the payer chose at first.' })
  payment_method: PaymentMethodRequest;

  @ApiProperty({ type: 'array', items: { type: 'string' }, example: ['tok_ccb_quickpay_ok'] })
  alternatives: readonly string[];

  @ApiProperty({ type: 'string', description: 'The instrument in use.', example: 'tok_icbc_quickpay_ok' })
  instrument: string;

  @ApiProperty({ type: () => ChannelReference })
  channel: ChannelReference;

  @ApiProperty({ type: () => RoutingResponse })
  routing: RoutingResponse;

  @ApiProperty({ enum: [...ON_DECLINE], example: 'requires_payment_method' })
  on_decline: string;

  @ApiProperty({ enum: [...TIER_NAMES], example: 'paying' })
  tier: string;

  @ApiProperty({ type: 'string', nullable: true, example: 'u-20931' })
  payer_id: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-11-10T16:05:00.000Z' })
  expires_at: string;

  @ApiProperty({ type: 'string', format: 'uri', nullable: true, example: null })
  return_url: string | null;

  @ApiProperty({ type: 'string', nullable: true, example: '双11 订单' })
  description: string | null;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: { cart: 'c9' } })
  metadata: Readonly<Record<string, string>>;

  @ApiProperty({ type: () => AttemptResponse, nullable: true })
  attempt: AttemptResponse | null;

  @ApiProperty({ type: () => NextActionResponse, nullable: true, example: null })
  next_action: NextActionResponse | null;

  @ApiProperty({
    type: () => ReasonResponse,
    nullable: true,
    description: 'Why it stands where it stands. The code’s own facts stand beside it.',
    example: null,
  })
  reason: ReasonResponse | null;

  @ApiProperty({
    type: () => QueueResponse,
    nullable: true,
    description:
      'Its place while it is `queued`, where the controller has spoken; `null` otherwise, and in lists, events and webhooks.',
  })
  queue: QueueResponse | null;

  @ApiProperty({
    type: () => [SuggestionResponse],
    description:
      'In the answer to its POST, and on its stream when its wait gets worse: what would be quicker, best first. Elsewhere empty, since each ' +
      'offer holds headroom.',
  })
  suggestions: readonly SuggestionResponse[];

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-11-10T16:00:03.118Z' })
  created_at: string;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-11-10T16:00:03.377Z' })
  updated_at: string;
}

/** A page of payments, newest first. */
export class PaymentListResponse {
  @ApiProperty({ enum: ['list'] })
  object: 'list';

  @ApiProperty({ type: () => [PaymentResponse] })
  data: readonly PaymentResponse[];

  @ApiProperty({
    type: 'boolean',
    description: 'There are older ones: ask again with `starting_after` = the last id.',
    example: false,
  })
  has_more: boolean;
}

/** What is in the `data:` of one event of the stream. */
export class PaymentEventResponse {
  @ApiProperty({ type: 'integer', description: 'The payment’s version after it; 1, 2, 3 … without a gap.', example: 3 })
  id: number;

  @ApiProperty({ type: 'string', example: 'payment.succeeded' })
  type: string;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-11-10T16:00:03.377Z' })
  created_at: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'What happened: the status and leg it led to, and facts of its own.',
    example: { status: 'succeeded', leg: 1, channel: 'icbc.quickpay' },
  })
  data: Readonly<Record<string, unknown>>;

  @ApiProperty({ type: () => PaymentResponse, description: 'The payment as it is now.' })
  payment: PaymentResponse;
}
