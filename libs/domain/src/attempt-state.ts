/**
 * The states of an attempt (one try of a payment on one channel) and every legal move. See money.md sections 2 and 9.
 *
 * There is no `created`: the row is born `dispatched`, in the statement that moves its payment, before the first byte is sent.
 */
export const ATTEMPT_STATES = [
  'dispatched',
  'requires_action',
  'unknown',
  'reversing',
  'succeeded',
  'declined',
  'not_sent',
  'reversed',
  'integrity_failure',
] as const;
export type AttemptState = (typeof ATTEMPT_STATES)[number];

/** Success evidence is accepted from every state (money.md section 9): a bank may charge after it said no. */
export const ATTEMPT_MOVES: Readonly<Record<AttemptState, readonly AttemptState[]>> = {
  dispatched: ['succeeded', 'declined', 'not_sent', 'requires_action', 'unknown', 'integrity_failure'],
  requires_action: ['succeeded', 'declined', 'unknown', 'reversing', 'integrity_failure'],
  // `not_sent` only by the worker that holds the dispatch token: nobody else can know that no byte left
  unknown: ['succeeded', 'declined', 'not_sent', 'requires_action', 'reversing', 'integrity_failure'],
  reversing: ['reversed', 'unknown', 'declined', 'succeeded', 'integrity_failure'],
  // late success: stored, refunded or kept (money.md section 8)
  declined: ['succeeded', 'integrity_failure'],
  not_sent: ['succeeded', 'integrity_failure'],
  reversed: ['succeeded', 'integrity_failure'],
  succeeded: [],
  // two persons settle it
  integrity_failure: ['succeeded', 'declined'],
};

/** Open: money may be at the bank, so nothing else may be sent for this payment and no suggestion is made. */
export const OPEN_ATTEMPT_STATES: readonly AttemptState[] = [
  'dispatched',
  'requires_action',
  'unknown',
  'reversing',
  'integrity_failure',
];

/** See OPEN_ATTEMPT_STATES. */
export function isOpenAttempt(state: AttemptState): boolean {
  return OPEN_ATTEMPT_STATES.includes(state);
}

/** May an attempt go from one state to the other? Same state is no change and always legal. */
export function mayMoveAttempt(from: AttemptState, to: AttemptState): boolean {
  return from === to || ATTEMPT_MOVES[from].includes(to);
}
