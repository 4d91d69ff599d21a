/** GET /v1/channels: from memory. */
import { Controller, Get, UseGuards } from '@nestjs/common';
import type { ChannelListResponse } from '#contracts';
import { AnyKey } from '../http/api-key.guard';
import { ChannelViews } from './channel-views';

@Controller()
export class ListChannelsController {
  constructor(private readonly views: ChannelViews) {}

  @Get('v1/channels')
  @UseGuards(AnyKey)
  list(): ChannelListResponse {
    return { object: 'list', data: this.views.all(), has_more: false };
  }
}
