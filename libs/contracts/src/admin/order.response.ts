/** Orders about channels and maintenance windows, as operators read them. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { CHANNEL_HOLDS } from '#domain';
import { AcknowledgedResponse } from './acknowledged.response';

const TIME = { type: 'string', format: 'date-time' } as const;
const TIME_OR_NULL = { ...TIME, nullable: true } as const;
const STATES = ['ahead', 'draining', 'in_force', 'over'] as const;

export type OrderState = (typeof STATES)[number];

export class OrderResponse {
  @ApiProperty({ type: 'string', description: '`ord_…`; of a maintenance window `mwn_…`.', example: 'ord_31' })
  id: string;

  @ApiProperty({ enum: ['order', 'maintenance_window'] })
  object: 'order' | 'maintenance_window';

  @ApiProperty({ type: 'string', description: 'A channel, a bank, or `everything`.', example: 'icbc.quickpay' })
  target: string;

  @ApiProperty({ enum: [...CHANNEL_HOLDS], example: 'isolate' })
  hold: string;

  @ApiProperty({ enum: [...STATES], description: '`draining`: a window is about to begin and nothing new comes in.' })
  state: OrderState;

  @ApiProperty({ type: 'string', example: 'Li Wei' })
  by: string;

  @ApiProperty({ type: 'string' })
  reason: string;

  @ApiProperty(TIME)
  starts_at: string;

  @ApiProperty({ ...TIME_OR_NULL, description: '`null`: when somebody releases it.' })
  ends_at: string | null;

  @ApiProperty({ ...TIME, description: 'From then on nothing new comes in.' })
  drains_at: string;

  @ApiProperty(TIME)
  created_at: string;

  @ApiProperty({ ...TIME_OR_NULL, description: 'When somebody ended it before its end.' })
  released_at: string | null;

  @ApiProperty({ type: 'string', nullable: true })
  released_by: string | null;

  @ApiProperty({ type: 'string', nullable: true })
  release_reason: string | null;

  @ApiPropertyOptional({ type: () => AcknowledgedResponse, description: 'After a change: who acts on it already.' })
  acknowledged?: AcknowledgedResponse;
}

export class OrderListResponse {
  @ApiProperty({ enum: ['list'] })
  object: 'list';

  @ApiProperty({ type: () => [OrderResponse] })
  data: readonly OrderResponse[];

  @ApiProperty({ type: 'boolean', example: false })
  has_more: boolean;
}

export class OrdersReleasedResponse {
  @ApiProperty({ enum: ['orders_released'] })
  object: 'orders_released';

  @ApiProperty({ type: () => [OrderResponse], description: 'Those that ended now; empty where none stood.' })
  released: readonly OrderResponse[];

  @ApiProperty({ type: () => AcknowledgedResponse })
  acknowledged: AcknowledgedResponse;
}
