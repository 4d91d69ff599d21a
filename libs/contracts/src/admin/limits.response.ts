/** A channel's limits as operators read them: in force, by contract, what lies ahead, and the history. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { REVISION_CAUSES } from '#domain';
import { AcknowledgedResponse } from './acknowledged.response';
import { ContractResponse, LimitValuesResponse } from './limit-values';

export class LimitRevisionResponse {
  @ApiProperty({ type: 'integer', example: 7 })
  revision: number;

  @ApiProperty({ enum: ['limit_revision'] })
  object: 'limit_revision';

  @ApiProperty({ type: () => LimitValuesResponse })
  limits: LimitValuesResponse;

  @ApiProperty({
    enum: [...REVISION_CAUSES],
    description:
      '`set`: from the contract, or by hand. `return`: an override has ended. `called_off`: a change was ended before its time. ' +
      '`replanned`: the same values; revisions that lay ahead were written anew behind it.',
    example: 'override',
  })
  cause: string;

  @ApiProperty({ type: 'string', format: 'date-time', description: 'It holds from then on, until a newer one does.' })
  effective_from: string;

  @ApiProperty({ type: 'string', nullable: true, description: 'The change it follows from.', example: 'chg_12' })
  change: string | null;

  @ApiProperty({ type: 'string', description: 'Whose word it is.', example: 'Li Wei' })
  by: string;

  @ApiProperty({ type: 'string' })
  reason: string;

  @ApiProperty({ type: 'string', format: 'date-time' })
  created_at: string;
}

export class LimitRevisionListResponse {
  @ApiProperty({ enum: ['list'] })
  object: 'list';

  @ApiProperty({ type: () => [LimitRevisionResponse] })
  data: readonly LimitRevisionResponse[];

  @ApiProperty({ type: 'boolean', example: false })
  has_more: boolean;
}

export class LimitChangeResponse {
  @ApiProperty({ type: 'string', example: 'chg_12' })
  id: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: 'Only what it sets.',
    example: { in_flight_max: 100 },
  })
  limits: Partial<LimitValuesResponse>;

  @ApiProperty({ type: 'string', format: 'date-time' })
  effective_from: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: '`null`: for good.' })
  until: string | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'The revision whose values it brings back.' })
  rolls_back_to: number | null;

  @ApiProperty({ type: 'string', example: 'Li Wei' })
  by: string;

  @ApiProperty({ type: 'string' })
  reason: string;

  @ApiProperty({ type: 'string', format: 'date-time' })
  created_at: string;
}

export class LimitsResponse {
  @ApiProperty({ type: 'string', example: 'icbc.quickpay' })
  channel: string;

  @ApiProperty({ enum: ['channel_limits'] })
  object: 'channel_limits';

  @ApiProperty({
    type: 'integer',
    description: 'The newest revision that was written; what `ETag` says and `If-Match` wants. It may lie ahead.',
    example: 8,
  })
  latest_revision: number;

  @ApiProperty({ type: () => LimitRevisionResponse })
  in_force: LimitRevisionResponse;

  @ApiProperty({ type: () => [LimitRevisionResponse], description: 'What follows by itself, in the order of time.' })
  ahead: readonly LimitRevisionResponse[];

  @ApiProperty({
    type: () => [LimitChangeResponse],
    description: 'Overrides in force and changes that are scheduled: what may be called off.',
  })
  pending: readonly LimitChangeResponse[];

  @ApiProperty({
    type: () => ContractResponse,
    description: 'What the bank has agreed to: no limit is raised above it.',
  })
  contract: ContractResponse;

  @ApiPropertyOptional({
    type: () => AcknowledgedResponse,
    description: 'After a change: who acts on it already.',
  })
  acknowledged?: AcknowledgedResponse;
}
