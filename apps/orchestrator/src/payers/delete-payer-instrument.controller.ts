/** DELETE /v1/payers/:id/instruments/:token. What was accepted with it goes on. */
import { Controller, Delete, HttpCode, Inject, Req, UseGuards } from '@nestjs/common';
import { isInstrumentToken } from '#contracts';
import type { PayerInstruments } from '#dispatch';
import type { InstrumentToken } from '#domain';
import { MerchantKey, merchantOf } from '../http/api-key.guard';
import type { HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';
import { PAYER_INSTRUMENTS } from '../tokens';
import { payerOf } from './payer-of-request';

@Controller()
export class DeletePayerInstrumentController {
  constructor(@Inject(PAYER_INSTRUMENTS) private readonly instruments: PayerInstruments) {}

  @Delete('v1/payers/:id/instruments/:token')
  @HttpCode(204)
  @UseGuards(MerchantKey)
  async remove(@Req() request: HttpRequest): Promise<void> {
    const { token = '' } = request.params;
    const isThere =
      isInstrumentToken(token) &&
      (await this.instruments.remove(merchantOf(request), payerOf(request), token as InstrumentToken));
    if (!isThere) throw new ProblemError({ code: 'not_found' });
  }
}
