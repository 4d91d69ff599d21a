/**
 * Tells the API processes which payments moved, once per statement and atomic with it. At most 128 ids of 30 characters: half of
 * what a notification may carry (8,000 bytes).
 */
export const PAYMENTS_CHANGED = 'sluice_payments_changed';

/** A column of a statement's final select over the CTE `moved`; evaluated once. */
export const NOTIFY_MOVED = `(select pg_notify('${PAYMENTS_CHANGED}', string_agg(payment_id, ',')) from moved) as notified`;
