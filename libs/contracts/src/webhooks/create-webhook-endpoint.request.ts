/** The body of `POST /v1/webhook_endpoints`. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ALL_EVENTS, EVENT_TYPES, isEventTypeList } from '#domain';
import { Is, Optional, Required } from '../input/field-decorators';
import { isReturnUrl } from '../input/values';

export class CreateWebhookEndpointRequest {
  @Required()
  @Is('webhook_url', isReturnUrl)
  @ApiProperty({
    type: 'string',
    format: 'uri',
    maxLength: 2048,
    description: 'Where to tell: https, a public host name, port 443 or 8443. Redirects are not followed.',
    example: 'https://shop.example.com/hooks/sluice',
  })
  url: string;

  @Optional()
  @Is('event_types', isEventTypeList)
  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', enum: [ALL_EVENTS, ...EVENT_TYPES] },
    minItems: 1,
    uniqueItems: true,
    default: [ALL_EVENTS],
    nullable: true,
    description: 'What to tell. `*` alone: everything, types to come included.',
    example: ['payment.succeeded', 'payment.failed'],
  })
  event_types?: string[] | null;
}
