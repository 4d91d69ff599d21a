/** Maintenance windows: announced to payers, in force as a hard stop from their begin to their end, canceled before or within. */
import { Controller, Get, HttpCode, Inject, Post, Req, UseGuards } from '@nestjs/common';
import {
  ADMIN_LIST_LIMIT_DEFAULT,
  AnnounceMaintenanceRequest,
  EndRequest,
  ListWindowsQuery,
  type OrderListResponse,
  type OrderResponse,
  numberOf,
  validatorOf,
} from '#contracts';
import { type ChannelRegistry, type FlowView, OrderChannels, type OrdersBook } from '#dispatch';
import { OperatorKey, operatorOf } from '../http/api-key.guard';
import type { HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';
import { readQuery } from '../http/read-query';
import { readBody } from '../http/read-body';
import { CHANNELS, FLOW, ORDERS } from '../tokens';
import { orderProblem } from './order-problem';
import { timeOf } from './time-of';
import { renderOrder } from './render-order';
import { untilAcknowledged } from './until-acknowledged';

const errorsOfWindow = validatorOf(AnnounceMaintenanceRequest);
const errorsOfEnd = validatorOf(EndRequest);
const errorsOfQuery = validatorOf(ListWindowsQuery);

const MINUTE_MS = 60_000;

@Controller()
@UseGuards(OperatorKey)
export class MaintenanceWindowsController {
  constructor(
    @Inject(ORDERS) private readonly book: OrdersBook,
    @Inject(CHANNELS) private readonly channels: ChannelRegistry,
    @Inject(FLOW) private readonly flow: FlowView,
    private readonly orders: OrderChannels,
  ) {}

  @Post('v1/admin/maintenance_windows')
  async announce(@Req() request: HttpRequest): Promise<OrderResponse> {
    const body = readBody<AnnounceMaintenanceRequest>(request, errorsOfWindow);
    const answer = await this.orders.announce({
      target: body.target,
      startsAt: timeOf(body.starts_at) ?? NaN,
      endsAt: timeOf(body.ends_at) ?? NaN,
      drainsBeforeMs: (body.drain_minutes ?? 0) * MINUTE_MS,
      by: operatorOf(request),
      why: body.reason,
    });
    if (answer.kind === 'refused') throw orderProblem(answer);
    return renderOrder(answer.order, this.channels.nowMs(), await untilAcknowledged(this.flow, answer.version));
  }

  @Get('v1/admin/maintenance_windows')
  async list(@Req() request: HttpRequest): Promise<OrderListResponse> {
    const { limit, open, starting_after, target } = readQuery<ListWindowsQuery>(request, errorsOfQuery);
    const page = await this.book.list(
      { open: open === undefined ? null : open === 'true', holds: ['maintenance'], target: target ?? null },
      starting_after === undefined ? null : numberOf('mwn', starting_after),
      limit === undefined ? ADMIN_LIST_LIMIT_DEFAULT : Number(limit),
    );
    const nowMs = this.channels.nowMs();
    return {
      object: 'list',
      data: page.orders.map((order) => renderOrder(order, nowMs, null)),
      has_more: page.hasMore,
    };
  }

  @Post('v1/admin/maintenance_windows/:id/cancel')
  @HttpCode(200)
  async cancel(@Req() request: HttpRequest): Promise<OrderResponse> {
    const id = numberOf('mwn', request.params['id'] ?? '');
    if (id === null) throw new ProblemError({ code: 'not_found' });
    const { reason } = readBody<EndRequest>(request, errorsOfEnd);
    const answer = await this.orders.release(id, true, operatorOf(request), reason);
    if (answer.kind === 'refused') throw orderProblem(answer);
    return renderOrder(answer.order, this.channels.nowMs(), await untilAcknowledged(this.flow, answer.version));
  }
}
