/** A channel as merchants see it: where it leads, what it takes, and how it is doing. */
import { ApiProperty } from '@nestjs/swagger';
import {
  type AnnouncedWindow,
  type Bank,
  CONGESTION_LEVELS,
  type Channel,
  type ChannelLimits,
  type CongestionLevel,
  type Eta,
  PRODUCTS,
  type Reason,
} from '#domain';
import { MessageResponse } from '../payments/message.response';
import { ReasonResponse, renderReason } from '../payments/reason.response';
import { timeText } from '../payments/time-text';
import { EtaResponse } from '../suggestions/suggestion.response';

export class BankResponse {
  @ApiProperty({ type: 'string', example: 'icbc' })
  id: string;

  @ApiProperty({ type: () => MessageResponse, example: { 'zh-CN': '中国工商银行', en: 'ICBC' } })
  name: MessageResponse;
}

export class ChannelLimitsResponse {
  @ApiProperty({
    type: 'integer',
    format: 'int64',
    description: 'Smallest amount of one payment, minor units.',
    example: 1,
  })
  amount_min: number;

  @ApiProperty({
    type: 'integer',
    format: 'int64',
    description: 'Largest amount of one payment, minor units.',
    example: 5000000,
  })
  amount_max: number;
}

/** A maintenance window that lies ahead. */
export class ChannelMaintenanceResponse {
  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-11-11T18:00:00.000Z' })
  starts_at: string;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: '`null`: until it is called off.',
    example: '2026-11-11T20:00:00.000Z',
  })
  ends_at: string | null;
}

export class ChannelResponse {
  @ApiProperty({ type: 'string', example: 'icbc.quickpay' })
  id: string;

  @ApiProperty({ enum: ['channel'] })
  object: 'channel';

  @ApiProperty({ type: () => BankResponse })
  bank: BankResponse;

  @ApiProperty({ enum: [...PRODUCTS], example: 'quickpay' })
  product: string;

  @ApiProperty({
    enum: [...CONGESTION_LEVELS],
    description:
      '`busy`: payments wait a little. `congested`: they wait long, or are turned away. `closed`: nothing comes in, by an operator or because the bank does not answer.',
    example: 'normal',
  })
  level: string;

  @ApiProperty({ type: () => ReasonResponse, nullable: true, description: 'Why it is not `normal`.', example: null })
  reason: ReasonResponse | null;

  @ApiProperty({
    type: () => EtaResponse,
    nullable: true,
    description: 'How long a payment posted now takes until the bank’s answer; `null` while nobody can tell.',
  })
  eta_ms: EtaResponse | null;

  @ApiProperty({
    type: 'number',
    nullable: true,
    minimum: 0,
    maximum: 1,
    description: 'Share of its answers of the last minutes that were a bank at work; `null` while nobody can tell.',
    example: 0.994,
  })
  success_rate: number | null;

  @ApiProperty({
    type: () => ChannelMaintenanceResponse,
    nullable: true,
    description: 'Announced and not begun.',
    example: null,
  })
  maintenance: ChannelMaintenanceResponse | null;

  @ApiProperty({ type: 'boolean', example: true })
  enabled: boolean;

  @ApiProperty({ type: 'array', items: { type: 'string' }, example: ['CNY'] })
  currencies: readonly string[];

  @ApiProperty({ type: () => ChannelLimitsResponse })
  limits: ChannelLimitsResponse;
}

export class ChannelListResponse {
  @ApiProperty({ enum: ['list'] })
  object: 'list';

  @ApiProperty({ type: () => [ChannelResponse] })
  data: readonly ChannelResponse[];

  @ApiProperty({ type: 'boolean', example: false })
  has_more: boolean;
}

/** The `data:` of an event of `/v1/channels/stream`. */
export class ChannelsEventResponse {
  @ApiProperty({ type: () => [ChannelResponse], description: 'All at first; then those that changed.' })
  channels: readonly ChannelResponse[];
}

/** How a channel is doing. */
export interface ChannelStanding {
  readonly level: CongestionLevel;
  readonly reason: Reason | null;
  readonly etaMs: Eta | null;
  readonly successRate: number | null;
  readonly announced: AnnouncedWindow | null;
}

export function renderChannel(
  channel: Channel,
  limits: ChannelLimits,
  bank: Bank,
  { announced, etaMs, level, reason, successRate }: ChannelStanding,
): ChannelResponse {
  return {
    id: channel.id,
    object: 'channel',
    bank: { id: bank.id, name: bank.name },
    product: channel.product,
    level,
    reason: reason && renderReason(reason),
    eta_ms: etaMs && { p50: etaMs.p50, p90: etaMs.p90 },
    success_rate: successRate,
    maintenance: announced && {
      starts_at: timeText(announced.startsAt),
      ends_at: announced.endsAt === null ? null : timeText(announced.endsAt),
    },
    enabled: channel.enabled,
    currencies: channel.currencies,
    limits: { amount_min: limits.amountMin, amount_max: limits.amountMax },
  };
}
