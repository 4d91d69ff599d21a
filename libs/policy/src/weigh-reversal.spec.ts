import fc from 'fast-check';
import {
  ATTEMPT_STATES,
  type Attempt,
  PAYMENT_STATES,
  type Payment,
  type PaymentState,
  REVERSAL_PURPOSES,
  type Reversal,
  type UndoEvidence,
  isFinal,
  mayMove,
  mayMoveAttempt,
} from '#domain';
import { TRIES_UNTIL_A_PERSON } from './schedules';
import { ACTION_CLOSED_GRACE_MS, mayReverse, requestReversal, weighReversal } from './weigh-reversal';

const NOW = 1_800_000_000_000;
const BLOCKS = { cancelByReference: true, cancelBlocksLatePay: true };
const NO_FENCE = { cancelByReference: true, cancelBlocksLatePay: false };

const paymentIn = (state: PaymentState, changes: Partial<Payment> = {}): Payment =>
  ({
    id: 'pay_1',
    amount: { value: 19_900, currency: 'CNY' },
    onDecline: 'requires_payment_method',
    expiresAt: NOW - 1,
    ...changes,
    head: { state, version: 4, leg: 1, keptLeg: null, ...changes.head },
  }) as Payment;
const attemptIn = (state: Attempt['state'], changes: Partial<Attempt> = {}): Attempt =>
  ({ paymentId: 'pay_1', leg: 1, state, inquiries: 1, actionExpiresAt: null, ...changes }) as Attempt;
const reversalFor = (purpose: Reversal['purpose'], changes: Partial<Reversal> = {}): Reversal =>
  ({ paymentId: 'pay_1', leg: 1, purpose, state: 'requested', tries: 1, ...changes }) as Reversal;

const acknowledged: UndoEvidence = { class: 'acknowledged', bankTransactionId: 'bt9', undoneMinor: 0 };
const refused: UndoEvidence = { class: 'refused', bankCode: '12', bankMessage: 'no' };
const silence: UndoEvidence = { class: 'unknown', reason: 'deadline' };
const NEXT_LEG = { leg: 2, channelId: 'cmb.quickpay', instrumentToken: 'tok', bankReference: 'NEXT' } as never;

describe('a reversal begins', () => {
  const begin = (payment: Payment, attempt: Attempt, purpose: Reversal['purpose'], contract = BLOCKS, had = null) =>
    mayReverse(payment, attempt, purpose, had, contract, NOW).kind;

  it('when the deadline has passed with the attempt unknown, but never before the bank was asked', () => {
    const payment = paymentIn('unknown');
    expect(begin(payment, attemptIn('unknown'), 'deadline')).toBe('reverse');
    expect(begin(payment, attemptIn('unknown', { inquiries: 0 }), 'deadline')).toBe('not_now');
    expect(begin(paymentIn('unknown', { expiresAt: NOW + 1 }), attemptIn('unknown'), 'deadline')).toBe('not_now');
  });

  it('when the bank’s page has closed, after the bank had a moment to tell', () => {
    const closed = (atMs: number) => attemptIn('requires_action', { actionExpiresAt: atMs });
    const payment = paymentIn('requires_action');
    expect(begin(payment, closed(NOW - ACTION_CLOSED_GRACE_MS), 'action_expired')).toBe('reverse');
    expect(begin(payment, closed(NOW - ACTION_CLOSED_GRACE_MS + 1), 'action_expired')).toBe('not_now');
  });

  it('at once where the merchant cancels while the payer is at the bank', () => {
    expect(begin(paymentIn('requires_action'), attemptIn('requires_action', { inquiries: 0 }), 'canceled')).toBe(
      'reverse',
    );
  });

  it('once per attempt, only for an attempt that may stand at the bank, only where orders can be canceled', () => {
    const had = reversalFor('deadline', { state: 'refused' });
    const again = mayReverse(paymentIn('unknown'), attemptIn('unknown'), 'deadline', had, BLOCKS, NOW);
    expect(again).toEqual({ kind: 'not_now', why: 'had_its_reversal' });
    expect(begin(paymentIn('unknown'), attemptIn('reversing'), 'deadline')).toBe('not_now');
    const cannot = { cancelByReference: false, cancelBlocksLatePay: false };
    expect(begin(paymentIn('unknown'), attemptIn('unknown'), 'deadline', cannot)).toBe('impossible');
    for (const state of ATTEMPT_STATES) {
      const kind = begin(paymentIn('unknown'), attemptIn(state), 'person');
      expect(kind).toBe(state === 'unknown' || state === 'requires_action' ? 'reverse' : 'not_now');
    }
  });

  it('with the payment unknown, whatever it was before', () => {
    const transition = requestReversal(
      paymentIn('requires_action'),
      attemptIn('requires_action'),
      'canceled',
      'R' as never,
    );
    expect(transition).toMatchObject({ to: 'unknown', attempt: { state: 'reversing' }, version: 4 });
  });
});

describe('an acknowledged reversal', () => {
  const after = (purpose: Reversal['purpose'], changes: Partial<Payment> = {}, contract = BLOCKS, undoneMinor = 0) =>
    weighReversal(
      paymentIn('unknown', changes),
      attemptIn('reversing'),
      reversalFor(purpose),
      { ...acknowledged, undoneMinor } as UndoEvidence,
      contract,
      NEXT_LEG,
      NOW,
    );

  it('brings the payment where it was meant to', () => {
    const open = { expiresAt: NOW + 9_000 };
    expect(after('deadline')).toMatchObject({ transition: { to: 'expired', attempt: { state: 'reversed' } } });
    expect(after('action_expired')).toMatchObject({ transition: { to: 'expired' } });
    expect(after('canceled', open)).toMatchObject({ transition: { to: 'canceled', lookAgainInMs: null } });
    expect(after('reroute', open)).toMatchObject({ transition: { to: 'queued', nextLeg: { leg: 2 } } });
    expect(after('reroute')).toMatchObject({ transition: { to: 'expired' } });
    expect(after('person', open)).toMatchObject({
      transition: { to: 'requires_payment_method', lookAgainInMs: 9_000 },
    });
    expect(after('person', { ...open, onDecline: 'fail' })).toMatchObject({ transition: { to: 'failed' } });
  });

  it('is a fence only where the bank blocks what comes later, or where there was something to undo', () => {
    const verdict = after('reroute', { expiresAt: NOW + 9_000 }, NO_FENCE);
    expect(verdict).toMatchObject({ transition: { to: 'unknown', attempt: { state: 'unknown' } } });
    expect(verdict.kind === 'settle' && verdict.transition.nextLeg).toBe(undefined);
    expect(after('deadline', {}, NO_FENCE, 19_900)).toMatchObject({ transition: { to: 'expired' } });
  });
});

describe('a reversal without an acknowledgement', () => {
  const weigh = (evidence: UndoEvidence, tries = 1) =>
    weighReversal(
      paymentIn('unknown'),
      attemptIn('reversing'),
      reversalFor('deadline', { tries }),
      evidence,
      BLOCKS,
      undefined,
      NOW,
    );

  it('that is refused leaves the attempt unknown, and the bank is asked', () => {
    expect(weigh(refused)).toMatchObject({
      transition: { to: 'unknown', attempt: { state: 'unknown' }, undo: { kind: 'reversal_refused' } },
    });
  });

  it('is tried for ever, and a person hears of it once', () => {
    const alerts = [];
    for (let tries = 1; tries < 200; tries += 1) {
      const verdict = weigh(silence, tries);
      expect(verdict.kind).toBe('again');
      if (verdict.kind === 'again' && verdict.alert) alerts.push(tries);
    }
    expect(alerts).toEqual([TRIES_UNTIL_A_PERSON]);
  });
});

describe('whatever the bank answers to a reversal', () => {
  it('only legal moves are made, and nothing is sent elsewhere without a fence', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PAYMENT_STATES),
        fc.constantFrom(...ATTEMPT_STATES),
        fc.constantFrom(...REVERSAL_PURPOSES),
        fc.constantFrom(acknowledged, refused, silence, { ...acknowledged, undoneMinor: 5 } as UndoEvidence),
        fc.constantFrom(BLOCKS, NO_FENCE),
        fc.integer({ min: -5, max: 5 }),
        (state, attemptState, purpose, evidence, contract, leftMs) => {
          fc.pre(attemptState !== 'reversing' || state === 'unknown' || isFinal(state));
          const payment = paymentIn(state, { expiresAt: NOW + leftMs });
          const attempt = attemptIn(attemptState);
          const verdict = weighReversal(payment, attempt, reversalFor(purpose), evidence, contract, NEXT_LEG, NOW);
          if (verdict.kind === 'again') return;
          const { transition } = verdict;
          expect(mayMove(state, transition.to)).toBe(true);
          if (transition.attempt) expect(mayMoveAttempt(attemptState, transition.attempt.state)).toBe(true);
          if (transition.nextLeg) {
            expect(evidence.class).toBe('acknowledged');
            expect(
              contract.cancelBlocksLatePay || (evidence.class === 'acknowledged' && evidence.undoneMinor > 0),
            ).toBe(true);
          }
          if (transition.to !== state && !isFinal(transition.to)) expect(transition.lookAgainInMs).not.toBeNull();
        },
      ),
      { numRuns: 20_000 },
    );
  });
});
