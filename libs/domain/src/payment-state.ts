/**
 * The states of a payment and every legal move between them, in one table.
 *
 * The same table is rendered into PostgreSQL (a trigger refuses any other move), into the documentation's picture and into the
 * checks of the audit, so no two of them can disagree. Source of the moves: money.md sections 2, 6, 8 and 9.
 */
export const PAYMENT_STATES = [
  'queued',
  'processing',
  'requires_action',
  'requires_payment_method',
  'unknown',
  'succeeded',
  'failed',
  'canceled',
  'expired',
] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];

/** From a state to the states it may move to. A state that is not final may also keep its place while its version rises. */
export const PAYMENT_MOVES: Readonly<Record<PaymentState, readonly PaymentState[]>> = {
  // dispatch · deadline passed · payer canceled; nothing is at a bank · an earlier leg turns out to have been charged after all
  queued: ['processing', 'expired', 'canceled', 'succeeded'],
  // the bank's answer · no answer · next leg after `not_sent` or a soft decline · deadline passed after `not_sent`
  processing: ['succeeded', 'failed', 'requires_action', 'requires_payment_method', 'unknown', 'queued', 'expired'],
  // the payer pays, is declined or walks away; the bank's order is closed by reference before `expired` or `canceled`
  requires_action: ['succeeded', 'failed', 'requires_payment_method', 'processing', 'unknown', 'expired', 'canceled'],
  // the payer chooses again (next leg) · does not until the deadline · gives up · a late success arrives while still open
  requires_payment_method: ['queued', 'failed', 'canceled', 'succeeded', 'unknown'],
  // the bank says · fenced: next leg · a gateway order closed by reference. Never by the passing of time alone.
  unknown: ['succeeded', 'failed', 'requires_payment_method', 'requires_action', 'queued', 'expired', 'canceled'],
  succeeded: [],
  failed: [],
  canceled: [],
  expired: [],
};

/** Final: the payment never moves again (a refund is an object of its own). */
export function isFinal(state: PaymentState): boolean {
  return PAYMENT_MOVES[state].length === 0;
}

/** May a payment go from one state to the other? Keeping its place (an event that changes no state) is always legal. */
export function mayMove(from: PaymentState, to: PaymentState): boolean {
  return from === to || PAYMENT_MOVES[from].includes(to);
}
