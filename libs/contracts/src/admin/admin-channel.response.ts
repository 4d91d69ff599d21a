/** A channel as the command centre sees it: what was set, what was found, what holds, why, and who acts on it. */
import { ApiProperty } from '@nestjs/swagger';
import { CHANNEL_HOLDS, CONGESTION_LEVELS, PRODUCTS, REVISION_CAUSES } from '#domain';
import { BankResponse } from '../channels/channel.response';
import { ReasonResponse } from '../payments/reason.response';
import { AcknowledgedResponse } from './acknowledged.response';
import { ContractResponse, LimitValuesResponse } from './limit-values';

const TIME = { type: 'string', format: 'date-time' } as const;
const TIME_OR_NULL = { ...TIME, nullable: true } as const;
const MS = { type: 'number', example: 240 } as const;
const BREAKER_STATES = ['closed', 'open', 'half_open', 'ramping', 'isolated'] as const;

/** The limits in force, with whose word they are. */
export class ConfiguredLimitsResponse {
  @ApiProperty({ type: 'integer', example: 7 })
  revision: number;

  @ApiProperty({ type: () => LimitValuesResponse })
  values: LimitValuesResponse;

  @ApiProperty({ enum: [...REVISION_CAUSES], example: 'override' })
  cause: string;

  @ApiProperty({ type: 'string', example: 'Li Wei' })
  by: string;

  @ApiProperty({ type: 'string' })
  reason: string;

  @ApiProperty(TIME)
  since: string;

  @ApiProperty({ ...TIME_OR_NULL, description: 'When the next revision follows by itself, such as an override’s end.' })
  until: string | null;
}

/** One operation's limit on calls under way. */
export class OperationLimitResponse {
  @ApiProperty({ type: 'integer', description: 'The operator’s ceiling.', example: 200 })
  configured: number;

  @ApiProperty({ type: 'number', description: 'What the limiter found.', example: 163 })
  adaptive: number;

  @ApiProperty({
    type: 'integer',
    description: 'What holds: the least of both, less what unknowns hold; 0 behind an open breaker.',
    example: 160,
  })
  effective: number;

  @ApiProperty({ type: () => ReasonResponse })
  reason: ReasonResponse;
}

export class OperationLimitsResponse {
  @ApiProperty({ type: () => OperationLimitResponse, description: 'Payments.' })
  pay: OperationLimitResponse;

  @ApiProperty({ type: () => OperationLimitResponse, description: 'Questions about payments: a reserved share.' })
  inquiry: OperationLimitResponse;

  @ApiProperty({ type: () => OperationLimitResponse, description: 'Reversals and refunds: a reserved share.' })
  giving_back: OperationLimitResponse;
}

export class BreakerResponse {
  @ApiProperty({ enum: [...BREAKER_STATES], example: 'closed' })
  state: (typeof BREAKER_STATES)[number];

  @ApiProperty({ ...MS, description: 'How long it has been so, ms.' })
  for_ms: number;

  @ApiProperty({
    ...MS,
    nullable: true,
    description: 'Payments may go again after this, ms; `null`: they may, or nobody knows.',
  })
  reopens_in_ms: number | null;

  @ApiProperty({ type: () => ReasonResponse })
  reason: ReasonResponse;
}

export class ExpectedWaitResponse {
  @ApiProperty({ ...MS, description: 'Half of those who come in now have their answer within this, ms.' })
  p50: number;

  @ApiProperty({ ...MS, description: 'Nine of ten.', example: 900 })
  p90: number;
}

/** What the controller last said. */
export class ChannelFlowResponse {
  @ApiProperty({ enum: [...CONGESTION_LEVELS], example: 'busy' })
  level: string;

  @ApiProperty({ type: () => OperationLimitsResponse })
  limits: OperationLimitsResponse;

  @ApiProperty({ type: 'integer', description: 'Revision of the limits that it was decided under.', example: 7 })
  revision: number;

  @ApiProperty({ type: 'number', description: 'Contract rate in force, payments in any second.', example: 800 })
  rate_per_second: number;

  @ApiProperty({ type: 'integer', description: 'Calls under way, over all workers.', example: 158 })
  in_flight: number;

  @ApiProperty({ type: 'integer', description: 'Slots held by attempts whose fate is unknown.', example: 2 })
  held_by_unknown: number;

  @ApiProperty({ type: 'integer', description: 'Payments that wait.', example: 412 })
  backlog: number;

  @ApiProperty({ type: 'number', description: 'Payments a second that leave the queue.', example: 640 })
  drain_per_second: number;

  @ApiProperty({ type: 'number', description: 'Payments a second it could take beyond what it has.', example: 120 })
  headroom_per_second: number;

  @ApiProperty({ ...MS, description: 'Median of the bank’s round trip, ms.' })
  round_trip_ms: number;

  @ApiProperty({ type: () => ExpectedWaitResponse, nullable: true, description: 'Queue and bank together, ms.' })
  eta_ms: ExpectedWaitResponse | null;

  @ApiProperty({
    type: 'number',
    description: 'Share of the last minutes’ answers that were a bank at work.',
    example: 0.986,
  })
  success_rate: number;

  @ApiProperty({ type: 'integer', description: 'How many answers that is about.', example: 20411 })
  answers: number;

  @ApiProperty({ type: () => BreakerResponse })
  breaker: BreakerResponse;

  @ApiProperty({ type: () => ReasonResponse, description: 'Why it is as it is: the most telling one.' })
  reason: ReasonResponse;
}

/** What an operator has ordered, in force now. */
export class OrderInForceResponse {
  @ApiProperty({ enum: [...CHANNEL_HOLDS], example: 'maintenance' })
  hold: string;

  @ApiProperty({ type: 'string', example: 'Li Wei' })
  by: string;

  @ApiProperty({ type: 'string' })
  reason: string;

  @ApiProperty(TIME)
  since: string;

  @ApiProperty({ ...TIME_OR_NULL, description: '`null`: when somebody releases it.' })
  until: string | null;
}

export class AnnouncedWindowResponse {
  @ApiProperty(TIME)
  starts_at: string;

  @ApiProperty(TIME_OR_NULL)
  ends_at: string | null;
}

export class AdminChannelResponse {
  @ApiProperty({ type: 'string', example: 'icbc.quickpay' })
  id: string;

  @ApiProperty({ enum: ['admin_channel'] })
  object: 'admin_channel';

  @ApiProperty({ type: () => BankResponse })
  bank: BankResponse;

  @ApiProperty({ enum: [...PRODUCTS], example: 'quickpay' })
  product: string;

  @ApiProperty({ type: 'boolean', example: true })
  enabled: boolean;

  @ApiProperty({ type: 'array', items: { type: 'string' }, example: ['CNY'] })
  currencies: readonly string[];

  @ApiProperty({ type: 'integer', description: 'Hundredths of a per cent.', example: 20 })
  fee_basis_points: number;

  @ApiProperty({ type: () => ContractResponse })
  contract: ContractResponse;

  @ApiProperty({ type: () => ConfiguredLimitsResponse })
  limits: ConfiguredLimitsResponse;

  @ApiProperty({ type: () => OrderInForceResponse, nullable: true })
  order: OrderInForceResponse | null;

  @ApiProperty({ type: () => AnnouncedWindowResponse, nullable: true, description: 'The next maintenance window.' })
  announced: AnnouncedWindowResponse | null;

  @ApiProperty({
    type: () => ChannelFlowResponse,
    nullable: true,
    description: '`null`: no controller has spoken of this channel; it is held to its configured limits.',
  })
  flow: ChannelFlowResponse | null;
}

/** Who decides now, and how old its word is. */
export class ControllerResponse {
  @ApiProperty({ type: 'string', example: 'worker-1' })
  id: string;

  @ApiProperty({ type: 'integer', description: 'Rises with each election.', example: 3 })
  term: number;

  @ApiProperty({ type: 'integer', description: 'Of its newest snapshot.', example: 4211 })
  seq: number;

  @ApiProperty({
    type: 'integer',
    description: 'Age of that snapshot, ms. Above 3,000 the picture is old: say so.',
    example: 140,
  })
  age_ms: number;
}

export class AdminChannelListResponse {
  @ApiProperty({ enum: ['list'] })
  object: 'list';

  @ApiProperty({ type: () => [AdminChannelResponse] })
  data: readonly AdminChannelResponse[];

  @ApiProperty({ type: 'boolean', example: false })
  has_more: boolean;

  @ApiProperty({ type: () => ControllerResponse, nullable: true, description: '`null`: none is heard.' })
  controller: ControllerResponse | null;

  @ApiProperty({ type: () => AcknowledgedResponse })
  acknowledged: AcknowledgedResponse;
}

/** One channel, with who acts on its newest limits and orders. */
export class AdminChannelDetailResponse extends AdminChannelResponse {
  @ApiProperty({ type: () => ControllerResponse, nullable: true })
  controller: ControllerResponse | null;

  @ApiProperty({ type: () => AcknowledgedResponse })
  acknowledged: AcknowledgedResponse;
}
