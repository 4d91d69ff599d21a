-- An attempt that fails again, after two persons had settled it once, is settled by two again: the approval that leads it out is one of the
-- same transaction (`now()` is its begin, and `approved_at` is written with it), not one that was used before.

create or replace function refuse_lone_settlement() returns trigger language plpgsql as $$
begin
  if not exists (
    select from settlement_proposals s
    where s.payment_id = old.payment_id and s.leg = old.leg and s.outcome = new.state and s.approved_at = now())
  then
    raise exception 'attempt %/% is settled by two persons, not by one', old.payment_id, old.leg using errcode = 'check_violation';
  end if;
  return new;
end $$;
