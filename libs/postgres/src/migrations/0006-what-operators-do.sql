-- What operators do: limits by revision below a contract, orders about channels, and the number by which everybody says what they act on.
-- See docs/operators.md. Rare rows, written by hand; nothing here is on a payment's way.

-- What each bank has agreed to. An operator's limit is never above it; a new contract is a new row by whoever signs it.
create table channel_contracts (
  channel_id text collate "C" primary key references channels (id),
  rate_per_second int not null check (rate_per_second between 1 and 1000000),
  burst int not null check (burst between 1 and 1000000),
  in_flight_max int not null check (in_flight_max between 1 and 100000),
  amount_min bigint not null check (amount_min >= 1),
  amount_max bigint not null check (amount_max <= 999999999999),
  agreed_at timestamptz not null default now(),
  check (amount_min <= amount_max)
);
insert into channel_contracts (channel_id, rate_per_second, burst, in_flight_max, amount_min, amount_max)
select channel_id, rate_per_second, burst, greatest(in_flight_max, 1), amount_min, amount_max from channel_limits where revision = 1;

-- What operators asked for: a few members of the limits, from a time on, and for an override until another. Revisions are made of these.
create table limit_changes (
  id bigint generated always as identity primary key,
  channel_id text collate "C" not null references channels (id),
  -- the members it sets, by their names in #domain LimitValues
  changes jsonb not null check (jsonb_typeof(changes) = 'object' and changes <> '{}'),
  effective_from timestamptz not null,
  -- an override ends by itself; null: for good
  until timestamptz,
  rolls_back_to int,
  changed_by text not null,
  reason text not null,
  created_at timestamptz not null default now(),
  -- called off before it began, or ended early
  ended_at timestamptz,
  ended_by text,
  end_reason text,
  check (until is null or until > effective_from),
  check ((ended_at is null) = (ended_by is null) and (ended_at is null) = (end_reason is null))
);
create index limit_changes_standing on limit_changes (channel_id, id) where ended_at is null;

-- A revision may lie ahead: the one in force is the newest whose time has come. So a schedule begins and an override ends by themselves,
-- in every process, whoever is dead at that moment. A change writes all revisions that lie ahead anew, so older ones never come back.
alter table channel_limits
  add column effective_from timestamptz not null default now(),
  -- of the change that caused it; null: from the contract, or put there by hand
  add column change_id bigint references limit_changes (id),
  add column cause text not null default 'set' check (cause in ('set', 'change', 'override', 'rollback', 'return', 'called_off', 'replanned'));
update channel_limits set effective_from = created_at;

create function channel_limits_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'revisions of limits are append-only: % refused; write a new revision', tg_op using errcode = 'check_violation';
end $$;
create trigger channel_limits_are_append_only before update or delete on channel_limits for each row
  execute function channel_limits_refuse();

-- Drain, pause, isolate, kill, and maintenance windows, for one channel, a bank's, or everything. What is in force follows from these and
-- the time (#domain orderAt).
create table channel_orders (
  id bigint generated always as identity primary key,
  -- a channel's id, a bank's id, or 'everything'
  target text collate "C" not null,
  hold text collate "C" not null check (hold in ('drain', 'pause', 'maintenance', 'isolate', 'kill')),
  ordered_by text not null,
  reason text not null,
  starts_at timestamptz not null default now(),
  ends_at timestamptz,
  -- before a window, so that the queue is empty when it begins
  drains_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  released_at timestamptz,
  released_by text,
  release_reason text,
  check (drains_at <= starts_at and (ends_at is null or ends_at > starts_at)),
  check (hold <> 'maintenance' or ends_at is not null),
  check ((released_at is null) = (released_by is null) and (released_at is null) = (release_reason is null))
);
create index channel_orders_standing on channel_orders (target, id) where released_at is null;

-- Rises with whatever changes what processes keep in memory about channels. A process that has read version n acts on everything up to it.
create table registry_version (
  one boolean primary key default true check (one),
  version bigint not null
);
insert into registry_version (version) values (1);

-- Held by triggers, so that also a row written by hand is heard of.
create function registry_changed() returns trigger language plpgsql as $$
begin
  update registry_version set version = version + 1;
  perform pg_notify('sluice_channels_changed', '');
  return null;
end $$;
create trigger channels_change_the_registry after insert or update or delete on channels
  for each statement execute function registry_changed();
create trigger contracts_change_the_registry after insert or update or delete on channel_contracts
  for each statement execute function registry_changed();
create trigger limits_change_the_registry after insert on channel_limits
  for each statement execute function registry_changed();
create trigger orders_change_the_registry after insert or update or delete on channel_orders
  for each statement execute function registry_changed();
