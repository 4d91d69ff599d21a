import { breakerOpenedAfterS, hotFigures, jain, othersFigures, outageFigures, type TroubleSeen } from './bank-trouble';
import type { Glimpse, RouterView } from './channel-watch';
import type { PayerOutcome } from './client-outcomes';

/** Ten seconds of calm, ten of trouble, ten after it; the bank answers 20 a second of the 25 it can. */
const glimpses = (of: (atMs: number) => { served: number; breaker?: string }): Glimpse[] =>
  Array.from({ length: 150 }, (_, index) => {
    const { served, breaker = 'closed' } = of(index * 200);
    return { atMs: index * 200, capacityPerSecond: 25, slots: 5, served, router: { breaker } as RouterView } as Glimpse;
  });
const dead = glimpses((atMs) => ({
  served: atMs < 10_000 ? atMs / 50 : atMs < 24_000 ? 200 : 200 + (atMs - 24_000) / 50,
  breaker: atMs < 13_400 || atMs >= 23_000 ? 'closed' : atMs < 22_000 ? 'open' : 'ramping',
}));
const payer = (postedMs: number, change: Partial<PayerOutcome> = {}): PayerOutcome =>
  ({
    channel: 'icbc.quickpay',
    channels: ['icbc.quickpay', 'ccb.quickpay'],
    postedMs,
    refusedInMs: null,
    offered: false,
    moved: false,
    paidOn: change.channel ?? 'icbc.quickpay',
    state: 'succeeded',
    endMs: postedMs + 300,
    ...change,
  }) as PayerOutcome;
const refused = (postedMs: number, offered: boolean, change: Partial<PayerOutcome> = {}): PayerOutcome =>
  payer(postedMs, { refusedInMs: 5, offered, state: null, endMs: null, ...change });
const seen = (outcomes: PayerOutcome[], change: Partial<TroubleSeen> = {}): TroubleSeen => ({
  channel: 'icbc.quickpay',
  outcomes,
  glimpses: dead,
  before: { fromMs: 0, toMs: 10_000 },
  trouble: { fromMs: 10_000, toMs: 20_000 },
  after: { fromMs: 20_000, toMs: 30_000 },
  onTimeMs: 5_000,
  ...change,
});
const valuesOf = (figures: readonly { name: string; value: number | null }[]) =>
  Object.fromEntries(figures.map(({ name, value }) => [name, value]));

describe('an outage', () => {
  it('says when the breaker opened, and that it did not', () => {
    expect(breakerOpenedAfterS(dead, { fromMs: 10_000, toMs: 20_000 })).toBe(3.4);
    expect(breakerOpenedAfterS(dead, { fromMs: 0, toMs: 10_000 })).toBeNull();
  });

  it('counts offers to those who were refused behind the open breaker and have another card', () => {
    const outcomes = [
      refused(11_000, false), // nobody knew yet
      refused(14_000, true),
      refused(15_000, false),
      refused(15_500, false, { channels: ['icbc.quickpay'] }),
    ];
    expect(valuesOf(outageFigures(seen(outcomes)))).toMatchObject({
      refused_while_open: 2,
      refused_with_suggestion: 0.5,
    });
  });

  it('is over when the bank answers nine tenths of what came before, not of what it could', () => {
    const figures = valuesOf(outageFigures(seen([])));
    expect(figures['back_to_90_s']).toBeCloseTo(4, 0);
    expect(figures['came_back_by_ramp']).toBe(1);
  });
});

describe('payers of other banks', () => {
  const ccb = (postedMs: number, change: Partial<PayerOutcome> = {}) =>
    payer(postedMs, { channel: 'ccb.quickpay', ...change });

  it('are untouched if they pay on time and as quickly as before', () => {
    const figures = othersFigures(seen([ccb(1_000), ccb(12_000), refused(12_000, false)]));
    expect(figures.map(({ met }) => met)).toEqual([true, true]);
  });

  it('are not if they wait in line behind the bank in trouble', () => {
    const figures = othersFigures(seen([ccb(1_000), ccb(12_000, { endMs: 14_000 })]));
    expect(valuesOf(figures)).toEqual({ others_on_time: 1, others_slower_ms: 1_700 });
    expect(figures[1]?.met).toBe(false);
  });
});

describe('a hot bank', () => {
  const others = [{ channel: 'ccb.quickpay', glimpses: dead }];
  const crowd = (channel: string, count: number, paid: number) =>
    Array.from({ length: count }, (_, n) =>
      payer(10_000 + n, { channel, ...(n < paid ? {} : { state: null, endMs: null }) }),
    );

  it('is fair where each bank has served its payers or all it could', () => {
    const outcomes = [...crowd('icbc.quickpay', 500, 250), ...crowd('ccb.quickpay', 50, 50)];
    expect(valuesOf(hotFigures(seen(outcomes), others))).toMatchObject({ goodput_hot: 1, jain_fairness: 1 });
  });

  it('is not where the others pay for it', () => {
    const outcomes = [...crowd('icbc.quickpay', 500, 250), ...crowd('ccb.quickpay', 50, 10)];
    expect(valuesOf(hotFigures(seen(outcomes), others))['jain_fairness']).toBeLessThan(0.75);
  });

  it('has Jain’s index: one if all have the same, a half if one of two has everything', () => {
    expect(jain([0.9, 0.9, 0.9])).toBeCloseTo(1);
    expect(jain([1, 0])).toBe(0.5);
  });
});
