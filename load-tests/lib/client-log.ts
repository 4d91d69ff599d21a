// The client's own book of what it asked and what it was told, for the money audit. k6 writes what scripts print to a file
// (`--console-output`, `--log-format raw`), one line at a time and while it runs: nothing is kept in memory, and a run that is
// broken off still leaves what it heard.
import type { Order } from './orders.ts';

/** What one request brought. */
export interface Heard {
  readonly kind: 'post' | 'read';
  /** When the request left, ms since 1970. */
  readonly sent: number;
  /** 0: no answer. */
  readonly status: number;
  readonly code: string | null;
  readonly accepted: boolean | 'unknown';
  readonly payment: string | null;
  readonly state: string | null;
  /** From the request's first byte to the answer's last, ms. */
  readonly took?: number;
  /** Of the load, where it comes in phases. */
  readonly phase?: string | null;
  /** Whether a suggestion was taken. */
  readonly moved?: boolean;
  /** Cards that this payer would change to. */
  readonly others?: readonly string[];
  /** Where it was paid in the end, or last tried. */
  readonly channel?: string;
  /** What the payer was promised. */
  readonly eta?: { readonly p50: number; readonly p90: number } | null;
  /** Whether there was an offer to move. */
  readonly offered?: boolean;
}

export function note(order: Order, hash: string, heard: Heard): void {
  const { key, orderNo, value, currency, token } = order;
  console.log(JSON.stringify({ at: Date.now(), key, order: orderNo, hash, value, currency, token, ...heard }));
}

/** The payment is not looked at any more: the log of this payment is complete. */
export function noteEnd(order: Order): void {
  console.log(JSON.stringify({ kind: 'end', key: order.key }));
}
