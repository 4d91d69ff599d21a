/**
 * Tells the API processes which payments moved and to what, once per statement and atomic with it: `pay_…=processing,pay_…=succeeded`.
 * The state is a hint too; it spares readers who wait for an end the look at every step on the way.
 */
import { PAYMENT_STATES, type PaymentState } from '#domain';

export const PAYMENTS_CHANGED = 'sluice_payments_changed';

/** What PostgreSQL carries at most, bytes. A payload beyond it would fail the whole statement. */
export const PAYLOAD_MAX_BYTES = 8_000;

/** A column of a statement's final select over the CTE `moved`; evaluated once. */
export const NOTIFY_MOVED = `(select pg_notify('${PAYMENTS_CHANGED}', string_agg(payment_id || '=' || state, ',')) from moved) as notified`;

export interface PaymentsChanged {
  readonly ids: readonly string[];
  /** By position; null where the payload does not say, or in words we do not know: then it may be anything. */
  readonly states: readonly (PaymentState | null)[];
}

const KNOWN: ReadonlySet<string> = new Set(PAYMENT_STATES);

export function readPaymentsChanged(payload: string): PaymentsChanged {
  const ids: string[] = [];
  const states: (PaymentState | null)[] = [];
  for (const each of payload === '' ? [] : payload.split(',')) {
    const [id = '', state = ''] = each.split('=', 2);
    ids.push(id);
    states.push(KNOWN.has(state) ? (state as PaymentState) : null);
  }
  return { ids, states };
}
