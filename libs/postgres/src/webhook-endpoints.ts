/** The port WebhookEndpoints over PostgreSQL: rare statements, each a commit of its own that waits for the disk. */
import type { MerchantId, WebhookDeliveryKey, WebhookDeliveryState, WebhookEndpoint, WebhookEndpointId } from '#domain';
import { JournalUnavailable } from '#dispatch';
import type { WebhookDeliveryRecord, WebhookEndpointDraft, WebhookEndpoints } from '#dispatch';
import type { Pool, QueryResult, QueryResultRow } from 'pg';
import { ms } from './payment-row';

/** Each event is written once more for every endpoint that wants it: sixteen is two of everything a shop has. */
const ENDPOINTS_MAX = 16;
/** Time enough to bring a new secret to every machine of a receiver. */
const PREVIOUS_SECRET_HOURS = 24;
/** Beyond the last wait of the plan: the try that is asked for is the only one. */
const TRIES_SPENT = 9;

const ENDPOINT_COLUMNS = `id, merchant_id, url, event_types, enabled, disabled_reason, ${ms('created_at')} as created_at,
  case when previous_secret_until > now() then ${ms('previous_secret_until')} end as previous_secret_until`;

const DELIVERY_COLUMNS = `d.endpoint_id, d.payment_id, d.version, d.event_type, ${ms('d.event_at')} as event_at, d.state, d.tries,
  case when d.state = 'pending' then ${ms('d.next_attempt_at')} end as next_attempt_at, ${ms('d.last_attempt_at')} as last_attempt_at,
  d.last_status, d.last_error, ${ms('d.delivered_at')} as delivered_at`;

/** The merchant's row is locked, so that two requests at once do not both see the last free place. */
const CREATE = `
with merchant as materialized (select id from merchants where id = $2 for update),
taken as (select count(*) as n, bool_or(url = $3) as same from webhook_endpoints where merchant_id = $2 and deleted_at is null),
made as (
  insert into webhook_endpoints (id, merchant_id, url, event_types, secrets)
  select $1, m.id, $3, $4::text[], array[$5::text] from merchant m, taken t where t.n < ${ENDPOINTS_MAX} and t.same is not true
  on conflict (merchant_id, url) where deleted_at is null do nothing
  returning *
)
select t.n >= ${ENDPOINTS_MAX} and t.same is not true as full_up, made_row.* from taken t
left join (select ${ENDPOINT_COLUMNS} from made) made_row on true`;

const LIST = `select ${ENDPOINT_COLUMNS} from webhook_endpoints where merchant_id = $1 and deleted_at is null order by id`;

const FIND = `select ${ENDPOINT_COLUMNS} from webhook_endpoints where merchant_id = $1 and id = $2 and deleted_at is null`;

const REMOVE = `
update webhook_endpoints set enabled = false, disabled_reason = 'deleted', deleted_at = now(), secrets = '{}', previous_secret_until = null
where merchant_id = $1 and id = $2 and deleted_at is null`;

const ROTATE = `
update webhook_endpoints set secrets = array[$3::text, secrets[1]],
  previous_secret_until = now() + interval '${PREVIOUS_SECRET_HOURS} hours'
where merchant_id = $1 and id = $2 and deleted_at is null returning ${ENDPOINT_COLUMNS}`;

/** By the primary key, backwards. */
const DELIVERIES = `
select ${DELIVERY_COLUMNS} from webhook_deliveries d
where d.endpoint_id = $1 and ($2::text is null or (d.payment_id, d.version) < ($2, $3::int))
order by d.payment_id desc, d.version desc limit $4`;

const REDELIVER = `
with known as (
  select d.*, e.enabled from webhook_deliveries d join webhook_endpoints e on e.id = d.endpoint_id
  where d.endpoint_id = $2 and d.payment_id = $3 and d.version = $4 and d.merchant_id = $1
), again as (
  update webhook_deliveries d set state = 'pending', next_attempt_at = now(),
    tries = case when d.state = 'pending' then d.tries else greatest(d.tries, ${TRIES_SPENT}) end
  from known k where k.enabled and d.endpoint_id = k.endpoint_id and d.payment_id = k.payment_id and d.version = k.version
  returning d.*
)
select k.enabled, d.* from known k left join (select ${DELIVERY_COLUMNS} from again d) d on true`;

type Columns = Record<string, never>;

export class PostgresWebhookEndpoints implements WebhookEndpoints {
  constructor(private readonly pool: Pool) {}

  async create(draft: WebhookEndpointDraft): Promise<WebhookEndpoint | 'url_taken' | 'too_many'> {
    const { id, merchantId, url, eventTypes, secret } = draft;
    const { rows } = await this.query<Columns>(CREATE, [id, merchantId, url, eventTypes, secret]);
    const row = rows[0]!;
    if (row['id'] !== null) return endpointOf(row);
    return row['full_up'] ? 'too_many' : 'url_taken';
  }

  async list(merchantId: MerchantId): Promise<readonly WebhookEndpoint[]> {
    return (await this.query<Columns>(LIST, [merchantId])).rows.map(endpointOf);
  }

  async find(merchantId: MerchantId, id: WebhookEndpointId): Promise<WebhookEndpoint | null> {
    const { rows } = await this.query<Columns>(FIND, [merchantId, id]);
    return rows[0] ? endpointOf(rows[0]) : null;
  }

  async remove(merchantId: MerchantId, id: WebhookEndpointId): Promise<boolean> {
    return (await this.query(REMOVE, [merchantId, id])).rowCount === 1;
  }

  async rotate(merchantId: MerchantId, id: WebhookEndpointId, secret: string): Promise<WebhookEndpoint | null> {
    const { rows } = await this.query<Columns>(ROTATE, [merchantId, id, secret]);
    return rows[0] ? endpointOf(rows[0]) : null;
  }

  async deliveries(
    endpointId: WebhookEndpointId,
    before: WebhookDeliveryKey | null,
    limit: number,
  ): Promise<{ deliveries: readonly WebhookDeliveryRecord[]; hasMore: boolean }> {
    const values = [endpointId, before?.paymentId ?? null, before?.version ?? null, limit + 1];
    const { rows } = await this.query<Columns>(DELIVERIES, values);
    return { deliveries: rows.slice(0, limit).map(recordOf), hasMore: rows.length > limit };
  }

  async redeliver(merchantId: MerchantId, key: WebhookDeliveryKey): Promise<WebhookDeliveryRecord | 'closed' | null> {
    const values = [merchantId, key.endpointId, key.paymentId, key.version];
    const { rows } = await this.query<Columns>(REDELIVER, values);
    const row = rows[0];
    if (!row) return null;
    return row['enabled'] ? recordOf(row) : 'closed';
  }

  private async query<Found extends QueryResultRow>(text: string, values: unknown[]): Promise<QueryResult<Found>> {
    try {
      return await this.pool.query<Found>(text, values);
    } catch (error) {
      throw new JournalUnavailable(error instanceof Error ? error.message : String(error));
    }
  }
}

function endpointOf(row: Columns): WebhookEndpoint {
  return {
    id: row['id']!,
    merchantId: row['merchant_id']!,
    url: row['url']!,
    eventTypes: row['event_types']!,
    enabled: row['enabled']!,
    disabledReason: row['disabled_reason']!,
    createdAt: row['created_at']!,
    previousSecretUntil: row['previous_secret_until']!,
  };
}

function recordOf(row: Columns): WebhookDeliveryRecord {
  return {
    endpointId: row['endpoint_id']!,
    paymentId: row['payment_id']!,
    version: row['version']!,
    eventType: row['event_type']!,
    eventAt: row['event_at']!,
    state: row['state']! as WebhookDeliveryState,
    tries: row['tries']!,
    nextAttemptAt: row['next_attempt_at']!,
    lastAttemptAt: row['last_attempt_at']!,
    lastStatus: row['last_status']!,
    lastError: row['last_error']!,
    deliveredAt: row['delivered_at']!,
  };
}
