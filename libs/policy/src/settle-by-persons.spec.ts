import { attemptIn, paymentIn } from './spec-kit/weighing';
import { settleByPersons } from './settle-by-persons';

describe('what two persons have found out about an attempt with a wrong amount', () => {
  const failure = attemptIn('integrity_failure');

  it('pays the payment when the bank has the right charge now, under that charge’s number', () => {
    expect(settleByPersons(paymentIn('unknown'), failure, 'succeeded', 'TX-RIGHT')).toMatchObject({
      kind: 'settle',
      transition: {
        to: 'succeeded',
        attempt: { state: 'succeeded', bankTransactionId: 'TX-RIGHT' },
        kept: { leg: failure.leg },
      },
    });
  });

  it('fails the payment when the bank has none', () => {
    const verdict = settleByPersons(paymentIn('unknown'), failure, 'declined', null);
    expect(verdict).toMatchObject({ kind: 'settle', transition: { to: 'failed', attempt: { state: 'declined' } } });
  });

  it('leaves a payment that has ended as it is, and pays it no second time', () => {
    const ended = paymentIn('expired');
    expect(settleByPersons(ended, failure, 'declined', null)).toMatchObject({
      kind: 'settle',
      transition: { to: 'expired', eventType: 'payment.attempt_settled' },
    });
    expect(settleByPersons(ended, failure, 'succeeded', 'TX')).toEqual({ kind: 'payment_has_ended' });
  });

  it('is for integrity failures only', () => {
    for (const state of ['dispatched', 'unknown', 'succeeded', 'declined'] as const)
      expect(settleByPersons(paymentIn('unknown'), attemptIn(state), 'declined', null)).toEqual({ kind: 'not_open' });
  });
});
