/** Every error of the API: RFC 9457 problem+json, with what a program needs to act on it. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ERROR_CODES } from '#domain';
import { MessageResponse } from '../payments/message.response';
import { ReasonResponse } from '../payments/reason.response';
import { SuggestionResponse } from '../suggestions/suggestion.response';

export class RetryResponse {
  @ApiProperty({ type: 'boolean', description: 'Repeating the same request can do no harm.', example: true })
  safe: boolean;

  @ApiProperty({ type: 'boolean', description: 'Repeat with the same Idempotency-Key.', example: true })
  same_key: boolean;

  @ApiProperty({
    type: 'integer',
    description: 'Not before, ms; spread by chance. Also in `Retry-After`, in whole seconds.',
    example: 1130,
  })
  after_ms: number;
}

export class FieldErrorResponse {
  @ApiProperty({
    type: 'string',
    description: 'JSON Pointer into the body; for a query, `/` and the parameter.',
    example: '/amount/value',
  })
  pointer: string;

  @ApiProperty({
    type: 'string',
    description: 'A rule of the field (docs/errors.md), or the code of the refusal.',
    example: 'amount_value',
  })
  code: string;

  @ApiProperty({ type: () => MessageResponse })
  message: MessageResponse;
}

export class ProblemResponse {
  @ApiProperty({
    type: 'string',
    format: 'uri-reference',
    description: 'Where the code is explained.',
    example: '/errors/parameter_invalid',
  })
  type: string;

  @ApiProperty({ type: 'string', example: 'A field is not valid' })
  title: string;

  @ApiProperty({ type: 'integer', example: 422 })
  status: number;

  @ApiProperty({
    type: 'string',
    description: 'For a person reading a log; do not parse it.',
    example: '/amount/value: An amount is an integer.',
  })
  detail: string;

  @ApiProperty({ type: 'string', format: 'uri-reference', example: '/v1/payments' })
  instance: string;

  @ApiProperty({
    enum: Object.keys(ERROR_CODES),
    description: 'The word to switch on. It keeps its meaning for ever.',
    example: 'parameter_invalid',
  })
  code: string;

  @ApiProperty({
    type: 'string',
    description: 'Quote it when you ask us. Also in the `Request-Id` header.',
    example: 'req_01m80jktghe4fbqfv67qr043d4',
  })
  request_id: string;

  @ApiProperty({
    oneOf: [{ type: 'boolean' }, { type: 'string', enum: ['unknown'] }, { type: 'null' }],
    description:
      'Was the instruction in this request accepted? `"unknown"`: it may have been, repeat with the same key to learn. `null`: the request carried none.',
    example: false,
  })
  accepted: boolean | 'unknown' | null;

  @ApiProperty({
    type: () => RetryResponse,
    nullable: true,
    description: '`null`: repeating changes nothing.',
    example: null,
  })
  retry: RetryResponse | null;

  @ApiProperty({ type: () => MessageResponse })
  message: MessageResponse;

  @ApiProperty({ type: () => [FieldErrorResponse], description: 'Which fields, if any.' })
  errors: readonly FieldErrorResponse[];

  @ApiPropertyOptional({
    type: 'string',
    description: 'With a conflict: the payment that is there.',
    example: 'pay_01m80jktghe4fbqfv67qr043d4',
  })
  payment_id?: string;

  @ApiPropertyOptional({
    type: () => ReasonResponse,
    description: 'With a refusal for want of room: what it was decided from.',
  })
  reason?: ReasonResponse;

  @ApiPropertyOptional({
    type: () => [SuggestionResponse],
    description:
      'With a refusal for want of room: what will work instead, best first. Post again with its `suggestion_id`.',
  })
  suggestions?: readonly SuggestionResponse[];

  /** Facts of the code, such as `channel` or `amount_max`. */
  readonly [fact: string]: unknown;
}
