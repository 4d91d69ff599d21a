-- What payers may pay with, and the key that seals suggestions. See docs/suggestions.md.

-- A payer's instruments, as the merchant has stored them, in the payer's order. The instrument itself (whose it is, over which channel)
-- is in instruments; one token may stand with several payers, such as a family's card.
create table payer_instruments (
  merchant_id text collate "C" not null references merchants (id),
  payer_id text collate "C" not null,
  token text collate "C" not null references instruments (token),
  position smallint not null,
  added_at timestamptz not null default now(),
  primary key (merchant_id, payer_id, token)
);

-- One key for all API processes of this journal, so that each honours what another one offered, with Redis gone and nothing to
-- configure. It only opens the door's queue, never money. 244 random bits, hashed to 256.
create table suggestion_key (
  one boolean primary key default true check (one),
  secret bytea not null check (length(secret) = 32)
);
insert into suggestion_key (secret) values (sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));
