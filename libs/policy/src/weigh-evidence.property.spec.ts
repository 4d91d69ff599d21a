import fc from 'fast-check';
import {
  ATTEMPT_STATES,
  OPEN_ATTEMPT_STATES,
  PAYMENT_STATES,
  REVERSAL_STATES,
  isFinal,
  mayMove,
  mayMoveAttempt,
  type Attempt,
  type Evidence,
  type PaymentState,
} from '#domain';
import {
  NOW,
  REFERENCE,
  CAUTIOUS,
  GENEROUS,
  attemptIn,
  paymentIn,
  charged,
  declined,
  weigh,
} from './spec-kit/weighing';

describe('whatever the evidence', () => {
  const evidence: fc.Arbitrary<Evidence> = fc.oneof(
    fc.constant(charged),
    fc.constant(declined('hard')),
    fc.constant(declined('soft')),
    fc.constant<Evidence>({ class: 'not_sent', reason: 'x' }),
    fc.constant<Evidence>({ class: 'not_found' }),
    fc.constant<Evidence>({ class: 'unknown', reason: 'x' }),
    fc.constant<Evidence>({ class: 'action_required', url: 'https://bank', expiresAt: NOW + 1, reference: REFERENCE }),
  );
  const cases = fc.record({
    state: fc.constantFrom(...PAYMENT_STATES),
    attempt: fc.constantFrom(...ATTEMPT_STATES),
    evidence,
    origin: fc.constantFrom('answer', 'inquiry', 'notification', 'statement') as fc.Arbitrary<'answer'>,
    contract: fc.constantFrom(CAUTIOUS, GENEROUS),
    laterLeg: fc.boolean(),
    undo: fc.record({
      reversal: fc.constantFrom(null, ...REVERSAL_STATES),
      askedAfterUndo: fc.boolean(),
    }),
  });

  it('a success is kept or given back, never both; and nothing goes back while a reversal may still give it back', () => {
    fc.assert(
      fc.property(cases, ({ state, attempt: attemptState, evidence: found, origin, contract, undo }) => {
        const verdict = weigh(paymentIn(state), attemptIn(attemptState), found, origin, contract, undo);
        if (verdict.kind === 'stay') return;
        if (verdict.giveBack) {
          expect(found.class).toBe('succeeded');
          expect(verdict.transition.kept).toBeUndefined();
          expect(verdict.transition.attempt!.state).toBe('succeeded');
          expect(isFinal(state)).toBe(true);
          expect(undo.reversal).not.toBe('requested');
          if (undo.reversal === 'acknowledged') expect([origin, undo.askedAfterUndo]).toEqual(['inquiry', true]);
        }
        expect(attemptState).not.toBe('reversing');
        if (verdict.overtakesReversal) expect(undo.reversal).toBe('acknowledged');
      }),
      { numRuns: 20_000 },
    );
  });

  it('only legal moves are made, and nothing leaves an open payment without a later look', () => {
    fc.assert(
      fc.property(cases, ({ state, attempt: attemptState, evidence: found, origin, contract, laterLeg }) => {
        const payment = paymentIn(state, { head: { leg: laterLeg ? 2 : 1 } });
        const verdict = weigh(payment, attemptIn(attemptState), found, origin, contract);
        if (verdict.kind === 'stay') return;
        const { to, attempt, kept, lookAgainInMs } = verdict.transition;
        const reachable = reachableTogether(state, attemptState, laterLeg);
        if (reachable) expect(mayMove(state, to)).toBe(true);
        expect(mayMoveAttempt(attemptState, attempt!.state)).toBe(true);
        if (kept) expect(found.class).toBe('succeeded');
        if (to !== state && !isFinal(to)) expect(lookAgainInMs).not.toBeNull();
      }),
      { numRuns: 20_000 },
    );
  });

  it('an unknown becomes failed only by the bank’s word or an enforced fence', () => {
    fc.assert(
      fc.property(cases, ({ evidence: found, origin, contract }) => {
        const verdict = weigh(
          paymentIn('unknown', { onDecline: 'fail' }),
          attemptIn('unknown'),
          found,
          origin,
          contract,
        );
        if (verdict.kind !== 'move' || verdict.transition.to !== 'failed') return;
        expect(['declined', 'not_sent']).toContain(found.class);
      }),
      { numRuns: 5_000 },
    );
  });
});

/** A payment that waits for its payer has no open attempt; one that is processing has a dispatched one, and so on. */
function reachableTogether(state: PaymentState, attempt: Attempt['state'], laterLeg: boolean): boolean {
  const open = OPEN_ATTEMPT_STATES.includes(attempt);
  if (laterLeg) return !open;
  if (state === 'processing') return attempt === 'dispatched';
  if (state === 'requires_action') return attempt === 'requires_action';
  if (state === 'unknown') return attempt === 'unknown' || attempt === 'reversing' || attempt === 'integrity_failure';
  if (state === 'queued') return false;
  return !open;
}
