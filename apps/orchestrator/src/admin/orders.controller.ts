/** Drain, pause, isolate, kill: given to a channel, a bank or everything, and released. */
import { Controller, Get, HttpCode, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import {
  ADMIN_LIST_LIMIT_DEFAULT,
  EndRequest,
  GiveOrderRequest,
  ListOrdersQuery,
  type OrderListResponse,
  type OrderResponse,
  type OrdersReleasedResponse,
  ReleaseOrdersRequest,
  numberOf,
  validatorOf,
} from '#contracts';
import {
  type ChannelRegistry,
  type FlowView,
  IMMEDIATE_HOLDS,
  OrderChannels,
  type OrdersBook,
  RELEASED_BY_DEFAULT,
} from '#dispatch';
import type { ChannelHold } from '#domain';
import { OperatorKey, operatorOf } from '../http/api-key.guard';
import type { HttpReply, HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';
import { readQuery } from '../http/read-query';
import { readBody } from '../http/read-body';
import { CHANNELS, FLOW, ORDERS } from '../tokens';
import { orderProblem } from './order-problem';
import { timeOf } from './time-of';
import { renderOrder } from './render-order';
import { untilAcknowledged } from './until-acknowledged';

const errorsOfOrder = validatorOf(GiveOrderRequest);
const errorsOfRelease = validatorOf(ReleaseOrdersRequest);
const errorsOfEnd = validatorOf(EndRequest);
const errorsOfQuery = validatorOf(ListOrdersQuery);

@Controller()
@UseGuards(OperatorKey)
export class OrdersController {
  constructor(
    @Inject(ORDERS) private readonly book: OrdersBook,
    @Inject(CHANNELS) private readonly channels: ChannelRegistry,
    @Inject(FLOW) private readonly flow: FlowView,
    private readonly orders: OrderChannels,
  ) {}

  @Post('v1/admin/orders')
  async give(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const { hold, reason, target, until } = readBody<GiveOrderRequest>(request, errorsOfOrder);
    const by = operatorOf(request);
    const answer = await this.orders.order({ target, hold, until: timeOf(until), by, why: reason });
    if (answer.kind === 'refused') throw orderProblem(answer);
    const { order, standing, version } = answer;
    const body = renderOrder(order, this.channels.nowMs(), await untilAcknowledged(this.flow, version));
    reply.code(standing ? 200 : 201).send(body);
  }

  @Get('v1/admin/orders')
  async list(@Req() request: HttpRequest): Promise<OrderListResponse> {
    const { hold, limit, open, starting_after, target } = readQuery<ListOrdersQuery>(request, errorsOfQuery);
    const filter = {
      open: open === undefined ? null : open === 'true',
      holds: hold === undefined ? IMMEDIATE_HOLDS : [hold as ChannelHold],
      target: target ?? null,
    };
    const before = starting_after === undefined ? null : numberOf('ord', starting_after);
    const page = await this.book.list(filter, before, limit === undefined ? ADMIN_LIST_LIMIT_DEFAULT : Number(limit));
    const nowMs = this.channels.nowMs();
    return {
      object: 'list',
      data: page.orders.map((order) => renderOrder(order, nowMs, null)),
      has_more: page.hasMore,
    };
  }

  @Post('v1/admin/orders/release')
  @HttpCode(200)
  async releaseAll(@Req() request: HttpRequest): Promise<OrdersReleasedResponse> {
    const { holds, reason, target } = readBody<ReleaseOrdersRequest>(request, errorsOfRelease);
    const answer = await this.orders.releaseAll(target, holds ?? RELEASED_BY_DEFAULT, operatorOf(request), reason);
    if (answer.kind === 'refused') throw orderProblem(answer);
    const nowMs = this.channels.nowMs();
    return {
      object: 'orders_released',
      released: answer.released.map((order) => renderOrder(order, nowMs, null)),
      acknowledged: await untilAcknowledged(this.flow, answer.version),
    };
  }

  @Post('v1/admin/orders/:id/release')
  @HttpCode(200)
  async release(@Req() request: HttpRequest): Promise<OrderResponse> {
    const id = numberOf('ord', request.params['id'] ?? '');
    if (id === null) throw new ProblemError({ code: 'not_found' });
    const { reason } = readBody<EndRequest>(request, errorsOfEnd);
    const answer = await this.orders.release(id, false, operatorOf(request), reason);
    if (answer.kind === 'refused') throw orderProblem(answer);
    return renderOrder(answer.order, this.channels.nowMs(), await untilAcknowledged(this.flow, answer.version));
  }
}
