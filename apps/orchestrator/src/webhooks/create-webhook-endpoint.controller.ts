/** POST /v1/webhook_endpoints: the secret is shown in this answer only. */
import { Controller, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { OrchestratorEnv } from '#config';
import { CreateWebhookEndpointRequest, renderWebhookEndpoint, validatorOf } from '#contracts';
import type { WebhookEndpoints } from '#dispatch';
import { ALL_EVENTS } from '#domain';
import { checkWebhookUrl } from '#policy';
import { MerchantKey, merchantOf } from '../http/api-key.guard';
import type { HttpReply, HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';
import { readJson } from '../http/read-json';
import { ENV, WEBHOOK_ENDPOINTS } from '../tokens';
import { newWebhookEndpointId, newWebhookSecret } from './webhook-secret';

const errorsOf = validatorOf(CreateWebhookEndpointRequest);

@Controller()
export class CreateWebhookEndpointController {
  constructor(
    @Inject(WEBHOOK_ENDPOINTS) private readonly endpoints: WebhookEndpoints,
    @Inject(ENV) private readonly env: OrchestratorEnv,
  ) {}

  @Post('v1/webhook_endpoints')
  @UseGuards(MerchantKey)
  async create(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const merchantId = merchantOf(request);
    const json = readJson(request);
    const errors = errorsOf(json);
    if (errors.length > 0) throw ProblemError.about('parameter_invalid', errors);
    const body = json as unknown as CreateWebhookEndpointRequest;
    const { url } = checkWebhookUrl(body.url, this.env.SLUICE_WEBHOOK_ALLOW_PRIVATE);
    if (!url) throw ProblemError.about('parameter_invalid', [{ pointer: '/url', code: 'webhook_url' }]);
    const secret = newWebhookSecret();
    const eventTypes = body.event_types ?? [ALL_EVENTS];
    const made = await this.endpoints.create({
      id: newWebhookEndpointId(),
      merchantId,
      url: url.href,
      eventTypes,
      secret,
    });
    if (made === 'url_taken') throw new ProblemError({ code: 'webhook_url_taken' });
    if (made === 'too_many') throw new ProblemError({ code: 'webhook_endpoints_full' });
    reply
      .code(201)
      .header('Location', `/v1/webhook_endpoints/${made.id}`)
      .header('Cache-Control', 'no-store')
      .send({ ...renderWebhookEndpoint(made), secret });
  }
}
