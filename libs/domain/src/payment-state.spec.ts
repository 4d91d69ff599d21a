import fc from 'fast-check';
import { ATTEMPT_MOVES, ATTEMPT_STATES, OPEN_ATTEMPT_STATES, isOpenAttempt, mayMoveAttempt } from './attempt-state';
import { PAYMENT_MOVES, PAYMENT_STATES, isFinal, mayMove } from './payment-state';

const paymentState = fc.constantFrom(...PAYMENT_STATES);
const attemptState = fc.constantFrom(...ATTEMPT_STATES);

describe('the states of a payment', () => {
  it('can all be reached from queued, and a final one from each', () => {
    const reach = (from: (typeof PAYMENT_STATES)[number]) => {
      const seen = new Set([from]);
      for (const state of seen) for (const next of PAYMENT_MOVES[state]) seen.add(next);
      return seen;
    };
    expect(reach('queued').size).toBe(PAYMENT_STATES.length);
    for (const state of PAYMENT_STATES) expect([...reach(state)].some(isFinal)).toBe(true);
  });

  it('never leave a final state', () => {
    fc.assert(
      fc.property(paymentState, paymentState, (from, to) => !isFinal(from) || from === to || !mayMove(from, to)),
    );
  });

  it('let an unknown become failed only by a listed move, never processing again', () => {
    expect(PAYMENT_MOVES.unknown).not.toContain('processing');
    expect(mayMove('queued', 'failed')).toBe(false);
  });
});

describe('the states of an attempt', () => {
  it('accept success from every state but another success: a bank may charge after it said no', () => {
    for (const state of ATTEMPT_STATES) {
      if (state !== 'succeeded') expect(ATTEMPT_MOVES[state]).toContain('succeeded');
    }
  });

  it('are open exactly while money may be at the bank', () => {
    expect(ATTEMPT_STATES.filter(isOpenAttempt)).toEqual(
      [...OPEN_ATTEMPT_STATES].sort((a, b) => ATTEMPT_STATES.indexOf(a) - ATTEMPT_STATES.indexOf(b)),
    );
    expect(isOpenAttempt('integrity_failure')).toBe(true);
  });

  it('never go back to dispatched: what may have been sent is never unsent', () => {
    fc.assert(fc.property(attemptState, (from) => from === 'dispatched' || !mayMoveAttempt(from, 'dispatched')));
  });
});
