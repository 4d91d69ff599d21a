-- Webhooks: where merchants want to be told, and the outbox of what they have not been told yet. See docs/webhooks.md.
--
-- An outbox row is inserted by the statement that writes its event, so there is one exactly if there is the other. Deliverers take
-- pending rows and never "rows above the last id": a commit that lands late would be skipped (money.md section 10).

create table webhook_endpoints (
  id text collate "C" primary key,
  merchant_id text collate "C" not null references merchants (id),
  url text not null check (length(url) <= 2048),
  -- the present one first; the one before it signs as well until previous_secret_until
  secrets text[] not null check (cardinality(secrets) between 0 and 2),
  previous_secret_until timestamptz,
  -- {*}: every type
  event_types text[] not null check (cardinality(event_types) between 1 and 64),
  enabled boolean not null default true,
  disabled_reason text collate "C",
  created_at timestamptz not null default now(),
  -- kept for its deliveries' sake; its secrets are gone
  deleted_at timestamptz,
  constraint webhook_endpoints_disabled check (enabled = (disabled_reason is null)),
  constraint webhook_endpoints_deleted check (deleted_at is null or (not enabled and secrets = '{}'))
);
-- what the statements that write events look into, row by row
create index webhook_endpoints_enabled on webhook_endpoints (merchant_id) where enabled;
-- a repeated POST must not double every delivery, with a secret that nobody has seen
create unique index webhook_endpoints_url on webhook_endpoints (merchant_id, url) where deleted_at is null;

create table webhook_deliveries (
  endpoint_id text collate "C" not null,
  payment_id text collate "C" not null,
  version int not null,
  merchant_id text collate "C" not null,
  event_type text not null,
  -- with payment_id and version the key of the event: its day is looked into, and no other
  event_at timestamptz not null,
  state text collate "C" not null default 'pending' check (state in ('pending', 'delivered', 'dead')),
  -- pending: when somebody looks again; also the lease of whoever is sending it
  next_attempt_at timestamptz not null default now(),
  -- also the lease's fencing token: who holds an older number records nothing
  tries smallint not null default 0,
  last_attempt_at timestamptz,
  last_status smallint,
  last_error text,
  delivered_at timestamptz,
  primary key (endpoint_id, payment_id, version)
);
create index webhook_deliveries_pending on webhook_deliveries (endpoint_id, next_attempt_at) where state = 'pending';
