/** POST /v1/webhook_deliveries/:id/redeliver: one more try, under the same id. */
import { Controller, HttpCode, Inject, Post, Req, UseGuards } from '@nestjs/common';
import { type WebhookDeliveryResponse, renderWebhookDelivery } from '#contracts';
import type { WebhookEndpoints } from '#dispatch';
import { parseWebhookDeliveryId } from '#domain';
import { MerchantKey, merchantOf } from '../http/api-key.guard';
import type { HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';
import { WEBHOOK_ENDPOINTS } from '../tokens';
import { foundOr404 } from './endpoint-of-request';

@Controller()
export class RedeliverWebhookController {
  constructor(@Inject(WEBHOOK_ENDPOINTS) private readonly endpoints: WebhookEndpoints) {}

  @Post('v1/webhook_deliveries/:id/redeliver')
  @HttpCode(200)
  @UseGuards(MerchantKey)
  async redeliver(@Req() request: HttpRequest): Promise<WebhookDeliveryResponse> {
    const key = foundOr404(parseWebhookDeliveryId(request.params.id ?? ''));
    const due = foundOr404(await this.endpoints.redeliver(merchantOf(request), key));
    if (due === 'closed') throw new ProblemError({ code: 'webhook_endpoint_closed' });
    return renderWebhookDelivery(due);
  }
}
