/** GET /v1/admin/channels and /:id: everything about each channel, from memory. */
import { Controller, Get, Inject, Req, UseGuards } from '@nestjs/common';
import type { AdminChannelDetailResponse, AdminChannelListResponse } from '#contracts';
import type { ChannelRegistry, FlowView } from '#dispatch';
import { isChannelId } from '#domain';
import { OperatorKey } from '../http/api-key.guard';
import type { HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';
import { CHANNELS, FLOW } from '../tokens';
import { acknowledgedOf, controllerOf } from './acknowledged';
import { renderAdminChannel } from './render-channel';

@Controller()
@UseGuards(OperatorKey)
export class AdminChannelsController {
  constructor(
    @Inject(CHANNELS) private readonly channels: ChannelRegistry,
    @Inject(FLOW) private readonly flow: FlowView,
  ) {}

  @Get('v1/admin/channels')
  list(): AdminChannelListResponse {
    const data = this.channels.all().map((entry) => renderAdminChannel(entry, this.flow));
    return { object: 'list', data, has_more: false, ...this.hands() };
  }

  @Get('v1/admin/channels/:id')
  get(@Req() { params }: HttpRequest): AdminChannelDetailResponse {
    const { id = '' } = params;
    const entry = isChannelId(id) ? this.channels.get(id) : undefined;
    if (!entry) throw new ProblemError({ code: 'not_found' });
    return { ...renderAdminChannel(entry, this.flow), ...this.hands() };
  }

  private hands() {
    return { controller: controllerOf(this.flow), acknowledged: acknowledgedOf(this.flow, this.channels.version()) };
  }
}
