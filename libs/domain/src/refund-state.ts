/**
 * The states of a refund (money back over the channel that took it) and of a reversal (an attempt undone), and every legal move.
 * See money.md sections 2, 6 and 8. PostgreSQL refuses any other move.
 */

export const REFUND_STATES = ['requested', 'dispatched', 'unknown', 'succeeded', 'declined'] as const;
export type RefundState = (typeof REFUND_STATES)[number];

/** `requested`: nothing of it is at the bank. There is no `not_sent`: what was not sent is `requested` again, under the same reference. */
export const REFUND_MOVES: Readonly<Record<RefundState, readonly RefundState[]>> = {
  requested: ['dispatched'],
  dispatched: ['succeeded', 'declined', 'unknown', 'requested'],
  // dispatched again under the same reference, where the bank recognises it
  unknown: ['succeeded', 'declined', 'dispatched'],
  // the bank gave it back after it had refused: stored, if the sum still allows it; otherwise a person looks
  declined: ['succeeded'],
  succeeded: [],
};

/** Settled: nobody looks at it again. */
export function isSettledRefund(state: RefundState): boolean {
  return state === 'succeeded' || state === 'declined';
}

/** May a refund go from one state to the other? Same state is no change and always legal. */
export function mayMoveRefund(from: RefundState, to: RefundState): boolean {
  return from === to || REFUND_MOVES[from].includes(to);
}

export const REVERSAL_STATES = ['requested', 'acknowledged', 'refused', 'overtaken'] as const;
export type ReversalState = (typeof REVERSAL_STATES)[number];

/** `requested` is repeated until the bank decides. `overtaken`: an inquiry begun after the acknowledgement says charged all the same. */
export const REVERSAL_MOVES: Readonly<Record<ReversalState, readonly ReversalState[]>> = {
  requested: ['acknowledged', 'refused'],
  acknowledged: ['overtaken'],
  refused: [],
  overtaken: [],
};

/** May a reversal go from one state to the other? Same state is no change and always legal. */
export function mayMoveReversal(from: ReversalState, to: ReversalState): boolean {
  return from === to || REVERSAL_MOVES[from].includes(to);
}
