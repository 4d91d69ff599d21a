/** GET /v1/webhook_endpoints/:id/deliveries: a page, newest payment first. */
import { Controller, Get, Inject, Req, UseGuards } from '@nestjs/common';
import {
  LIST_LIMIT_DEFAULT,
  ListDeliveriesQuery,
  type WebhookDeliveryListResponse,
  renderWebhookDelivery,
  validatorOf,
} from '#contracts';
import type { WebhookEndpoints } from '#dispatch';
import { parseWebhookDeliveryId } from '#domain';
import { MerchantKey, merchantOf } from '../http/api-key.guard';
import type { HttpRequest } from '../http/exchange';
import { readQuery } from '../http/read-query';
import { WEBHOOK_ENDPOINTS } from '../tokens';
import { endpointIdOf, foundOr404 } from './endpoint-of-request';

const errorsOf = validatorOf(ListDeliveriesQuery);

@Controller()
export class ListWebhookDeliveriesController {
  constructor(@Inject(WEBHOOK_ENDPOINTS) private readonly endpoints: WebhookEndpoints) {}

  @Get('v1/webhook_endpoints/:id/deliveries')
  @UseGuards(MerchantKey)
  async list(@Req() request: HttpRequest): Promise<WebhookDeliveryListResponse> {
    const id = endpointIdOf(request);
    const { limit, starting_after } = readQuery<ListDeliveriesQuery>(request, errorsOf);
    foundOr404(await this.endpoints.find(merchantOf(request), id));
    const before = starting_after === undefined ? null : parseWebhookDeliveryId(starting_after);
    const page = await this.endpoints.deliveries(id, before, limit === undefined ? LIST_LIMIT_DEFAULT : Number(limit));
    return { object: 'list', data: page.deliveries.map(renderWebhookDelivery), has_more: page.hasMore };
  }
}
