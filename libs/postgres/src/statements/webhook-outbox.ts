/** The outbox's part of every statement that writes events: a delivery for each endpoint that wants the event. */

/**
 * A CTE that enters deliveries, to stand in the same statement as the events it tells of.
 *
 * While no merchant has an endpoint it costs one look into an empty index for each batch: `exists` is evaluated once, and only then
 * are rows looked at. `offset 0` keeps the planner from turning the look-up by merchant around, which on a table it believes to be
 * small would compare every endpoint with every row.
 *
 * @param events a relation with payment_id, version, type and merchant_id, one row for each event, all written at now()
 */
export function enterDeliveries(events: string): string {
  return `deliveries as (
  insert into webhook_deliveries (endpoint_id, payment_id, version, merchant_id, event_type, event_at)
  select w.id, n.payment_id, n.version, n.merchant_id, n.type, now()
  from ${events} n
  cross join lateral (
    select e.id, e.event_types from webhook_endpoints e where e.merchant_id = n.merchant_id and e.enabled offset 0
  ) w
  where (select exists (select from webhook_endpoints where enabled)) and (w.event_types = '{*}' or n.type = any (w.event_types))
)`;
}
