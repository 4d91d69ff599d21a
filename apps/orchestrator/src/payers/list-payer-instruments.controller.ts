/** GET /v1/payers/:id/instruments. A payer nobody has stored anything for has an empty list. */
import { Controller, Get, Inject, Req, UseGuards } from '@nestjs/common';
import { type PayerInstrumentListResponse, renderPayerInstruments } from '#contracts';
import type { PayerInstruments } from '#dispatch';
import { ChannelNames } from '../channels/channel-names';
import { MerchantKey, merchantOf } from '../http/api-key.guard';
import type { HttpRequest } from '../http/exchange';
import { PAYER_INSTRUMENTS } from '../tokens';
import { payerOf } from './payer-of-request';

@Controller()
export class ListPayerInstrumentsController {
  constructor(
    @Inject(PAYER_INSTRUMENTS) private readonly instruments: PayerInstruments,
    private readonly names: ChannelNames,
  ) {}

  @Get('v1/payers/:id/instruments')
  @UseGuards(MerchantKey)
  async list(@Req() request: HttpRequest): Promise<PayerInstrumentListResponse> {
    const stored = await this.instruments.list(merchantOf(request), payerOf(request));
    return renderPayerInstruments(stored, this.names.nameOf);
  }
}
