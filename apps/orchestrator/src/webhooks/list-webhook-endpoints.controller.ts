/** GET /v1/webhook_endpoints */
import { Controller, Get, Inject, Req, UseGuards } from '@nestjs/common';
import { type WebhookEndpointListResponse, renderWebhookEndpoint } from '#contracts';
import type { WebhookEndpoints } from '#dispatch';
import { MerchantKey, merchantOf } from '../http/api-key.guard';
import type { HttpRequest } from '../http/exchange';
import { WEBHOOK_ENDPOINTS } from '../tokens';

@Controller()
export class ListWebhookEndpointsController {
  constructor(@Inject(WEBHOOK_ENDPOINTS) private readonly endpoints: WebhookEndpoints) {}

  @Get('v1/webhook_endpoints')
  @UseGuards(MerchantKey)
  async list(@Req() request: HttpRequest): Promise<WebhookEndpointListResponse> {
    const found = await this.endpoints.list(merchantOf(request));
    return { object: 'list', data: found.map(renderWebhookEndpoint), has_more: false };
  }
}
