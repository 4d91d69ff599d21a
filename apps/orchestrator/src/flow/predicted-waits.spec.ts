import type { ExpectedWait } from '#dispatch';
import type { ChannelId, PaymentId, PaymentState } from '#domain';
import type { WaitOutcome } from '#policy';
import { PredictedWaits } from './predicted-waits';

const ICBC = 'icbc.quickpay' as ChannelId;
const pay = (n: number): PaymentId => `pay_${n}` as PaymentId;
const WAIT: ExpectedWait = { ahead: 3, pointMs: 400, roundTripMs: 100, p50Ms: 420, p90Ms: 700 };

describe('predictions held against what became of them', () => {
  let told: (WaitOutcome & { channelId: string })[];
  let waits: PredictedWaits;
  beforeEach(() => {
    told = [];
    waits = new PredictedWaits((channelId, outcome) => told.push({ channelId, ...outcome }));
    waits.accepted(pay(1), ICBC, WAIT, 1_000);
  });

  it('end with the bank’s answer, not on the way to it, and once', () => {
    waits.became(pay(1), 'processing', 1_200);
    expect(told).toEqual([]);
    waits.became(pay(1), 'succeeded', 1_500);
    waits.became(pay(1), 'succeeded', 1_600);
    const outcome = { channelId: ICBC, pointMs: 400, roundTripMs: 100, p90Ms: 700, actualMs: 500, censored: false };
    expect(told).toEqual([outcome]);
  });

  it.each<[PaymentState, boolean]>([
    ['failed', false],
    ['requires_action', false],
    ['requires_payment_method', false],
    ['expired', true],
    ['canceled', true],
    ['unknown', true],
    ['queued', true],
  ])('%s: censored %s', (state, censored) => {
    waits.became(pay(1), state, 1_500);
    expect(told).toMatchObject([{ actualMs: 500, censored }]);
  });

  it('know only a lower bound where the notice does not say what became of it', () => {
    waits.became(pay(1), null, 1_300);
    expect(told).toMatchObject([{ actualMs: 300, censored: true }]);
  });

  it('are given up after two minutes, the oldest first, as waits of at least so long', () => {
    waits.accepted(pay(2), ICBC, WAIT, 50_000);
    waits.sweep(121_000);
    expect(told).toMatchObject([{ actualMs: 120_000, censored: true }]);
    expect(waits.size).toBe(1);
  });

  it('are forgotten where notices were missed, and bounded in number', () => {
    waits.forget();
    waits.became(pay(1), 'succeeded', 9_000);
    expect(told).toEqual([]);
    for (let n = 0; n < 10_000; n += 1) waits.accepted(pay(n), ICBC, WAIT, 1_000);
    expect(waits.size).toBe(8_000);
  });
});
