/** POST /v1/payers/:id/instruments: one more at the end of the list. Adding twice is adding once, so no key is asked for. */
import { Controller, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import { AddPayerInstrumentRequest, renderPayerInstruments, validatorOf } from '#contracts';
import type { PayerInstruments } from '#dispatch';
import type { InstrumentToken } from '#domain';
import { ChannelNames } from '../channels/channel-names';
import { MerchantKey, merchantOf } from '../http/api-key.guard';
import type { HttpReply, HttpRequest } from '../http/exchange';
import { readBody } from '../http/read-body';
import { PAYER_INSTRUMENTS } from '../tokens';
import { payerOf, storedOr } from './payer-of-request';

const errorsOf = validatorOf(AddPayerInstrumentRequest);

@Controller()
export class AddPayerInstrumentController {
  constructor(
    @Inject(PAYER_INSTRUMENTS) private readonly instruments: PayerInstruments,
    private readonly names: ChannelNames,
  ) {}

  @Post('v1/payers/:id/instruments')
  @UseGuards(MerchantKey)
  async add(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const payerId = payerOf(request);
    const { token } = readBody<AddPayerInstrumentRequest>(request, errorsOf);
    const answer = await this.instruments.add(merchantOf(request), payerId, token as InstrumentToken);
    const stored = storedOr(answer, () => '/token');
    const isNew = answer.kind === 'stored' && answer.isNew;
    reply.code(isNew ? 201 : 200).send(renderPayerInstruments(stored, this.names.nameOf));
  }
}
