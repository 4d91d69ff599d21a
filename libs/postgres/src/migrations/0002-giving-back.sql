-- Giving money back: refunds of what was taken, reversals of what may have been. See money.md sections 6 and 8.
--
-- Few rows against payments, so these tables carry the indexes that the hot ones may not. next_action_at is when somebody looks again;
-- null: never. A row is found by its channel, because each channel has its own permits.

-- An attempt that is being undone or was: at most one row, whichever kind of undo holds it. Kept by triggers, not by statements.
create table undos (
  payment_id text collate "C" not null,
  leg smallint not null,
  kind text collate "C" not null check (kind in ('reversal', 'late_success')),
  constraint undos_one_per_attempt primary key (payment_id, leg)
);

create table reversals (
  payment_id text collate "C" not null,
  leg smallint not null check (leg >= 1),
  channel_id text collate "C" not null,
  bank_reference text collate "C" not null constraint reversals_bank_reference unique,
  original_reference text collate "C" not null,
  purpose text collate "C" not null check (purpose in ('reroute', 'deadline', 'action_expired', 'canceled', 'person')),
  state text collate "C" not null check (state in ('requested', 'acknowledged', 'refused', 'overtaken')),
  tries int not null default 0,
  next_action_at timestamptz,
  -- the bank said "charged" although this stands: to be asked again once it is acknowledged
  doubted_at timestamptz,
  requested_at timestamptz not null,
  settled_at timestamptz,
  bank_transaction_id text,
  bank_code text,
  bank_message text,
  -- one for ever: its reference derives from the attempt's, so a second one would be the first to the bank
  primary key (payment_id, leg),
  constraint reversals_finish check (state <> 'requested' or next_action_at is not null)
);
create index reversals_next_action_at on reversals (channel_id, next_action_at) where next_action_at is not null;

create table refunds (
  id text collate "C" primary key,
  payment_id text collate "C" not null,
  leg smallint not null check (leg >= 1),
  kind text collate "C" not null check (kind in ('merchant', 'late_success')),
  merchant_id text collate "C" not null,
  idempotency_key text collate "C",
  fingerprint text collate "C",
  amount_minor bigint not null check (amount_minor between 1 and 999999999999),
  currency text collate "C" not null,
  channel_id text collate "C" not null,
  bank_reference text collate "C" not null constraint refunds_bank_reference unique,
  original_reference text collate "C" not null,
  shard smallint not null check (shard between 0 and 63),
  state text collate "C" not null check (state in ('requested', 'dispatched', 'unknown', 'succeeded', 'declined')),
  version int not null default 1 check (version >= 1),
  send_no smallint not null default 0,
  dispatch_token text collate "C",
  epoch bigint,
  dispatched_at timestamptz,
  send_by timestamptz,
  -- since when an earlier send may be at the bank
  doubt_since timestamptz,
  looks int not null default 0,
  next_action_at timestamptz,
  reason text,
  bank_transaction_id text,
  bank_code text,
  bank_message text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  settled_at timestamptz,
  -- a key means one refund, for ever
  constraint refunds_idempotency_key unique (merchant_id, idempotency_key),
  check ((kind = 'merchant') = (idempotency_key is not null)),
  check ((kind = 'merchant') = (fingerprint is not null)),
  constraint refunds_finish check ((state in ('succeeded', 'declined')) = (next_action_at is null)),
  constraint refunds_sent_by_right check (send_no = 0 or (dispatch_token is not null and epoch is not null and send_by is not null))
);
create index refunds_payment on refunds (payment_id, created_at);
create index refunds_next_action_at on refunds (channel_id, next_action_at) where next_action_at is not null;

-- At most one open or done undo per attempt, over both kinds (money.md section 8). A refused or overtaken reversal and a declined
-- refund let go of the attempt, so that what is still owed can be given back.
create function hold_undo() returns trigger language plpgsql as $$
begin
  insert into undos (payment_id, leg, kind)
  values (new.payment_id, new.leg, case tg_table_name when 'reversals' then 'reversal' else 'late_success' end);
  return new;
end $$;
create function let_go_of_undo() returns trigger language plpgsql as $$
begin
  delete from undos where payment_id = new.payment_id and leg = new.leg;
  return new;
end $$;

create trigger reversals_hold_their_attempt before insert on reversals for each row execute function hold_undo();
create trigger reversals_let_go before update on reversals for each row
  when (old.state <> new.state and new.state in ('refused', 'overtaken')) execute function let_go_of_undo();
create trigger refunds_hold_their_attempt before insert on refunds for each row
  when (new.kind = 'late_success') execute function hold_undo();
create trigger refunds_let_go before update on refunds for each row
  when (new.kind = 'late_success' and old.state <> new.state and new.state = 'declined') execute function let_go_of_undo();
-- the bank gave it back after it had refused
create trigger refunds_hold_again before update on refunds for each row
  when (new.kind = 'late_success' and old.state = 'declined' and new.state = 'succeeded') execute function hold_undo();

-- What was asked never changes: not the amount, not the reference, not the attempt.
create function refuse_other_refund() returns trigger language plpgsql as $$
begin
  raise exception 'refund % may not change what it is, nor skip from version % to %', old.id, old.version, new.version
    using errcode = 'check_violation';
end $$;
create trigger refunds_stay_what_they_are before update on refunds for each row
  when ((old.payment_id, old.leg, old.kind, old.amount_minor, old.currency, old.bank_reference)
      is distinct from (new.payment_id, new.leg, new.kind, new.amount_minor, new.currency, new.bank_reference)
    or new.version not in (old.version, old.version + 1)
    or (old.state <> new.state and new.version = old.version))
  execute function refuse_other_refund();
