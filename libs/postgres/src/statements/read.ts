/** Reading payments: always from the primary, since no money decision is read from a replica (reliability.md, section 1). */
import { ATTEMPT_COLUMNS, EVENT_COLUMNS, PAYMENT_COLUMNS } from '../payment-row';

const FROM_PAYMENT = `
from payments p join payment_heads h on h.payment_id = p.id
left join attempts a on a.payment_id = h.payment_id and a.leg = h.leg`;

const PAYMENT = `select ${PAYMENT_COLUMNS}, ${ATTEMPT_COLUMNS}`;

export const READ_MANY = { name: 'read-many', text: `${PAYMENT} ${FROM_PAYMENT} where p.id = any ($1)` };

/** The advisory lock of a merchant's idempotency key; an accept holds it until its commit is known. SQL of two texts. */
export function keyLock(merchantId: string, idempotencyKey: string): string {
  return `hashtextextended(${merchantId} || ' ' || ${idempotencyKey}, 0)`;
}

/** Many keys: merchants and keys, side by side. */
const KEYS = 'unnest($1::text[], $2::text[]) with ordinality as k (merchant_id, idempotency_key, ord)';

/**
 * Is no commit of these keys under way? Asked in a statement of its own, *before* the keys are read: what committed by then is seen.
 * @returns positions, from 0, of those that are busy
 */
export const KEYS_BUSY = {
  name: 'keys-busy',
  text: `
select ord::int - 1 as position from (
  select k.ord, pg_try_advisory_xact_lock_shared(${keyLock('k.merchant_id', 'k.idempotency_key')}) as free from ${KEYS}
) asked where not free`,
};

export const READ_BY_KEYS = {
  name: 'read-by-keys',
  text: `${PAYMENT} from ${KEYS}
join payments p on p.merchant_id = k.merchant_id and p.idempotency_key = k.idempotency_key
join payment_heads h on h.payment_id = p.id
left join attempts a on a.payment_id = h.payment_id and a.leg = h.leg`,
};

export const READ_BY_ORDER_NO = {
  name: 'read-by-order-no',
  text: `${PAYMENT} ${FROM_PAYMENT} where p.merchant_id = $1 and p.merchant_order_no = $2`,
};

/** The attempt is the one with this reference, which need not be the payment's current one. */
export const READ_BY_BANK_REFERENCE = {
  name: 'read-by-bank-reference',
  text: `${PAYMENT} from attempts a join payments p on p.id = a.payment_id join payment_heads h on h.payment_id = p.id
where a.bank_reference = $1`,
};

export const READ_ATTEMPT = {
  name: 'read-attempt',
  text: `${PAYMENT} from attempts a join payments p on p.id = a.payment_id join payment_heads h on h.payment_id = p.id
where a.payment_id = $1 and a.leg = $2`,
};

/** Before $2, a bound that every plan can begin at: it is not left out for the first page. */
export const LIST = {
  name: 'list',
  text: `${PAYMENT} ${FROM_PAYMENT}
where p.merchant_id = $1 and p.accepted_seq < $2 order by p.accepted_seq desc limit $3`,
};

export const SEQ_OF = { name: 'seq-of', text: `select accepted_seq from payments where id = $1 and merchant_id = $2` };

/** `at` is bounded below by the acceptance, so that only the partitions since then are looked into. */
export const EVENTS = {
  name: 'events',
  text: `select ${EVENT_COLUMNS} from payment_events e
where e.payment_id = $1 and e.version > $2 and e.at >= to_timestamp($3::float8 / 1000) - interval '1 second' order by e.version limit $4`,
};

export const FIND_OPERATION = {
  name: 'find-operation',
  text: `select fingerprint, payment_id from operation_keys where merchant_id = $1 and operation = $2 and idempotency_key = $3`,
};

export const TRIED_INSTRUMENTS = {
  name: 'tried-instruments',
  text: `select distinct instrument_token from attempts where payment_id = $1`,
};
