import { trueCapacityPerSecond } from '../bank-capacity-config';
import { BASE_BANK, bankModel } from './bank-models';
import { fixedLimit, NO_LIMIT } from './baselines/plain-limits';
import { runLimiterTrial } from './run-limiter-trial';
import { sluiceLimiter } from './trial-limiter';
import { goodputOf, recoveredAfterS, settledAfterS } from './trial-measures';
import { OPEN_CEILING, timeoutFor, type TrialScript, truthBetween } from './trial-script';

const bank = bankModel('for specs', { slots: 40, meanMs: 200 }).bank;

function script(rest: Partial<TrialScript> = {}): TrialScript {
  return {
    bank,
    changes: [],
    durationMs: 30_000,
    load: 'saturated',
    initial: 10,
    ceiling: OPEN_CEILING,
    timeoutMs: timeoutFor(bank),
    ...rest,
  };
}

describe('a trial of a limiter on a bank', () => {
  it('is repeated to the last digit by its seed', () => {
    expect(runLimiterTrial(script(), sluiceLimiter(), 5)).toEqual(runLimiterTrial(script(), sluiceLimiter(), 5));
  });

  it('measures against a truth that the best fixed limit reaches and none passes', () => {
    const shares = [0.9, 1, 1.1].map((part) => {
      const fixed = { ...fixedLimit(bank), step: () => ({ state: null, limit: Math.round(part * bank.slots) }) };
      return goodputOf(runLimiterTrial(script({ durationMs: 90_000 }), fixed, 3), 10_000, 90_000).share;
    });
    expect(shares[0]).toBeCloseTo(0.9, 1);
    expect(Math.max(...shares)).toBeGreaterThan(0.98);
    expect(Math.max(...shares)).toBeLessThan(1.015);
  });

  it('gives a source that has less than the limit what it asks for', () => {
    const trace = runLimiterTrial(script({ load: 0.5 }), fixedLimit(bank), 1);
    expect(goodputOf(trace, 10_000, 30_000).share).toBeCloseTo(0.5, 1);
  });

  it('lets nothing through in time where nothing holds anybody back', () => {
    const slow = { ...bank, queueLimit: 5_000 };
    const trace = runLimiterTrial(script({ bank: slow }), NO_LIMIT, 1);
    expect(goodputOf(trace, 15_000, 30_000).share).toBeLessThan(0.05);
  });

  it('integrates the truth over what the bank went through', () => {
    const half = { ...bank, slots: 20 };
    const changes = [{ atMs: 10_000, bank: half }];
    expect(truthBetween(script({ changes }), 5_000, 15_000)).toBeCloseTo(5 * 200 + 5 * 100, 5);
  });

  it('sees at once that a limit never moved, and that a bank never got better', () => {
    const cut = [{ atMs: 10_000, bank: { ...bank, slots: 16 } }];
    const trace = runLimiterTrial(script({ changes: cut }), fixedLimit(bank), 1);
    expect(settledAfterS(trace, 10_000, 30_000)).toBe(0);
    expect(recoveredAfterS(trace, 10_000, 30_000)).toBe(0);
    expect(trueCapacityPerSecond(BASE_BANK.bank)).toBe(800);
  });
});
