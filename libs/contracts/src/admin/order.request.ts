/** The bodies that give and end orders about channels, and announce maintenance. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { CHANNEL_HOLDS, type ChannelHold, EVERYTHING, isChannelId } from '#domain';
import { Is, Optional, Required } from '../input/field-decorators';
import { isTime, isWholeNumber } from '../input/values';
import { EXAMPLE_WHY, isWhy } from './why';

/** What an order may be; maintenance is announced. */
const HOLDS = CHANNEL_HOLDS.filter((hold): hold is Exclude<ChannelHold, 'maintenance'> => hold !== 'maintenance');
type OrderHold = (typeof HOLDS)[number];

/** A day: nobody closes a channel's intake longer than that to empty its queue. */
const DRAIN_MINUTES_MAX = 1_440;
const BANK_ID = /^[a-z0-9]{2,12}$/;

const TARGET = {
  type: 'string',
  description: `A channel (\`icbc.quickpay\`), a bank (\`icbc\`: all of its channels), or \`${EVERYTHING}\`. It is typed out, so that nobody stops more than they mean.`,
  example: 'icbc.quickpay',
} as const;
const WHY = {
  type: 'string',
  minLength: 1,
  maxLength: 128,
  description: 'For whoever reads it later.',
  example: EXAMPLE_WHY,
} as const;

function isTarget(value: unknown): boolean {
  return typeof value === 'string' && (value === EVERYTHING || isChannelId(value) || BANK_ID.test(value));
}

const isHold = (value: unknown): boolean => HOLDS.some((hold) => hold === value);

function isHoldList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && new Set(value).size === value.length && value.every(isHold);
}

/** The body of `POST /v1/admin/orders`. */
export class GiveOrderRequest {
  @Required()
  @Is('order_target', isTarget)
  @ApiProperty(TARGET)
  target: string;

  @Required()
  @Is('hold', isHold)
  @ApiProperty({
    enum: [...HOLDS],
    description:
      '`drain`: nothing new comes in, what waits is carried out. `pause`: payments come in and wait, nothing is sent. `isolate`: neither. ' +
      '`kill`: neither, and the bank is not even asked about what it has; above everything else.',
    example: 'isolate',
  })
  hold: OrderHold;

  @Required()
  @Is('why', isWhy)
  @ApiProperty(WHY)
  reason: string;

  @Optional()
  @Is('expires_at', isTime)
  @ApiPropertyOptional({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'When it ends by itself; left out: when somebody releases it.',
    example: '2026-11-11T00:30:00+08:00',
  })
  until?: string | null;
}

/** The body of `POST /v1/admin/orders/release`. */
export class ReleaseOrdersRequest {
  @Required()
  @Is('order_target', isTarget)
  @ApiProperty(TARGET)
  target: string;

  @Optional()
  @Is('holds', isHoldList)
  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', enum: [...HOLDS] },
    uniqueItems: true,
    nullable: true,
    default: ['drain', 'pause', 'isolate'],
    description: 'Which kinds. A kill switch is released only where it is named.',
    example: ['isolate'],
  })
  holds?: OrderHold[] | null;

  @Required()
  @Is('why', isWhy)
  @ApiProperty(WHY)
  reason: string;
}

/** The body of `POST /v1/admin/maintenance_windows`. */
export class AnnounceMaintenanceRequest {
  @Required()
  @Is('order_target', isTarget)
  @ApiProperty(TARGET)
  target: string;

  @Required()
  @Is('expires_at', isTime)
  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-11-12T02:00:00+08:00' })
  starts_at: string;

  @Required()
  @Is('expires_at', isTime)
  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-11-12T04:00:00+08:00' })
  ends_at: string;

  @Optional()
  @Is('drain_minutes', isWholeNumber(0, DRAIN_MINUTES_MAX))
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: DRAIN_MINUTES_MAX,
    default: 0,
    nullable: true,
    description: 'For so long before it begins nothing new comes in, so that its queue is empty by then.',
    example: 5,
  })
  drain_minutes?: number | null;

  @Required()
  @Is('why', isWhy)
  @ApiProperty(WHY)
  reason: string;
}
