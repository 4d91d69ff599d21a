/** GET /v1/channels/stream: how all channels are doing, as server-sent events. */
import { Controller, Get, Req, Res, UseGuards } from '@nestjs/common';
import { AnyKey } from '../http/api-key.guard';
import type { HttpReply, HttpRequest } from '../http/exchange';
import { openSink } from '../http/open-sink';
import { ProblemError } from '../http/problem-error';
import { ChannelBoard } from './channel-board';

@Controller()
export class ChannelsStreamController {
  constructor(private readonly board: ChannelBoard) {}

  @Get('v1/channels/stream')
  @UseGuards(AnyKey)
  follow(@Req() request: HttpRequest, @Res() reply: HttpReply): void {
    if (!this.board.hasRoom()) throw new ProblemError({ code: 'router_overloaded' });
    const gone = this.board.open(openSink(request, reply));
    reply.raw.once('close', gone);
    if (reply.raw.destroyed) gone();
  }
}
