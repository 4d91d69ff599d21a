import type { Glimpse, Watched } from './channel-watch';
import type { PayerOutcome } from './client-outcomes';
import { crowdFigures } from './crowd-figures';
import { planStage } from './plan-stage';

const ICBC = 'icbc.quickpay';
const CMB = 'cmb.quickpay';
const stage = planStage(
  {
    banks: { [ICBC]: { slots: 4, service: { mean_ms: 400 } }, [CMB]: { slots: 4, service: { mean_ms: 400 } } },
    limits: {},
    payers: { on_time_ms: 5_000, max_wait_ms: 3_000, expires_after_ms: 15_000 },
    crowds: [{ channel: ICBC, phases: [{ name: 'a', load: 1, seconds: 10 }] }],
    timeline: [{ at_ms: 0, channel: CMB, patch: { capacity: { slots: 1 } } }],
    faults: [],
    limit_change: null,
    payers_ready: 1,
    payers_max: 1,
  },
  'laptop',
  { scale: 1, rate_max: 1_000, seconds_max: 1_000 },
  { cards: () => ({}), curve: () => [] },
);
/** Ten payments per second at every bank. */
const watched: Watched = new Map(
  [ICBC, CMB].map((channel) => [channel, [{ atMs: 0, capacityPerSecond: 10 } as Glimpse]]),
);
const payer = (channel: string, postedMs: number, change: Partial<PayerOutcome> = {}): PayerOutcome =>
  ({
    channel,
    postedMs,
    acceptedMs: postedMs,
    eta: null,
    paidOn: channel,
    state: 'succeeded',
    ...change,
  }) as PayerOutcome;
/** So many a second for ten seconds, each paid after as long. */
const payers = (channel: string, perSecond: number, endsAfterMs: number, change: Partial<PayerOutcome> = {}) =>
  Array.from({ length: 10 * perSecond }, (_, n) => {
    const postedMs = Math.floor((n * 1_000) / perSecond);
    return payer(channel, postedMs, { endMs: postedMs + endsAfterMs, ...change });
  });
const figures = (outcomes: PayerOutcome[]): Record<string, number | null> =>
  Object.fromEntries(crowdFigures({ stage, outcomes, watched }).map(({ name, value }) => [name, value]));

describe('what a crowd got', () => {
  it('over capacity is judged where as many came as a bank could serve, and nowhere else', () => {
    const asked = payers(ICBC, 20, 0).map((one, n) => (n % 4 === 0 ? { ...one, state: 'expired' } : one));
    expect(figures(asked)['goodput_over_capacity']).toBe(1.5);
    expect(figures(payers(ICBC, 9, 0))['goodput_over_capacity']).toBeNull();
    expect(figures([...payers(ICBC, 10, 0), ...payers(CMB, 1, 0)])['goodput_over_capacity']).toBe(1);
  });

  it('counts for a bank whom it served, wherever they wanted to pay first', () => {
    const moved = payers(CMB, 5, 0, { paidOn: ICBC });
    expect(figures([...payers(ICBC, 10, 6_000), ...moved])['goodput_over_capacity']).toBe(0.5);
  });

  it('holds the customers of a bank that held against those who were sent there', () => {
    const late = payers(ICBC, 5, 6_000);
    expect(figures([...payers(ICBC, 15, 10), ...late, ...payers(CMB, 5, 9_000)])['own_customers_on_time']).toBe(0.75);
  });

  it('tells who was told to wait beyond the time of the bank itself', () => {
    const soon = payers(ICBC, 3, 10, { eta: { p50: 500, p90: 800 } });
    const later = payers(ICBC, 1, 10, { eta: { p50: 700, p90: 900 } });
    expect(figures([...soon, ...later])['told_to_wait_share']).toBe(0.25);
  });
});
