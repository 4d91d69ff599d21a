/** GET /v1/channels: from memory. */
import { Controller, Get, Inject, UseGuards } from '@nestjs/common';
import { type ChannelListResponse, renderChannel } from '#contracts';
import type { ChannelRegistry } from '#dispatch';
import { AnyKey } from '../http/api-key.guard';
import { CHANNELS } from '../tokens';

@Controller()
export class ListChannelsController {
  constructor(@Inject(CHANNELS) private readonly channels: ChannelRegistry) {}

  @Get('v1/channels')
  @UseGuards(AnyKey)
  list(): ChannelListResponse {
    const data = this.channels.all().map(({ channel, limits, bank }) => renderChannel(channel, limits, bank));
    return { object: 'list', data, has_more: false };
  }
}
