/** A channel as merchants see it: where it leads, what it takes, and how it is doing. */
import { ApiProperty } from '@nestjs/swagger';
import { type Bank, CONGESTION_LEVELS, type Channel, type ChannelLimits, PRODUCTS } from '#domain';
import { MessageResponse } from '../payments/message.response';

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

export class ChannelResponse {
  @ApiProperty({ type: 'string', example: 'icbc.quickpay' })
  id: string;

  @ApiProperty({ enum: ['channel'] })
  object: 'channel';

  @ApiProperty({ type: () => BankResponse })
  bank: BankResponse;

  @ApiProperty({ enum: [...PRODUCTS], example: 'quickpay' })
  product: string;

  @ApiProperty({ enum: [...CONGESTION_LEVELS], description: 'How it is doing.', example: 'normal' })
  level: string;

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

export function renderChannel(channel: Channel, limits: ChannelLimits, bank: Bank): ChannelResponse {
  return {
    id: channel.id,
    object: 'channel',
    bank: { id: bank.id, name: bank.name },
    product: channel.product,
    level: channel.enabled ? 'normal' : 'closed',
    enabled: channel.enabled,
    currencies: channel.currencies,
    limits: { amount_min: limits.amountMin, amount_max: limits.amountMax },
  };
}
