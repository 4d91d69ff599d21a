/** GET /v1/webhook_endpoints/:id */
import { Controller, Get, Inject, Req, UseGuards } from '@nestjs/common';
import { type WebhookEndpointResponse, renderWebhookEndpoint } from '#contracts';
import type { WebhookEndpoints } from '#dispatch';
import { MerchantKey, merchantOf } from '../http/api-key.guard';
import type { HttpRequest } from '../http/exchange';
import { WEBHOOK_ENDPOINTS } from '../tokens';
import { endpointIdOf, foundOr404 } from './endpoint-of-request';

@Controller()
export class GetWebhookEndpointController {
  constructor(@Inject(WEBHOOK_ENDPOINTS) private readonly endpoints: WebhookEndpoints) {}

  @Get('v1/webhook_endpoints/:id')
  @UseGuards(MerchantKey)
  async get(@Req() request: HttpRequest): Promise<WebhookEndpointResponse> {
    return renderWebhookEndpoint(foundOr404(await this.endpoints.find(merchantOf(request), endpointIdOf(request))));
  }
}
