-- An attempt in integrity failure is led out through its item on the worklist, and through nothing else. So PostgreSQL holds that there is
-- one: also where the item could not be written, where people had settled the same facts before, or one person alone had (before 0008).

create function put_failure_on_the_worklist() returns trigger language plpgsql as $$
begin
  insert into worklist (kind, subject, payment_id, leg, channel_id, facts)
  values ('integrity_failure', new.payment_id || '/' || new.leg, new.payment_id, new.leg, new.channel_id, jsonb_build_object(
    'message', 'The bank charged another amount or currency than was asked', 'reference', new.bank_reference,
    'transaction', new.bank_transaction_id))
  -- usually it is there already, with what the bank has said
  on conflict (kind, subject) where settled_at is null do nothing;
  return null;
end $$;
create trigger attempts_that_fail_are_for_people after update on attempts for each row
  when (new.state = 'integrity_failure' and old.state <> new.state) execute function put_failure_on_the_worklist();

insert into worklist (kind, subject, payment_id, leg, channel_id, facts)
select 'integrity_failure', a.payment_id || '/' || a.leg, a.payment_id, a.leg, a.channel_id, jsonb_build_object(
  'message', 'Still open: the bank charged another amount or currency than was asked, and two persons have to settle it',
  'reference', a.bank_reference, 'transaction', a.bank_transaction_id)
from attempts a where a.state = 'integrity_failure'
on conflict (kind, subject) where settled_at is null do nothing;
