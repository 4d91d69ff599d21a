-- Idempotency keys of operations on a payment (such as switch), for ever like those of payments. Written by the statement that
-- carries the operation out: the key exists exactly when the operation happened.
create table operation_keys (
  merchant_id text collate "C" not null,
  operation text collate "C" not null,
  idempotency_key text collate "C" not null,
  fingerprint text collate "C" not null,
  payment_id text collate "C" not null,
  -- of the payment after the operation: the id of the event it caused
  version int not null,
  created_at timestamptz not null default now(),
  primary key (merchant_id, operation, idempotency_key)
);
