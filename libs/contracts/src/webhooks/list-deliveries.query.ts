/** The query of `GET /v1/webhook_endpoints/{id}/deliveries`. */
import { parseWebhookDeliveryId } from '#domain';
import { Is, Optional } from '../input/field-decorators';
import { matches } from '../input/values';

export class ListDeliveriesQuery {
  @Optional()
  @Is('limit', matches(/^(?:[1-9][0-9]?|100)$/))
  limit?: string;

  @Optional()
  @Is('delivery_id', (value) => typeof value === 'string' && parseWebhookDeliveryId(value) !== null)
  starting_after?: string;
}
