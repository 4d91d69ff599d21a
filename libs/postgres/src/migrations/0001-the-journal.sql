-- The journal: PostgreSQL's truth about payments. See ARCHITECTURE.md, "Two rows per payment", and money.md sections 1 to 5 and 12.
--
-- Immutable rows are wide (payments); the moving row is narrow and has no index but its key (payment_heads), so that its updates are
-- HOT. What must be *found* by time or state is found through accepted_seq or sits in a small table of its own (follow_ups).
-- No foreign keys between the hot tables: rows are written together in one statement, and a check per row costs a quarter more.
-- Ids are text, collated "C": the same text everywhere, compared bytewise.

create table merchants (
  id text collate "C" primary key,
  name text not null,
  created_at timestamptz not null default now()
);

create table api_keys (
  -- SHA-256 of the key; keys have 160 random bits, so a slow hash would add nothing
  key_hash bytea primary key,
  role text not null check (role in ('merchant', 'operator')),
  merchant_id text collate "C" references merchants (id),
  name text not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  check ((role = 'merchant') = (merchant_id is not null))
);

create table banks (
  id text collate "C" primary key,
  name_zh text not null,
  name_en text not null
);

create table channels (
  id text collate "C" primary key check (id ~ '^[a-z0-9]{2,12}\.[a-z]{2,12}$'),
  bank_id text collate "C" not null references banks (id),
  product text not null check (product in ('quickpay', 'gateway', 'balance', 'credit')),
  connector text not null,
  currencies text[] not null check (cardinality(currencies) > 0),
  enabled boolean not null default true,
  -- what the bank takes of each payment, hundredths of a per cent
  fee_basis_points int not null default 0 check (fee_basis_points between 0 and 10000)
);

create table channel_lines (
  channel_id text collate "C" not null references channels (id),
  line_id text collate "C" not null,
  base_url text not null,
  primary key (channel_id, line_id)
);

-- Append-only: a change is a new revision. The one in force is the highest.
create table channel_limits (
  channel_id text collate "C" not null references channels (id),
  revision int not null check (revision >= 1),
  rate_per_second int not null check (rate_per_second between 1 and 1000000),
  burst int not null check (burst between 1 and 1000000),
  in_flight_max int not null check (in_flight_max between 0 and 100000),
  longest_wait_ms int not null check (longest_wait_ms between 0 and 3600000),
  timeout_ms int not null check (timeout_ms between 100 and 120000),
  amount_min bigint not null check (amount_min >= 1),
  amount_max bigint not null check (amount_max <= 999999999999),
  changed_by text not null,
  reason text not null,
  created_at timestamptz not null default now(),
  primary key (channel_id, revision),
  check (amount_min <= amount_max)
);

create table instruments (
  token text collate "C" primary key,
  merchant_id text collate "C" not null references merchants (id),
  payer_id text,
  channel_id text collate "C" not null references channels (id),
  -- what the bank calls the payer's agreement; never a card number
  bank_token text not null,
  created_at timestamptz not null default now(),
  disabled_at timestamptz
);

-- Who owns a shard, and since which epoch (the fencing token). Raised only by a site's takeover or a restore.
create table shards (
  id smallint primary key check (id between 0 and 63),
  owner_site text collate "C" not null,
  epoch bigint not null check (epoch >= 1)
);
insert into shards select n, 'a', 1 from generate_series(0, 63) n;

-- What the merchant asked. Never updated.
create table payments (
  id text collate "C" primary key,
  -- order of acceptance, from one counter and no clock: how the sweeper finds fresh payments
  accepted_seq bigint generated always as identity,
  merchant_id text collate "C" not null,
  merchant_order_no text collate "C" not null,
  idempotency_key text collate "C" not null,
  fingerprint text collate "C" not null,
  amount_minor bigint not null check (amount_minor between 1 and 999999999999),
  currency text collate "C" not null,
  instruments jsonb not null,
  routing_mode text not null check (routing_mode in ('suggest', 'queue', 'reroute')),
  max_wait_ms int,
  on_decline text not null check (on_decline in ('requires_payment_method', 'fail')),
  payer_id text,
  payer_cohort smallint not null,
  tier smallint not null,
  shard smallint not null check (shard between 0 and 63),
  accepted_at timestamptz not null default now(),
  expires_at timestamptz not null,
  return_url text,
  description text,
  metadata jsonb not null default '{}',
  -- what the first answer said beyond the payment itself (queue, suggestions), for an exact replay
  acceptance jsonb,
  -- for ever, both of them: an order is paid once, a key means one instruction
  constraint payments_order_no unique (merchant_id, merchant_order_no),
  constraint payments_idempotency_key unique (merchant_id, idempotency_key)
);
create index payments_accepted_seq on payments (accepted_seq);

-- Where a payment stands: the row that every cancel, expiry, switch, dispatch and outcome compares and sets.
create table payment_heads (
  payment_id text collate "C" primary key,
  state text collate "C" not null,
  version int not null check (version >= 1),
  leg smallint not null check (leg >= 1),
  channel_id text collate "C" not null,
  instrument_token text collate "C" not null,
  -- of the current attempt, or of the next one while queued
  bank_reference text collate "C" not null,
  limit_revision int not null,
  queued_at timestamptz not null,
  updated_at timestamptz not null,
  -- one slot: at most one success is kept, by construction; a trigger refuses to change it
  kept_leg smallint,
  captured_minor bigint not null default 0,
  refunded_minor bigint not null default 0,
  reason jsonb,
  constraint payment_heads_state check (state in
    ('queued', 'processing', 'requires_action', 'requires_payment_method', 'unknown', 'succeeded', 'failed', 'canceled', 'expired')),
  constraint payment_heads_kept check ((state = 'succeeded') = (kept_leg is not null)),
  constraint payment_heads_captured check ((kept_leg is not null) = (captured_minor > 0)),
  constraint payment_heads_refunds check (refunded_minor between 0 and captured_minor)
) with (fillfactor = 50);

-- One try of a payment on one channel. Born 'dispatched'. (payment, leg) and the head's compare-and-set hold "one open attempt".
create table attempts (
  payment_id text collate "C" not null,
  leg smallint not null check (leg >= 1),
  attempt_id text collate "C" not null,
  channel_id text collate "C" not null,
  instrument_token text collate "C" not null,
  bank_reference text collate "C" not null constraint attempts_bank_reference unique,
  state text collate "C" not null,
  epoch bigint not null,
  send_no smallint not null default 1,
  dispatch_token text collate "C" not null,
  dispatched_at timestamptz not null,
  send_by timestamptz not null,
  -- when the bank's answer is due, by the deadline this very call was given
  answer_by timestamptz not null,
  settled_at timestamptz,
  bank_transaction_id text,
  decline_reason text,
  bank_code text,
  bank_message text,
  action_url text,
  action_expires_at timestamptz,
  inquiries smallint not null default 0,
  not_found_at timestamptz,
  primary key (payment_id, leg),
  constraint attempts_state check (state in
    ('dispatched', 'requires_action', 'unknown', 'reversing', 'succeeded', 'declined', 'not_sent', 'reversed', 'integrity_failure'))
) with (fillfactor = 60);

-- What happened, in order, without a gap. Partitioned by day so that old days can be detached; a day is made ahead of its time,
-- and what falls into no day is kept in the default partition rather than refused.
create table payment_events (
  payment_id text collate "C" not null,
  version int not null,
  at timestamptz not null,
  type text not null,
  state text collate "C" not null,
  leg smallint not null,
  channel_id text collate "C" not null,
  data jsonb,
  primary key (payment_id, version, at)
) partition by range (at);
create table payment_events_default partition of payment_events default;

-- A new partition locks the whole table for a moment; behind one long reader that moment would stop every accept. It gives up soon and
-- is tried again: partitions are made two weeks ahead.
create function ensure_event_partitions(days_ahead int) returns void language plpgsql set lock_timeout = '200ms' as $$
declare
  day date;
begin
  for day in select generate_series(current_date, current_date + days_ahead, '1 day')::date loop
    if to_regclass(format('payment_events_%s', to_char(day, 'YYYYMMDD'))) is null then
      execute format('create table %I partition of payment_events for values from (%L) to (%L)',
        'payment_events_' || to_char(day, 'YYYYMMDD'), day::timestamptz, (day + 1)::timestamptz);
    end if;
  end loop;
end $$;

-- The few payments that need a later look. Everything that is not final some seconds after its acceptance is here.
create table follow_ups (
  payment_id text collate "C" primary key,
  next_action_at timestamptz not null,
  looks int not null default 0
) with (fillfactor = 70);
create index follow_ups_next_action_at on follow_ups (next_action_at);

-- Up to which accepted_seq fresh payments have been visited. One row.
create table sweep_cursor (
  one boolean primary key default true check (one),
  visited_seq bigint not null
);
insert into sweep_cursor (visited_seq) values (0);

-- Final states do not move, versions rise by one, a kept success is never replaced: held here, whatever the code believes.
create function refuse_move() returns trigger language plpgsql as $$
begin
  raise exception 'payment % may not go from % (version %) to % (version %)',
    old.payment_id, old.state, old.version, new.state, new.version using errcode = 'check_violation';
end $$;

create trigger payment_heads_versions_rise_by_one before update on payment_heads for each row
  when (new.version <> old.version + 1) execute function refuse_move();
create trigger payment_heads_kept_stays before update on payment_heads for each row
  when (old.kept_leg is not null and new.kept_leg is distinct from old.kept_leg) execute function refuse_move();
