/** PUT /v1/payers/:id/instruments: these and no others, in this order. */
import { Controller, Inject, Put, Req, UseGuards } from '@nestjs/common';
import {
  type PayerInstrumentListResponse,
  PutPayerInstrumentsRequest,
  renderPayerInstruments,
  validatorOf,
} from '#contracts';
import type { PayerInstruments } from '#dispatch';
import type { InstrumentToken } from '#domain';
import { ChannelNames } from '../channels/channel-names';
import { MerchantKey, merchantOf } from '../http/api-key.guard';
import type { HttpRequest } from '../http/exchange';
import { readBody } from '../http/read-body';
import { PAYER_INSTRUMENTS } from '../tokens';
import { payerOf, storedOr } from './payer-of-request';

const errorsOf = validatorOf(PutPayerInstrumentsRequest);

@Controller()
export class PutPayerInstrumentsController {
  constructor(
    @Inject(PAYER_INSTRUMENTS) private readonly instruments: PayerInstruments,
    private readonly names: ChannelNames,
  ) {}

  @Put('v1/payers/:id/instruments')
  @UseGuards(MerchantKey)
  async put(@Req() request: HttpRequest): Promise<PayerInstrumentListResponse> {
    const payerId = payerOf(request);
    const { tokens } = readBody<PutPayerInstrumentsRequest>(request, errorsOf);
    const answer = await this.instruments.replace(merchantOf(request), payerId, tokens as InstrumentToken[]);
    return renderPayerInstruments(
      storedOr(answer, (position) => `/tokens/${position}`),
      this.names.nameOf,
    );
  }
}
