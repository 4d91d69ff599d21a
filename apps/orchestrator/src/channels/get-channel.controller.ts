/** GET /v1/channels/:id */
import { Controller, Get, Inject, Req, UseGuards } from '@nestjs/common';
import { type ChannelResponse, renderChannel } from '#contracts';
import type { ChannelRegistry } from '#dispatch';
import { isChannelId } from '#domain';
import { AnyKey } from '../http/api-key.guard';
import type { HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';
import { CHANNELS } from '../tokens';

@Controller()
export class GetChannelController {
  constructor(@Inject(CHANNELS) private readonly channels: ChannelRegistry) {}

  @Get('v1/channels/:id')
  @UseGuards(AnyKey)
  get(@Req() request: HttpRequest): ChannelResponse {
    const { id = '' } = request.params;
    const entry = isChannelId(id) ? this.channels.get(id) : undefined;
    if (!entry) throw new ProblemError({ code: 'not_found' });
    return renderChannel(entry.channel, entry.limits, entry.bank);
  }
}
