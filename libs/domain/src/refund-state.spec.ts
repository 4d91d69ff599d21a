import {
  REFUND_MOVES,
  REFUND_STATES,
  REVERSAL_MOVES,
  REVERSAL_STATES,
  isSettledRefund,
  mayMoveRefund,
  mayMoveReversal,
} from './refund-state';

describe('the states of a refund', () => {
  it('never go from unknown back to requested: what may be at the bank is never unsent', () => {
    expect(mayMoveRefund('unknown', 'requested')).toBe(false);
    expect(mayMoveRefund('dispatched', 'requested')).toBe(true);
  });

  it('let no refund that was given back be taken back', () => {
    expect(REFUND_MOVES.succeeded).toEqual([]);
  });

  it('settle only by the bank’s word, after something was sent', () => {
    for (const state of REFUND_STATES) {
      if (REFUND_MOVES[state].includes('declined')) expect(['dispatched', 'unknown']).toContain(state);
    }
    expect(REFUND_STATES.filter(isSettledRefund)).toEqual(['succeeded', 'declined']);
  });
});

describe('the states of a reversal', () => {
  it('leave requested only by the bank’s word, and never come back to it', () => {
    for (const state of REVERSAL_STATES) expect(REVERSAL_MOVES[state]).not.toContain('requested');
    expect(mayMoveReversal('requested', 'overtaken')).toBe(false);
    expect(mayMoveReversal('acknowledged', 'overtaken')).toBe(true);
  });
});
