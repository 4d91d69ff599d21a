/** GET /v1/admin/live: server-sent events with the whole world, once a second, resumable. */
import { Controller, Get, Req, Res, UseGuards } from '@nestjs/common';
import { OperatorKey } from '../http/api-key.guard';
import type { HttpReply, HttpRequest } from '../http/exchange';
import { openSink } from '../http/open-sink';
import { ProblemError } from '../http/problem-error';
import { LiveBoard } from './live-board';

@Controller()
export class LiveController {
  constructor(private readonly board: LiveBoard) {}

  @Get('v1/admin/live')
  @UseGuards(OperatorKey)
  async follow(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    if (!this.board.hasRoom()) throw new ProblemError({ code: 'router_overloaded' });
    const lastEventId = request.headers['last-event-id'];
    const gone = await this.board.open(openSink(request, reply), typeof lastEventId === 'string' ? lastEventId : null);
    reply.raw.once('close', gone);
    if (reply.raw.destroyed) gone();
  }
}
