import { recoveredAfterS, settledAfterS } from './capacity-change';
import { couldServe, type Glimpse } from './channel-watch';
import type { PayerOutcome } from './client-outcomes';
import { rateSeen } from './contract-rate';
import { flowFigures } from './flow-figures';
import { fluidBound, onTimeBound } from './fluid-bound';
import type { CongestionStage } from './stage';

const glimpse = (atMs: number, change: Partial<Glimpse> = {}): Glimpse => ({
  atMs,
  capacityPerSecond: 10,
  slots: 4,
  inService: 4,
  waiting: 0,
  offered: atMs / 100,
  served: atMs / 100,
  busy: 0,
  collapsed: false,
  inFlight: 4,
  limit: 5,
  level: 'busy',
  router: null,
  ...change,
});
const every200Ms = (untilMs: number, of: (atMs: number) => Partial<Glimpse> = () => ({})): Glimpse[] =>
  Array.from({ length: untilMs / 200 }, (_, index) => glimpse(index * 200, of(index * 200)));

const payers: CongestionStage['payers'] = {
  on_time_ms: 5_000,
  max_wait_ms: 3_000,
  expires_after_ms: 15_000,
  other_cards: {},
  follow_share: 0,
  answer_ms: [1_000, 5_000],
  comes_back_for_ms: 0,
  heeds_retry_after: true,
  gives_up_ms: 10_000,
  stream_share: 0,
};
const stage: CongestionStage = {
  banks: { 'icbc.quickpay': { slots: 4, service: { mean_ms: 400 } } },
  limits: {},
  payers,
  crowds: [
    {
      channel: 'icbc.quickpay',
      door: 0,
      phases: [{ name: '2x', rates: [20, 20], seconds: 10 }],
      payers,
      payers_ready: 1,
      payers_max: 1,
    },
  ],
  timeline: [],
  faults: [],
  limit_change: null,
  goals: {},
  payers_ready: 1,
  payers_max: 1,
};
const payer = (postedMs: number, change: Partial<PayerOutcome> = {}): PayerOutcome => ({
  phase: '2x',
  channel: 'icbc.quickpay',
  channels: ['icbc.quickpay'],
  postedMs,
  refusedInMs: null,
  refusedWith: null,
  acceptedMs: postedMs,
  eta: { p50: 1_000, p90: 2_000 },
  offered: false,
  moved: false,
  paidOn: 'icbc.quickpay',
  posts: 1,
  payments: new Set(),
  state: 'succeeded',
  endMs: postedMs + 1_000,
  ...change,
});
const figuresOf = (outcomes: PayerOutcome[], glimpses = every200Ms(12_000)): Record<string, number | null> =>
  Object.fromEntries(
    flowFigures({
      stage,
      outcomes,
      watched: new Map([['icbc.quickpay', glimpses]]),
      rate: null,
      limitChange: null,
      faults: [],
    }).map(({ name, value }) => [name, value]),
  );

describe('the figures of a rehearsal of congestion', () => {
  it('counts as goodput only who knew of the payment in time, over what the bank could do', () => {
    const inTime = Array.from({ length: 50 }, (_, n) => payer(n * 100));
    const late = Array.from({ length: 20 }, (_, n) => payer(n * 100, { endMs: n * 100 + 6_000 }));
    expect(figuresOf([...inTime, ...late])['goodput_2x']).toBe(0.5);
  });

  it('takes an expired payment for a promise that was not kept', () => {
    const kept = Array.from({ length: 3 }, (_, n) => payer(n));
    expect(figuresOf([...kept, payer(9, { state: 'expired' })])['eta_p90_coverage']).toBe(0.75);
  });

  it('integrates capacity over a cut', () => {
    const cut = every200Ms(10_000, (atMs) => ({ capacityPerSecond: atMs < 5_000 ? 10 : 4 }));
    expect(couldServe(cut, 0, 10_000)).toBeCloseTo(70);
  });

  it('says when the limit stayed at its new level for ten seconds, and that it did not', () => {
    const falls = every200Ms(30_000, (atMs) => ({ limit: atMs < 7_000 ? 40 : 16 }));
    expect(settledAfterS(falls, 5_000, 25_000)).toBe(2);
    expect(settledAfterS(falls, 5_000, 14_000)).toBeNull();
  });

  it('says when answers came at nine tenths of the capacity again', () => {
    const back = every200Ms(20_000, (atMs) => ({
      capacityPerSecond: 100,
      served: atMs < 8_000 ? atMs / 25 : 320 + (atMs - 8_000) / 10,
    }));
    expect(recoveredAfterS(back, 5_000, 20_000)).toBeCloseTo(2.8, 0);
  });

  it('finds too many in a sliding second that no clock second shows', () => {
    const received = [600, 700, 800, 1_100, 1_200, 1_300];
    expect(rateSeen(received, 3, 0, 2_000)).toEqual({ exceededSeconds: 1, used: 1 });
    expect(rateSeen(received, 6, 0, 2_000)).toEqual({ exceededSeconds: 0, used: 0.5 });
  });

  it('bounds what any router could have done by payers who wait and banks that can', () => {
    const tenAtOnce = Array.from({ length: 10 }, () => 0);
    expect(fluidBound(tenAtOnce, 2_000, () => 2)).toBe(6);
    expect(fluidBound(tenAtOnce, 2_000, () => 50)).toBe(10);
  });

  it('does not expect a payer of a fallen bank to pay with a card that nobody has', () => {
    const comers = ['ccb', 'icbc'].flatMap((bank) =>
      Array.from({ length: 4 }, () => ({ postedMs: 0, channels: [bank] })),
    );
    const could = (channel: string): number => (channel === 'icbc' ? 8 : 0);
    expect(onTimeBound(comers, 1_000, ['icbc', 'ccb'], could)).toBe(4);
    const withBoth = comers.map((comer) => ({ ...comer, channels: ['icbc', 'ccb'] }));
    expect(onTimeBound(withBoth, 1_000, ['icbc', 'ccb'], could)).toBe(8);
  });
});
