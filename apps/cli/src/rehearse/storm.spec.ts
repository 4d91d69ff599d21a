import type { PayerOutcome } from './client-outcomes';
import { stormFigures } from './storm';

const payer = (posts: number, change: Partial<PayerOutcome> = {}): PayerOutcome =>
  ({
    phase: '3x',
    posts,
    payments: new Set(['pay_1']),
    postedMs: 0,
    acceptedMs: 10,
    state: 'succeeded',
    endMs: 500,
    ...change,
  }) as PayerOutcome;
const refused = payer(6, { payments: new Set(), acceptedMs: null, state: null, endMs: null });
const valuesOf = (outcomes: PayerOutcome[], bankCalls: number) =>
  Object.fromEntries(
    stormFigures(outcomes, bankCalls, 'calm again', 5_000).map(({ name, value, met }) => [name, { value, met }]),
  );

describe('a storm of retries', () => {
  it('is one only if payers press more than once', () => {
    expect(valuesOf([payer(1), payer(1)], 2)['posts_per_payer']).toEqual({ value: 1, met: false });
    expect(valuesOf([payer(2), refused], 1)['posts_per_payer']).toEqual({ value: 4, met: true });
  });

  it('must not reach the bank', () => {
    expect(valuesOf([payer(4), payer(3)], 2)['bank_calls_per_payment']).toEqual({ value: 1, met: true });
    expect(valuesOf([payer(4), payer(3)], 3)['bank_calls_per_payment']).toEqual({ value: 1.5, met: false });
  });

  it('never makes two payments of one key', () => {
    const twice = payer(2, { payments: new Set(['pay_1', 'pay_2']) });
    expect(valuesOf([payer(2), twice], 3)['payments_under_one_key']).toEqual({ value: 2, met: false });
  });

  it('is over for those who come after it', () => {
    const late = payer(1, { phase: 'calm again', endMs: 9_000 });
    expect(valuesOf([payer(3), late], 2)['on_time_after_storm']).toEqual({ value: 0, met: false });
  });
});
