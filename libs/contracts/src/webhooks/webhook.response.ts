/** Webhook endpoints and deliveries as the API shows them. */
import { ApiProperty } from '@nestjs/swagger';
import {
  type EpochMs,
  WEBHOOK_DELIVERY_STATES,
  type WebhookDeliveryKey,
  type WebhookDeliveryState,
  type WebhookEndpoint,
  webhookDeliveryId,
} from '#domain';
import { timeText } from '../payments/time-text';

export class WebhookEndpointResponse {
  @ApiProperty({ type: 'string', example: 'whe_01m80jktghe4fbqfv67qr043d5' })
  id: string;

  @ApiProperty({ enum: ['webhook_endpoint'] })
  object: 'webhook_endpoint';

  @ApiProperty({ type: 'string', format: 'uri', example: 'https://shop.example.com/hooks/sluice' })
  url: string;

  @ApiProperty({ type: 'array', items: { type: 'string' }, example: ['payment.succeeded', 'payment.failed'] })
  event_types: readonly string[];

  @ApiProperty({ type: 'boolean', description: 'Closed endpoints are told nothing more.', example: true })
  enabled: boolean;

  @ApiProperty({ type: 'string', nullable: true, description: '`gone`: it answered 410.', example: null })
  disabled_reason: string | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'After a rotation: until then the secret before it signs as well.',
    example: null,
  })
  previous_secret_until: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-11-10T15:30:00.000Z' })
  created_at: string;
}

/** With the secret, which is shown this once. */
export class WebhookEndpointWithSecretResponse extends WebhookEndpointResponse {
  @ApiProperty({
    type: 'string',
    description: 'Signs every delivery (HMAC-SHA256, Standard Webhooks). Shown now and never again: keep it.',
    example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  })
  secret: string;
}

export class WebhookEndpointListResponse {
  @ApiProperty({ enum: ['list'] })
  object: 'list';

  @ApiProperty({ type: () => [WebhookEndpointResponse] })
  data: readonly WebhookEndpointResponse[];

  @ApiProperty({ type: 'boolean', example: false })
  has_more: boolean;
}

export class WebhookDeliveryResponse {
  @ApiProperty({
    type: 'string',
    description: 'Also the `webhook-id` that the receiver sees, the same in every repetition.',
    example: 'whd_01m80jktghe4fbqfv67qr043d4_3_01m80jktghe4fbqfv67qr043d5',
  })
  id: string;

  @ApiProperty({ enum: ['webhook_delivery'] })
  object: 'webhook_delivery';

  @ApiProperty({ type: 'string', example: 'whe_01m80jktghe4fbqfv67qr043d5' })
  endpoint: string;

  @ApiProperty({ type: 'string', example: 'pay_01m80jktghe4fbqfv67qr043d4' })
  payment: string;

  @ApiProperty({ type: 'integer', description: 'The payment’s version: the id of the event.', example: 3 })
  version: number;

  @ApiProperty({ type: 'string', example: 'payment.succeeded' })
  type: string;

  @ApiProperty({
    enum: [...WEBHOOK_DELIVERY_STATES],
    description: '`dead`: nobody tries any more by itself; ask for a redelivery.',
    example: 'delivered',
  })
  status: WebhookDeliveryState;

  @ApiProperty({ type: 'integer', description: 'How often it was tried.', example: 1 })
  tries: number;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: null })
  next_attempt_at: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-11-10T16:00:03.402Z' })
  last_attempt_at: string | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'HTTP status of the last try.', example: 200 })
  last_status: number | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description:
      'Why the last try had no answer: `timeout`, `connection_failed`, `address_refused`, or `endpoint_closed`.',
    example: null,
  })
  last_error: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-11-10T16:00:03.431Z' })
  delivered_at: string | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    description: 'When it happened.',
    example: '2026-11-10T16:00:03.377Z',
  })
  created_at: string;
}

export class WebhookDeliveryListResponse {
  @ApiProperty({ enum: ['list'] })
  object: 'list';

  @ApiProperty({ type: () => [WebhookDeliveryResponse] })
  data: readonly WebhookDeliveryResponse[];

  @ApiProperty({
    type: 'boolean',
    description: 'There are older ones: ask again with `starting_after` = the last id.',
    example: false,
  })
  has_more: boolean;
}

export function renderWebhookEndpoint(endpoint: WebhookEndpoint): WebhookEndpointResponse {
  return {
    id: endpoint.id,
    object: 'webhook_endpoint',
    url: endpoint.url,
    event_types: endpoint.eventTypes,
    enabled: endpoint.enabled,
    disabled_reason: endpoint.disabledReason,
    previous_secret_until: timeOrNull(endpoint.previousSecretUntil),
    created_at: timeText(endpoint.createdAt),
  };
}

/** What the journal knows of a delivery. */
export interface WebhookDeliveryFacts extends WebhookDeliveryKey {
  readonly eventType: string;
  readonly eventAt: EpochMs;
  readonly state: WebhookDeliveryState;
  readonly tries: number;
  readonly nextAttemptAt: EpochMs | null;
  readonly lastAttemptAt: EpochMs | null;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly deliveredAt: EpochMs | null;
}

export function renderWebhookDelivery(delivery: WebhookDeliveryFacts): WebhookDeliveryResponse {
  return {
    id: webhookDeliveryId(delivery),
    object: 'webhook_delivery',
    endpoint: delivery.endpointId,
    payment: delivery.paymentId,
    version: delivery.version,
    type: delivery.eventType,
    status: delivery.state,
    tries: delivery.tries,
    next_attempt_at: timeOrNull(delivery.nextAttemptAt),
    last_attempt_at: timeOrNull(delivery.lastAttemptAt),
    last_status: delivery.lastStatus,
    last_error: delivery.lastError,
    delivered_at: timeOrNull(delivery.deliveredAt),
    created_at: timeText(delivery.eventAt),
  };
}

function timeOrNull(at: EpochMs | null): string | null {
  return at === null ? null : timeText(at);
}
