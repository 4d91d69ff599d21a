-- What people did (audit_chain), what banks' books say (statement_days, statement_lines), and what is for people to look at (worklist).

-- Acts of operators and repairs, each with the hash of the one before. PostgreSQL stores the hashes; `#domain` audit-chain.ts makes
-- them. Whoever may switch triggers off can still cut the tail: that is found by an anchor kept outside (`npm run audit -- --anchor`).
create table audit_chain (
  seq bigint primary key check (seq >= 1),
  at timestamptz not null,
  actor text not null,
  action text not null,
  subject text not null,
  reason text not null,
  facts jsonb not null,
  prev_hash text collate "C" not null unique check (prev_hash ~ '^[0-9a-f]{64}$'),
  hash text collate "C" not null unique check (hash ~ '^[0-9a-f]{64}$')
);
revoke update, delete, truncate on audit_chain from public;

create function audit_chain_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'the audit chain is append-only: % refused', tg_op using errcode = 'check_violation';
end $$;
create trigger audit_chain_is_append_only before update or delete on audit_chain for each row execute function audit_chain_refuse();
create trigger audit_chain_is_not_truncated before truncate on audit_chain for each statement execute function audit_chain_refuse();

-- The writer holds a lock (audit-chain.ts); a writer that does not is refused here instead of forking the chain.
create function audit_chain_continues() returns trigger language plpgsql as $$
declare
  last record;
begin
  select seq, at, hash into last from audit_chain order by seq desc limit 1;
  if new.seq <> coalesce(last.seq, 0) + 1 or new.prev_hash <> coalesce(last.hash, repeat('0', 64)) or new.at < last.at then
    raise exception 'link % does not continue the audit chain, which ends at %', new.seq, coalesce(last.seq, 0)
      using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger audit_chain_has_one_end before insert on audit_chain for each row execute function audit_chain_continues();

-- One bank's booking day (Asia/Shanghai) of one channel. Only complete files come here: their trailer agreed.
create table statement_days (
  channel_id text collate "C" not null references channels (id),
  day date not null,
  -- false: the bank's day was not over when it was loaded; it proves no absence and is loaded again
  closed boolean not null,
  lines int not null check (lines >= 0),
  sum_minor bigint not null,
  -- SHA-256 over the lines: a closed day that reads otherwise the next time is a break
  digest text collate "C" not null,
  loaded_at timestamptz not null default now(),
  primary key (channel_id, day)
);

create table statement_lines (
  channel_id text collate "C" not null,
  day date not null,
  position int not null check (position >= 1),
  operation text not null check (operation in ('charge', 'refund', 'reversal')),
  reference text collate "C" not null,
  original_reference text collate "C",
  amount_minor bigint not null check (amount_minor >= 1),
  currency text collate "C" not null,
  bank_transaction_id text collate "C" not null,
  booked_at timestamptz not null,
  primary key (channel_id, day, position),
  foreign key (channel_id, day) references statement_days (channel_id, day) on delete cascade
);
-- Not unique: a reference or a transaction that a bank books twice is a break to be shown, not a row to be refused.
create index statement_lines_reference on statement_lines (channel_id, reference);
create index statement_lines_original on statement_lines (channel_id, original_reference) where original_reference is not null;
create index statement_lines_transaction on statement_lines (channel_id, bank_transaction_id);

-- How a day's attempts are found: block ranges, since rows lie in the order of their dispatch. It costs an insert next to nothing and,
-- unlike a tree, keeps updates HOT.
create index attempts_dispatched_at on attempts using brin (dispatched_at) with (autosummarize = on);

-- What no program may decide. An item is about one subject; at most one open item per kind and subject.
create table worklist (
  id bigint generated always as identity primary key,
  kind text collate "C" not null,
  -- `pay_…/2` for an attempt; for a line nobody knows `icbc.quickpay/<operation>/<reference>`
  subject text collate "C" not null,
  payment_id text collate "C",
  leg smallint,
  channel_id text collate "C",
  facts jsonb not null,
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  settled_by text,
  note text,
  check ((settled_at is null) = (settled_by is null) and (settled_at is null) = (note is null))
);
create unique index worklist_one_open on worklist (kind, subject) where settled_at is null;
create index worklist_subject on worklist (subject);
