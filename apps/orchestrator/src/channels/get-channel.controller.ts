/** GET /v1/channels/:id */
import { Controller, Get, Req, UseGuards } from '@nestjs/common';
import type { ChannelResponse } from '#contracts';
import { AnyKey } from '../http/api-key.guard';
import type { HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';
import { ChannelViews } from './channel-views';

@Controller()
export class GetChannelController {
  constructor(private readonly views: ChannelViews) {}

  @Get('v1/channels/:id')
  @UseGuards(AnyKey)
  get(@Req() request: HttpRequest): ChannelResponse {
    const channel = this.views.one(request.params['id'] ?? '');
    if (!channel) throw new ProblemError({ code: 'not_found' });
    return channel;
  }
}
