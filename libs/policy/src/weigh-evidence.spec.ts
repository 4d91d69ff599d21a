import fc from 'fast-check';
import {
  ATTEMPT_STATES,
  type Attempt,
  type Evidence,
  OPEN_ATTEMPT_STATES,
  PAYMENT_STATES,
  REVERSAL_STATES,
  type Payment,
  type PaymentState,
  isFinal,
  mayMove,
  mayMoveAttempt,
} from '#domain';
import {
  type ChannelContract,
  FIRST_INQUIRY_MS,
  LEGS_MAX,
  NEVER_UNDONE,
  type NextWays,
  type UndoStanding,
  weighEvidence,
} from './weigh-evidence';

const NOW = 1_800_000_000_000;
const REFERENCE = '9QNA16G06SNYYFJMB84F';
const CAUTIOUS: ChannelContract = {
  softDeclineIsFinal: false,
  refusesLateRequests: false,
  maxProcessingTimeMs: 10_000,
  maxClockSkewMs: 0,
  inquiryLagMs: 1_000,
};
const GENEROUS: ChannelContract = { ...CAUTIOUS, softDeclineIsFinal: true, refusesLateRequests: true };

const attemptIn = (state: Attempt['state'], changes: Partial<Attempt> = {}): Attempt =>
  ({
    id: 'att_1',
    paymentId: 'pay_1',
    leg: 1,
    channelId: 'icbc.quickpay',
    instrumentToken: 'tok',
    bankReference: REFERENCE,
    state,
    sendBy: NOW - 1_000,
    notFoundAt: null,
    inquiries: 0,
    ...changes,
  }) as Attempt;

const paymentIn = (
  state: PaymentState,
  changes: Omit<Partial<Payment>, 'head'> & { head?: Partial<Payment['head']> } = {},
): Payment =>
  ({
    id: 'pay_1',
    merchantId: 'mer',
    merchantOrderNo: 'o1',
    amount: { value: 19_900, currency: 'CNY' },
    onDecline: 'requires_payment_method',
    expiresAt: NOW + 60_000,
    ...changes,
    head: { state, version: 4, leg: 1, keptLeg: state === 'succeeded' ? 1 : null, ...changes.head },
  }) as Payment;

const charged: Evidence = {
  class: 'succeeded',
  charge: { reference: REFERENCE, amount: { value: 19_900, currency: 'CNY' }, bankTransactionId: 'bt1' },
};
const declined = (severity: 'hard' | 'soft'): Evidence => ({
  class: 'declined',
  severity,
  reason: 'insufficient_funds',
  bankCode: '51',
  bankMessage: 'no funds',
  reference: REFERENCE,
});
const AGAIN = { leg: 2, channelId: 'icbc.quickpay', instrumentToken: 'tok', bankReference: 'NEXT' } as never;
const WAYS: NextWays = { again: AGAIN, reroute: null };
const ANOTHER: NextWays = {
  again: AGAIN,
  reroute: { leg: { leg: 2, channelId: 'ccb.quickpay' } as never, reason: { code: 'routed', channel: 'ccb.quickpay' } },
};

const weigh = (
  payment: Payment,
  attempt: Attempt,
  evidence: Evidence,
  origin: Parameters<typeof weighEvidence>[3] = 'answer',
  contract = CAUTIOUS,
  undo: UndoStanding = NEVER_UNDONE,
) => weighEvidence(payment, attempt, evidence, origin, contract, WAYS, NOW, undo);

describe('success', () => {
  it('of the amount and reference that we asked for pays the payment', () => {
    const verdict = weigh(paymentIn('processing'), attemptIn('dispatched'), charged);
    expect(verdict).toMatchObject({
      kind: 'move',
      transition: { to: 'succeeded', version: 4, kept: { leg: 1, capturedMinor: 19_900 }, lookAgainInMs: null },
      alert: null,
    });
  });

  it('of another amount or currency releases no goods: a person looks', () => {
    for (const amount of [
      { value: 19_901, currency: 'CNY' },
      { value: 19_900, currency: 'USD' },
    ]) {
      const verdict = weigh(paymentIn('processing'), attemptIn('dispatched'), {
        ...charged,
        charge: { ...charged.charge, amount },
      } as Evidence);
      expect(verdict).toMatchObject({
        kind: 'move',
        transition: { to: 'unknown', attempt: { state: 'integrity_failure' } },
        alert: { code: 'integrity_failure' },
      });
    }
  });

  it('with a foreign reference says nothing about ours', () => {
    const foreign = { ...charged, charge: { ...charged.charge, reference: 'OTHER' } } as Evidence;
    expect(weigh(paymentIn('processing'), attemptIn('dispatched'), foreign)).toMatchObject({
      kind: 'move',
      transition: { to: 'unknown', attempt: { state: 'unknown' }, lookAgainInMs: FIRST_INQUIRY_MS },
    });
    expect(weigh(paymentIn('unknown'), attemptIn('unknown'), foreign)).toMatchObject({
      kind: 'stay',
      inquireInMs: expect.any(Number),
    });
  });

  it('that comes twice changes nothing', () => {
    expect(weigh(paymentIn('succeeded'), attemptIn('succeeded'), charged)).toMatchObject({
      kind: 'stay',
      inquireInMs: null,
    });
  });

  it('that comes after the payment ended is stored, not kept, given back, and raises an alert', () => {
    for (const state of PAYMENT_STATES.filter(isFinal)) {
      const verdict = weigh(paymentIn(state), attemptIn('declined'), charged, 'notification');
      expect(verdict).toMatchObject({
        kind: 'move',
        transition: { to: state },
        giveBack: true,
        overtakesReversal: false,
        alert: { code: 'late_success' },
      });
      if (verdict.kind === 'move') expect(verdict.transition.kept).toBeUndefined();
    }
  });

  it('of an attempt that is being undone moves nothing: the bank is asked again once the undo is acknowledged', () => {
    const doubt = { kind: 'stay', inquireInMs: null, doubtsReversal: true };
    expect(weigh(paymentIn('unknown'), attemptIn('reversing'), charged)).toMatchObject(doubt);
    for (const origin of ['notification', 'inquiry', 'statement'] as const) {
      const undone: UndoStanding = { reversal: 'acknowledged', askedAfterUndo: origin !== 'inquiry' };
      const verdict = weigh(paymentIn('expired'), attemptIn('reversed'), charged, origin, CAUTIOUS, undone);
      expect(verdict).toMatchObject(doubt);
    }
  });

  it('of an undone attempt is given back only if an inquiry begun after the acknowledgement says so', () => {
    const undone: UndoStanding = { reversal: 'acknowledged', askedAfterUndo: true };
    expect(weigh(paymentIn('expired'), attemptIn('reversed'), charged, 'inquiry', CAUTIOUS, undone)).toMatchObject({
      kind: 'move',
      transition: { to: 'expired', attempt: { state: 'succeeded' } },
      giveBack: true,
      overtakesReversal: true,
    });
  });

  it('of an attempt whose reversal was refused counts as if there had been none', () => {
    const refused: UndoStanding = { reversal: 'refused', askedAfterUndo: false };
    expect(weigh(paymentIn('unknown'), attemptIn('unknown'), charged, 'inquiry', CAUTIOUS, refused)).toMatchObject({
      transition: { to: 'succeeded', kept: { leg: 1 } },
      giveBack: false,
    });
    expect(weigh(paymentIn('canceled'), attemptIn('unknown'), charged, 'inquiry', CAUTIOUS, refused)).toMatchObject({
      transition: { to: 'canceled' },
      giveBack: true,
    });
  });
});

describe('a decline', () => {
  it('lets the payer choose again until the deadline, and ends there', () => {
    const verdict = weigh(paymentIn('processing'), attemptIn('dispatched'), declined('hard'));
    expect(verdict).toMatchObject({ transition: { to: 'requires_payment_method', lookAgainInMs: 60_000 } });
  });

  it('ends the payment at once where no payer is in front of the caller', () => {
    const payment = paymentIn('processing', { onDecline: 'fail' });
    expect(weigh(payment, attemptIn('dispatched'), declined('hard'))).toMatchObject({ transition: { to: 'failed' } });
  });

  it('that is soft is no answer unless the channel’s contract says that it is final', () => {
    const soft = declined('soft');
    expect(weigh(paymentIn('processing'), attemptIn('dispatched'), soft)).toMatchObject({
      transition: { to: 'unknown' },
    });
    expect(weigh(paymentIn('processing'), attemptIn('dispatched'), soft, 'answer', GENEROUS)).toMatchObject({
      transition: { to: 'requires_payment_method', attempt: { state: 'declined' } },
    });
  });

  it('after a success is a contradiction: nothing moves, the bank is asked, a person hears', () => {
    expect(weigh(paymentIn('succeeded'), attemptIn('succeeded'), declined('hard'), 'notification')).toMatchObject({
      kind: 'stay',
      inquireInMs: expect.any(Number),
      alert: { code: 'contradiction' },
    });
  });
});

describe('not sent', () => {
  const notSent: Evidence = { class: 'not_sent', reason: 'connect_failed' };

  it('brings the payment back to its queue for another leg', () => {
    const verdict = weigh(paymentIn('processing'), attemptIn('dispatched'), notSent);
    expect(verdict).toMatchObject({
      transition: { to: 'queued', attempt: { state: 'not_sent' }, nextLeg: { leg: 2 } },
    });
  });

  it('is believed only from the call itself', () => {
    expect(weigh(paymentIn('unknown'), attemptIn('unknown'), notSent, 'inquiry')).toMatchObject({
      kind: 'stay',
      inquireInMs: expect.any(Number),
    });
  });

  it('ends when the deadline has passed or the channel stays out of reach', () => {
    const late = paymentIn('processing', { expiresAt: NOW });
    expect(weigh(late, attemptIn('dispatched'), notSent)).toMatchObject({ transition: { to: 'expired' } });
    const worn = paymentIn('processing', { head: { leg: LEGS_MAX } });
    expect(weigh(worn, attemptIn('dispatched', { leg: LEGS_MAX }), notSent)).toMatchObject({
      transition: { to: 'failed' },
    });
  });
});

describe('not found', () => {
  const notFound: Evidence = { class: 'not_found' };
  const old = { sendBy: NOW - 60_000 };

  it('is not "not charged": the payment stays unknown and the bank is asked again', () => {
    for (const contract of [CAUTIOUS, GENEROUS]) {
      expect(weigh(paymentIn('unknown'), attemptIn('unknown'), notFound, 'inquiry', contract)).toMatchObject({
        kind: 'stay',
        inquireInMs: expect.any(Number),
      });
    }
    const ancient = attemptIn('unknown', { sendBy: NOW - 30 * 86_400_000, notFoundAt: NOW - 86_400_000 });
    expect(weigh(paymentIn('unknown'), ancient, notFound, 'inquiry', CAUTIOUS)).toMatchObject({ kind: 'stay' });
  });

  it('is a fence only the second time, after all the time that the bank may take, where it refuses late requests', () => {
    const first = weigh(paymentIn('unknown'), attemptIn('unknown', old), notFound, 'inquiry', GENEROUS);
    expect(first).toMatchObject({ kind: 'stay', notFoundAfterFence: true });
    const second = weigh(
      paymentIn('unknown'),
      attemptIn('unknown', { ...old, notFoundAt: NOW - 5_000 }),
      notFound,
      'inquiry',
      GENEROUS,
    );
    expect(second).toMatchObject({
      transition: { to: 'requires_payment_method', attempt: { state: 'declined', declineReason: 'refused_late' } },
    });
  });
});

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

describe('a refusal at the bank’s door', () => {
  it('of a second send says nothing about the first one, which may still be charged', () => {
    const busy = { ...declined('soft'), ofThisMessageOnly: true } as Evidence;
    const again = weigh(paymentIn('unknown'), attemptIn('unknown', { sendNo: 2 }), busy, 'answer', GENEROUS);
    expect(again).toMatchObject({ kind: 'stay', inquireInMs: expect.any(Number) });
  });
});

describe('another way', () => {
  const rerouted = {
    transition: { to: 'queued', nextLeg: { channelId: 'ccb.quickpay' }, reason: { code: 'rerouted' } },
  };
  const over = (state: Attempt['state'], evidence: Evidence, changes: Partial<Attempt> = {}) =>
    weighEvidence(
      paymentIn(state === 'dispatched' ? 'processing' : 'unknown'),
      attemptIn(state, changes),
      evidence,
      state === 'dispatched' ? 'answer' : 'inquiry',
      GENEROUS,
      ANOTHER,
      NOW,
    );

  it('is taken after a soft decline, an attempt that was not sent, and a fence', () => {
    expect(over('dispatched', declined('soft'))).toMatchObject(rerouted);
    expect(over('dispatched', { class: 'not_sent', reason: 'connect_failed' })).toMatchObject(rerouted);
    const fenced = { sendBy: NOW - 60_000, notFoundAt: NOW - 5_000 };
    expect(over('unknown', { class: 'not_found' }, fenced)).toMatchObject(rerouted);
  });

  it('is never taken for a hard decline: that is the payer’s to answer', () => {
    expect(over('dispatched', declined('hard'))).toMatchObject({ transition: { to: 'requires_payment_method' } });
  });

  it('is never taken while the fate of the money is open', () => {
    for (const evidence of [{ class: 'unknown', reason: 'deadline' }, { class: 'not_found' }] as Evidence[]) {
      expect(over('unknown', evidence)).toMatchObject({ kind: 'stay' });
    }
  });
});

describe('what has been settled', () => {
  it('stays so when the bank later names another amount: a person hears of the contradiction', () => {
    const other = { ...charged, charge: { ...charged.charge, amount: { value: 1, currency: 'CNY' } } } as Evidence;
    const verdict = weigh(paymentIn('succeeded'), attemptIn('succeeded'), other, 'notification');
    expect(verdict).toMatchObject({ kind: 'stay', alert: { code: 'contradiction' } });
  });

  it('of a wrong charge is left to two persons, whatever the bank says next', () => {
    expect(weigh(paymentIn('unknown'), attemptIn('integrity_failure'), charged, 'inquiry')).toMatchObject({
      kind: 'stay',
    });
  });
});

describe('a payer at the bank’s page', () => {
  it('is asked about every half minute, and never given longer than the payment has', () => {
    const url = 'https://bank/page';
    const page: Evidence = {
      class: 'action_required',
      url,
      expiresAt: NOW + 70 * 365 * 86_400_000,
      reference: REFERENCE,
    };
    expect(weigh(paymentIn('processing'), attemptIn('dispatched'), page)).toMatchObject({
      transition: { to: 'requires_action', lookAgainInMs: 30_000, attempt: { actionExpiresAt: NOW + 60_000 } },
    });
  });
});
