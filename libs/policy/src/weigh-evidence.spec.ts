import { PAYMENT_STATES, isFinal, type Attempt, type Evidence } from '#domain';
import {
  NOW,
  REFERENCE,
  CAUTIOUS,
  GENEROUS,
  attemptIn,
  paymentIn,
  charged,
  declined,
  ANOTHER,
  weigh,
} from './spec-kit/weighing';
import { type UndoStanding } from './verdict';
import { FIRST_INQUIRY_MS, LEGS_MAX, weighEvidence } from './weigh-evidence';

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

  it('of another amount, which two persons have settled as none, is no news when a statement has it too; another charge is', () => {
    const wrong = { ...charged, charge: { ...charged.charge, amount: { value: 19_901, currency: 'CNY' } } } as Evidence;
    const { bankTransactionId } = charged.charge;
    const settled = { ...attemptIn('declined'), bankTransactionId };
    expect(weigh(paymentIn('failed'), settled, wrong, 'statement')).toMatchObject({ kind: 'stay', alert: null });
    const other = { ...settled, bankTransactionId: 'TX-OTHER' };
    expect(weigh(paymentIn('failed'), other, wrong, 'statement')).toMatchObject({
      transition: { to: 'failed', attempt: { state: 'integrity_failure' } },
    });
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

  it('that is only notified makes us ask: the bank’s own yes may be on its way', () => {
    for (const state of ['dispatched', 'unknown', 'requires_action'] as const) {
      const payment = paymentIn(state === 'dispatched' ? 'processing' : state);
      const verdict = weigh(payment, attemptIn(state), declined('hard'), 'notification');
      expect(verdict).toMatchObject({ kind: 'stay', inquireInMs: 0, alert: null });
    }
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
