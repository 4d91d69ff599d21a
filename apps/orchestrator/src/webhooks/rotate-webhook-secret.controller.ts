/** POST /v1/webhook_endpoints/:id/rotate_secret: the one before it goes on signing for a day. */
import { Controller, Header, HttpCode, Inject, Post, Req, UseGuards } from '@nestjs/common';
import { type WebhookEndpointWithSecretResponse, renderWebhookEndpoint } from '#contracts';
import type { WebhookEndpoints } from '#dispatch';
import { MerchantKey, merchantOf } from '../http/api-key.guard';
import type { HttpRequest } from '../http/exchange';
import { WEBHOOK_ENDPOINTS } from '../tokens';
import { endpointIdOf, foundOr404 } from './endpoint-of-request';
import { newWebhookSecret } from './webhook-secret';

@Controller()
export class RotateWebhookSecretController {
  constructor(@Inject(WEBHOOK_ENDPOINTS) private readonly endpoints: WebhookEndpoints) {}

  @Post('v1/webhook_endpoints/:id/rotate_secret')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @UseGuards(MerchantKey)
  async rotate(@Req() request: HttpRequest): Promise<WebhookEndpointWithSecretResponse> {
    const secret = newWebhookSecret();
    const rotated = foundOr404(await this.endpoints.rotate(merchantOf(request), endpointIdOf(request), secret));
    return { ...renderWebhookEndpoint(rotated), secret };
  }
}
