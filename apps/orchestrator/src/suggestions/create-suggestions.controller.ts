/** POST /v1/suggestions: a payer's instruments, ranked for the cashier page before anything is posted. */
import { Controller, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import { SuggestRequest, type SuggestionListResponse, renderSuggestions, suggestErrors, validatorOf } from '#contracts';
import { type FlowView, SuggestWays } from '#dispatch';
import type { ChannelId, CongestionLevel, InstrumentToken } from '#domain';
import { ChannelNames } from '../channels/channel-names';
import { MerchantKey, merchantOf } from '../http/api-key.guard';
import type { HttpReply, HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';
import { readJson } from '../http/read-json';
import { FLOW } from '../tokens';

const errorsOf = validatorOf(SuggestRequest);

@Controller()
export class CreateSuggestionsController {
  constructor(
    private readonly suggestWays: SuggestWays,
    private readonly names: ChannelNames,
    @Inject(FLOW) private readonly flow: FlowView,
  ) {}

  @Post('v1/suggestions')
  @UseGuards(MerchantKey)
  async suggest(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const merchantId = merchantOf(request);
    const json = readJson(request);
    const errors = errorsOf(json);
    const body = json as unknown as SuggestRequest;
    const found = errors.length > 0 ? errors : suggestErrors(body);
    if (found.length > 0) throw ProblemError.about('parameter_invalid', found);
    const answer = await this.suggestWays.suggest({
      merchantId,
      merchantOrderNo: body.merchant_order_no,
      amount: { value: body.amount.value, currency: body.amount.currency },
      tokens: (body.instruments ?? null) as InstrumentToken[] | null,
      payerId: body.payer_id ?? null,
      maxWaitMs: body.max_wait_ms ?? null,
    });
    if (answer.kind === 'refused') throw ProblemError.of(answer);
    const list: SuggestionListResponse = {
      object: 'list',
      data: renderSuggestions(answer.suggestions, this.names.nameOf),
      has_more: false,
      level: this.levelOf(answer.channelId),
    };
    // 200, not 201: nothing was made that could be read again.
    reply.code(200).send(list);
  }

  private levelOf(channelId: ChannelId | null): CongestionLevel {
    return (channelId && this.flow.get(channelId)?.level) ?? 'normal';
  }
}
