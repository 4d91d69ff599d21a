/** What the live stream says, once a second. */
import { ApiProperty } from '@nestjs/swagger';
import { AcknowledgedResponse } from './acknowledged.response';
import { AdminChannelResponse, ControllerResponse } from './admin-channel.response';
import { OrderResponse } from './order.response';

const RATE = {
  type: 'number',
  nullable: true,
  description: 'Payments a second over the last 5 s; `null`: not known.',
  example: 1820.4,
} as const;

export class LiveTotalsResponse {
  @ApiProperty({
    ...RATE,
    description: 'Accepted a second, over all API processes, over the last 5 s; `null`: not known.',
  })
  accepted_per_second: number | null;

  @ApiProperty(RATE)
  succeeded_per_second: number | null;

  @ApiProperty({ ...RATE, description: 'Ended otherwise a second: failed, canceled, expired.' })
  failed_per_second: number | null;

  @ApiProperty({
    ...RATE,
    description: 'Refused for capacity a second, by the API process that this stream comes from.',
  })
  refused_per_second: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Payments that wait, over all channels.', example: 412 })
  backlog: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Calls under way, over all channels.', example: 1204 })
  in_flight: number | null;
}

export class LiveAlertsResponse {
  @ApiProperty({
    type: 'object',
    nullable: true,
    additionalProperties: { type: 'integer' },
    description: 'Open items of the worklist by kind; `null`: the journal cannot be asked.',
    example: { long_unknown: 2 },
  })
  open_worklist: Readonly<Record<string, number>> | null;
}

/**
 * An event of the stream. As `snapshot` it has all channels, as `delta` those that changed since the event before, and the other members
 * whole in both.
 */
export class LiveEventResponse {
  @ApiProperty({ enum: ['live'] })
  object: 'live';

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    description: 'PostgreSQL’s clock. Older than 3 s: the picture is frozen, say so.',
  })
  at: string;

  @ApiProperty({ type: () => [AdminChannelResponse] })
  channels: readonly AdminChannelResponse[];

  @ApiProperty({ type: 'array', items: { type: 'string' }, description: 'Channels that are no more.' })
  gone: readonly string[];

  @ApiProperty({ type: () => ControllerResponse, nullable: true })
  controller: ControllerResponse | null;

  @ApiProperty({ type: () => AcknowledgedResponse })
  acknowledged: AcknowledgedResponse;

  @ApiProperty({
    type: () => [OrderResponse],
    description: 'Orders and windows that stand or lie ahead, newest first.',
  })
  orders: readonly OrderResponse[];

  @ApiProperty({ type: () => LiveTotalsResponse })
  totals: LiveTotalsResponse;

  @ApiProperty({ type: () => LiveAlertsResponse })
  alerts: LiveAlertsResponse;
}
