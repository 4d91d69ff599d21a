/** DELETE /v1/webhook_endpoints/:id */
import { Controller, Delete, HttpCode, Inject, Req, UseGuards } from '@nestjs/common';
import type { WebhookEndpoints } from '#dispatch';
import { MerchantKey, merchantOf } from '../http/api-key.guard';
import type { HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';
import { WEBHOOK_ENDPOINTS } from '../tokens';
import { endpointIdOf } from './endpoint-of-request';

@Controller()
export class DeleteWebhookEndpointController {
  constructor(@Inject(WEBHOOK_ENDPOINTS) private readonly endpoints: WebhookEndpoints) {}

  @Delete('v1/webhook_endpoints/:id')
  @HttpCode(204)
  @UseGuards(MerchantKey)
  async remove(@Req() request: HttpRequest): Promise<void> {
    const removed = await this.endpoints.remove(merchantOf(request), endpointIdOf(request));
    if (!removed) throw new ProblemError({ code: 'not_found' });
  }
}
