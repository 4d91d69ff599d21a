/** The bodies that change a channel's limits: some of them or all, a roll-back, and the end of a change before its time. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Is, Nested, Optional, Required } from '../input/field-decorators';
import { isTime, isWholeNumber } from '../input/values';
import { LimitValuesRequest, SomeLimitValuesRequest } from './limit-values';
import { EXAMPLE_WHY, isWhy } from './why';

const EFFECTIVE_FROM = {
  type: 'string',
  format: 'date-time',
  nullable: true,
  description: 'When it begins; left out: at once. A scheduled change begins by itself, by PostgreSQL’s clock.',
  example: '2026-11-10T23:50:00+08:00',
} as const;
const UNTIL = {
  type: 'string',
  format: 'date-time',
  nullable: true,
  description: 'When it ends and the former limits return by themselves; left out: it is for good.',
  example: '2026-11-11T00:30:00+08:00',
} as const;
const WHY = {
  type: 'string',
  minLength: 1,
  maxLength: 128,
  description: 'For whoever reads the history.',
  example: EXAMPLE_WHY,
} as const;

/** The body of `PATCH /v1/admin/channels/{id}/limits`. */
export class ChangeLimitsRequest {
  @Nested(() => SomeLimitValuesRequest, 'required')
  @ApiProperty({ type: () => SomeLimitValuesRequest })
  limits: SomeLimitValuesRequest;

  @Required()
  @Is('why', isWhy)
  @ApiProperty(WHY)
  reason: string;

  @Optional()
  @Is('expires_at', isTime)
  @ApiPropertyOptional(EFFECTIVE_FROM)
  effective_from?: string | null;

  @Optional()
  @Is('expires_at', isTime)
  @ApiPropertyOptional(UNTIL)
  until?: string | null;
}

/** The body of `PUT /v1/admin/channels/{id}/limits`. */
export class ReplaceLimitsRequest {
  @Nested(() => LimitValuesRequest, 'required')
  @ApiProperty({ type: () => LimitValuesRequest })
  limits: LimitValuesRequest;

  @Required()
  @Is('why', isWhy)
  @ApiProperty(WHY)
  reason: string;

  @Optional()
  @Is('expires_at', isTime)
  @ApiPropertyOptional(EFFECTIVE_FROM)
  effective_from?: string | null;

  @Optional()
  @Is('expires_at', isTime)
  @ApiPropertyOptional(UNTIL)
  until?: string | null;
}

/** The body of `POST /v1/admin/channels/{id}/limits/rollback`. */
export class RollBackLimitsRequest {
  @Required()
  @Is('limit_revision', isWholeNumber(1, 2_147_483_647))
  @ApiProperty({ type: 'integer', minimum: 1, description: 'The revision whose values return.', example: 3 })
  revision: number;

  @Required()
  @Is('why', isWhy)
  @ApiProperty(WHY)
  reason: string;

  @Optional()
  @Is('expires_at', isTime)
  @ApiPropertyOptional(UNTIL)
  until?: string | null;
}

/** The body of whatever ends something: a change, an order, a window. */
export class EndRequest {
  @Required()
  @Is('why', isWhy)
  @ApiProperty(WHY)
  reason: string;
}
