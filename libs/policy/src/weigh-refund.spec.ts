import fc from 'fast-check';
import { type Evidence, REFUND_STATES, type Refund, isSettledRefund, mayMoveRefund } from '#domain';
import { TRIES_UNTIL_A_PERSON } from './schedules';
import { type RefundContract, weighRefund } from './weigh-refund';

const NOW = 1_800_000_000_000;
const REFERENCE = 'R3T5V7X9Z2B4D6F8H2JA';
const DEDUPES: RefundContract = { softDeclineIsFinal: true, dedupeWindowMs: 3_600_000 };
const CAUTIOUS: RefundContract = { softDeclineIsFinal: false, dedupeWindowMs: null };

const refundIn = (state: Refund['state'], changes: Partial<Refund> = {}): Refund =>
  ({
    id: 'ref_1',
    kind: 'merchant',
    amount: { value: 500, currency: 'CNY' },
    bankReference: REFERENCE,
    state,
    sendNo: 1,
    looks: 0,
    doubtSince: state === 'unknown' ? NOW - 5_000 : null,
    createdAt: NOW - 10_000,
    ...changes,
  }) as Refund;

const given: Evidence = {
  class: 'succeeded',
  charge: { reference: REFERENCE, amount: { value: 500, currency: 'CNY' }, bankTransactionId: 'bt1' },
};
const declined = (changes: object = {}): Evidence =>
  ({
    class: 'declined',
    severity: 'hard',
    reason: 'not_permitted',
    bankCode: '12',
    bankMessage: 'no',
    reference: REFERENCE,
    ...changes,
  }) as Evidence;
const atTheDoor = declined({ severity: 'soft', bankCode: 'N1', ofThisMessageOnly: true });
const weigh = (refund: Refund, evidence: Evidence, contract = DEDUPES, origin: 'answer' | 'inquiry' = 'answer') =>
  weighRefund(refund, evidence, origin, contract, NOW);

describe('a refund', () => {
  it('is given back by the bank’s word about our reference and our amount, and by nothing else', () => {
    expect(weigh(refundIn('dispatched'), given)).toMatchObject({ to: 'succeeded', lookAgainInMs: null });
    const other = (charge: object) => ({ ...given, charge: { ...given.charge, ...charge } }) as Evidence;
    expect(weigh(refundIn('dispatched'), other({ reference: 'OTHER' }))).toMatchObject({ to: 'unknown' });
    expect(weigh(refundIn('dispatched'), other({ amount: { value: 501, currency: 'CNY' } }))).toMatchObject({
      to: 'unknown',
      alert: { code: 'integrity_failure' },
    });
  });

  it('of a late success that the bank refuses is a person’s: nobody else would return that money', () => {
    expect(weigh(refundIn('dispatched', { kind: 'late_success' }), declined())).toMatchObject({
      to: 'declined',
      alert: { code: 'refund_declined' },
    });
    expect(weigh(refundIn('dispatched'), declined())).toMatchObject({ to: 'declined', alert: null });
  });

  it('that was not sent, or turned away at the door, waits and goes again; nothing of it is at the bank', () => {
    for (const evidence of [atTheDoor, { class: 'not_sent', reason: 'connect_failed' } as const]) {
      expect(weigh(refundIn('dispatched'), evidence)).toMatchObject({ to: 'requested', lookAgainInMs: 1_000 });
    }
  });

  it('of which an earlier send may be at the bank stays unknown, whatever becomes of the later one', () => {
    const again = refundIn('dispatched', { sendNo: 2, doubtSince: NOW - 1 });
    for (const evidence of [atTheDoor, { class: 'not_sent', reason: 'connect_failed' } as const]) {
      expect(weigh(again, evidence)).toMatchObject({ to: 'unknown' });
    }
  });

  it('that the bank does not know is sent again only where the bank would recognise it', () => {
    const notFound: Evidence = { class: 'not_found' };
    expect(weigh(refundIn('unknown'), notFound, DEDUPES, 'inquiry')).toEqual({ kind: 'resend' });
    expect(weigh(refundIn('unknown'), notFound, CAUTIOUS, 'inquiry')).toMatchObject({ kind: 'stay' });
    const old = refundIn('unknown', { createdAt: NOW - 3_600_000 });
    expect(weigh(old, notFound, DEDUPES, 'inquiry')).toMatchObject({ kind: 'stay' });
  });

  it('that nobody settles is looked at for ever, and a person hears of it once', () => {
    const alerts = [];
    for (let looks = 1; looks < 100; looks += 1) {
      const verdict = weigh(
        refundIn('unknown', { looks }),
        { class: 'unknown', reason: 'deadline' },
        DEDUPES,
        'inquiry',
      );
      if (verdict.kind === 'stay') expect(verdict.lookAgainInMs).toBeGreaterThan(0);
      if (verdict.kind === 'stay' && verdict.alert) alerts.push(looks);
    }
    expect(alerts).toEqual([TRIES_UNTIL_A_PERSON]);
  });
});

describe('whatever the evidence', () => {
  it('only legal moves are made, what is not settled is looked at again, and doubt never becomes a no by itself', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...REFUND_STATES),
        fc.boolean(),
        fc.constantFrom<Evidence>(
          given,
          declined(),
          declined({ severity: 'soft' }),
          atTheDoor,
          { class: 'not_sent', reason: 'x' },
          { class: 'not_found' },
          { class: 'unknown', reason: 'x' },
          { class: 'action_required', url: 'https://bank', expiresAt: NOW, reference: REFERENCE },
        ),
        fc.constantFrom('answer' as const, 'inquiry' as const),
        fc.constantFrom(DEDUPES, CAUTIOUS),
        (state, doubted, evidence, origin, contract) => {
          const refund = refundIn(state, { doubtSince: doubted || state === 'unknown' ? NOW - 1 : null });
          const verdict = weigh(refund, evidence, contract, origin);
          if (verdict.kind === 'resend') {
            expect([state, contract]).toEqual(['unknown', DEDUPES]);
            return;
          }
          if (verdict.kind === 'stay') {
            expect(verdict.lookAgainInMs === null).toBe(isSettledRefund(state));
            return;
          }
          expect(isSettledRefund(state) ? state === 'declined' && verdict.to === 'succeeded' : true).toBe(true);
          if (state !== 'requested') expect(mayMoveRefund(state, verdict.to)).toBe(true);
          expect(verdict.lookAgainInMs === null).toBe(isSettledRefund(verdict.to));
          if (verdict.to === 'declined') expect(evidence.class).toBe('declined');
          if (verdict.to === 'requested') expect(refund.doubtSince).toBeNull();
        },
      ),
      { numRuns: 10_000 },
    );
  });
});
