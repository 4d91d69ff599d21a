/** A payment, its attempt and some evidence, as the specs of weighing want them. */
import type { Attempt, Evidence, Payment, PaymentState } from '#domain';
import { type ChannelContract, NEVER_UNDONE, type NextWays, type UndoStanding } from '../verdict';
import { weighEvidence } from '../weigh-evidence';

export const NOW = 1_800_000_000_000;
export const REFERENCE = '9QNA16G06SNYYFJMB84F';
export const CAUTIOUS: ChannelContract = {
  softDeclineIsFinal: false,
  refusesLateRequests: false,
  maxProcessingTimeMs: 10_000,
  maxClockSkewMs: 0,
  inquiryLagMs: 1_000,
};
export const GENEROUS: ChannelContract = { ...CAUTIOUS, softDeclineIsFinal: true, refusesLateRequests: true };

export const attemptIn = (state: Attempt['state'], changes: Partial<Attempt> = {}): Attempt =>
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

export const paymentIn = (
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

export const charged: Extract<Evidence, { class: 'succeeded' }> = {
  class: 'succeeded',
  charge: { reference: REFERENCE, amount: { value: 19_900, currency: 'CNY' }, bankTransactionId: 'bt1' },
};
export const declined = (severity: 'hard' | 'soft'): Evidence => ({
  class: 'declined',
  severity,
  reason: 'insufficient_funds',
  bankCode: '51',
  bankMessage: 'no funds',
  reference: REFERENCE,
});
export const AGAIN = { leg: 2, channelId: 'icbc.quickpay', instrumentToken: 'tok', bankReference: 'NEXT' } as never;
export const WAYS: NextWays = { again: AGAIN, reroute: null };
export const ANOTHER: NextWays = {
  again: AGAIN,
  reroute: { leg: { leg: 2, channelId: 'ccb.quickpay' } as never, reason: { code: 'routed', channel: 'ccb.quickpay' } },
};

export const weigh = (
  payment: Payment,
  attempt: Attempt,
  evidence: Evidence,
  origin: Parameters<typeof weighEvidence>[3] = 'answer',
  contract = CAUTIOUS,
  undo: UndoStanding = NEVER_UNDONE,
) => weighEvidence(payment, attempt, evidence, origin, contract, WAYS, NOW, undo);
