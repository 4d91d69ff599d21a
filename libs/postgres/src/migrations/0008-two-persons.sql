-- What two persons decide together: how an attempt ended of which the bank charged another amount or currency (money.md section 9).
-- And when an endpoint last took a webhook, so that one that fails for days can be closed.

create table settlement_proposals (
  id bigint generated always as identity primary key,
  item_id bigint not null references worklist (id),
  payment_id text collate "C" not null,
  leg smallint not null check (leg >= 1),
  -- the bank has the right amount now, or it has taken nothing
  outcome text collate "C" not null check (outcome in ('succeeded', 'declined')),
  bank_transaction_id text,
  proposed_by text not null,
  note text not null,
  proposed_at timestamptz not null default now(),
  approved_by text,
  approval_note text,
  approved_at timestamptz,
  -- a second pair of eyes, whatever the code believes
  constraint settlement_proposals_two_persons check (approved_by is distinct from proposed_by),
  constraint settlement_proposals_success_has_its_transaction check ((outcome = 'succeeded') = (bank_transaction_id is not null)),
  check ((approved_by is null) = (approved_at is null) and (approved_by is null) = (approval_note is null))
);
create index settlement_proposals_item on settlement_proposals (item_id, id);
create unique index settlement_proposals_one_approved on settlement_proposals (item_id) where approved_by is not null;

-- What was proposed is what is approved: nothing of it changes on the way, and an approval stays.
create function refuse_other_proposal() returns trigger language plpgsql as $$
begin
  raise exception 'proposal % may only be approved, once', old.id using errcode = 'check_violation';
end $$;
create trigger settlement_proposals_stay_what_they_are before update on settlement_proposals for each row
  when (old.approved_by is not null
    or (old.item_id, old.payment_id, old.leg, old.outcome, old.bank_transaction_id, old.proposed_by, old.note, old.proposed_at)
      is distinct from
      (new.item_id, new.payment_id, new.leg, new.outcome, new.bank_transaction_id, new.proposed_by, new.note, new.proposed_at))
  execute function refuse_other_proposal();

-- No program and no single person leads an attempt out of an integrity failure.
create function refuse_lone_settlement() returns trigger language plpgsql as $$
begin
  if not exists (
    select from settlement_proposals s
    where s.payment_id = old.payment_id and s.leg = old.leg and s.outcome = new.state and s.approved_by is not null)
  then
    raise exception 'attempt %/% is settled by two persons, not by one', old.payment_id, old.leg using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger attempts_are_settled_by_two before update on attempts for each row
  when (old.state = 'integrity_failure' and new.state <> old.state) execute function refuse_lone_settlement();

alter table webhook_endpoints add column last_success_at timestamptz;
