/** A payer's stored instruments as their merchant reads them. */
import { ApiProperty } from '@nestjs/swagger';
import { type ChannelId, type InstrumentToken, PRODUCTS } from '#domain';
import { timeText } from '../payments/time-text';
import type { NameChannel } from '../suggestions/render-suggestion';
import { SuggestedBankResponse } from '../suggestions/suggestion.response';

export class PayerInstrumentResponse {
  @ApiProperty({ type: 'string', example: 'tok_ccb_quickpay_ok' })
  token: string;

  @ApiProperty({ enum: ['payer_instrument'] })
  object: 'payer_instrument';

  @ApiProperty({ type: 'string', example: 'ccb.quickpay' })
  channel: string;

  @ApiProperty({ type: () => SuggestedBankResponse, nullable: true })
  bank: SuggestedBankResponse | null;

  @ApiProperty({ enum: [...PRODUCTS], nullable: true, example: 'quickpay' })
  product: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-11-10T15:30:00.000Z' })
  added_at: string;
}

export class PayerInstrumentListResponse {
  @ApiProperty({ enum: ['list'] })
  object: 'list';

  @ApiProperty({ type: () => [PayerInstrumentResponse], description: 'In the payer’s order.' })
  data: readonly PayerInstrumentResponse[];

  @ApiProperty({ type: 'boolean', example: false })
  has_more: boolean;
}

export function renderPayerInstruments(
  stored: readonly { readonly token: InstrumentToken; readonly channelId: ChannelId; readonly addedAt: number }[],
  nameOf: NameChannel,
): PayerInstrumentListResponse {
  const data = stored.map(({ addedAt, channelId, token }): PayerInstrumentResponse => {
    const names = nameOf(channelId);
    return {
      token,
      object: 'payer_instrument',
      channel: channelId,
      bank: names ? { id: names.bank.id, name: names.bank.name } : null,
      product: names?.product ?? null,
      added_at: timeText(addedAt),
    };
  });
  return { object: 'list', data, has_more: false };
}
