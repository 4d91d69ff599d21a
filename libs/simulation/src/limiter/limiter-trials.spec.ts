// The limiter on banks, one trait at a time, with fixed seeds: overload behaviour as a deterministic test.
import type { BankCapacityConfig } from '../bank-capacity-config';
import { type BankModel, bankModel, NAMED_MODELS } from './bank-models';
import { cutBank } from './limiter-figures';
import { type LimiterTrace, sumBetween } from './limiter-trace';
import { runLimiterTrial } from './run-limiter-trial';
import { sluiceLimiter } from './trial-limiter';
import { goodputOf, recoveredAfterS, settledAfterS } from './trial-measures';
import { OPEN_CEILING, timeoutFor, type TrialScript } from './trial-script';

const named = (name: string): BankModel => NAMED_MODELS.find((model) => model.name === name)!;

function trial(model: BankModel, rest: Partial<TrialScript> = {}, seed = 11): LimiterTrace {
  const script: TrialScript = {
    bank: model.bank,
    changes: [],
    durationMs: 60_000,
    load: 'saturated',
    initial: 10,
    ceiling: OPEN_CEILING,
    timeoutMs: timeoutFor(model.bank),
    ...rest,
  };
  return runLimiterTrial(script, sluiceLimiter(), seed);
}

const changed = (atMs: number, bank: BankCapacityConfig) => [{ atMs, bank }];

describe('the limiter under steady overload', () => {
  it.each([2, 3, 10])('keeps a bank at work with %d times the payments it can take', (load) => {
    const { share, bankQueue } = goodputOf(trial(named('base'), { load }), 20_000, 60_000);
    expect(share).toBeGreaterThan(0.95);
    expect(bankQueue).toBeLessThan(0.25);
  });

  it.each([
    ['wide spread', 0.95],
    ['sharing', 0.95],
    ['sags', 0.95],
    ['degrades hard', 0.87],
    ['busy after a short queue', 0.95],
    ['paced', 0.95],
    ['pauses', 0.95],
    ['far away', 0.95],
  ])('keeps a bank at work that is %s', (name, least) => {
    expect(goodputOf(trial(named(name)), 25_000, 60_000).share).toBeGreaterThan(least);
  });

  it('does not read declines, which are quick, as a bank that is quick', () => {
    const trace = trial(named('base'), { declines: { share: 0.3, afterMs: 20 } });
    // Declines do no work: the bank still serves its 800 a second, and they come on top.
    expect(goodputOf(trace, 20_000, 60_000).share).toBeGreaterThan(0.95);
    expect(goodputOf(trace, 20_000, 60_000).bankQueue).toBeLessThan(0.4);
  });

  it('finds the size of a tiny bank and does not stick at one call', () => {
    const tiny = bankModel('three slots', { slots: 3, meanMs: 150 });
    expect(goodputOf(trial(tiny, { initial: 1 }), 20_000, 60_000).share).toBeGreaterThan(0.9);
  });

  it('causes no unknown outcome', () => {
    expect(sumBetween(trial(named('base'), { load: 3 }).late, 0, 60_000)).toBe(0);
  });

  it('does not drift in ten minutes', () => {
    const trace = trial(bankModel('ten minutes', { slots: 60, meanMs: 250 }), { durationMs: 600_000, load: 3 });
    const early = goodputOf(trace, 60_000, 120_000);
    const late = goodputOf(trace, 540_000, 600_000);
    expect(late.share).toBeGreaterThan(0.95);
    expect(Math.abs(late.bankQueue - early.bankQueue)).toBeLessThan(0.15);
  });
});

describe('the limiter when a bank changes', () => {
  const base = named('base').bank;

  it('settles within three seconds after 60 % of the capacity are gone (the middle one of five seeds)', () => {
    const changes = changed(30_000, cutBank(base));
    const traces = [1, 2, 3, 4, 5].map((seed) => trial(named('base'), { changes, durationMs: 55_000 }, seed));
    const settled = traces.map((trace) => settledAfterS(trace, 30_000, 55_000)).sort((a, b) => a - b);
    expect(settled[2]).toBeLessThanOrEqual(3);
    for (const trace of traces) expect(goodputOf(trace, 34_000, 55_000).share).toBeGreaterThan(0.9);
  });

  it('is back at 90 % within five seconds after they come back', () => {
    const changes = [...changed(30_000, cutBank(base)), ...changed(60_000, base)];
    const trace = trial(named('base'), { changes, durationMs: 80_000 });
    expect(recoveredAfterS(trace, 60_000, 80_000)).toBeLessThanOrEqual(5);
  });

  it('learns within ten seconds that the way became longer, and does not take it for a queue', () => {
    const trace = trial(named('base'), { changes: changed(30_000, { ...base, answerDelayMs: 255 }) });
    expect(goodputOf(trace, 40_000, 60_000).share).toBeGreaterThan(0.95);
  });

  it('learns that a bank with a wide spread works more slowly: less a second, but no fewer at a time', () => {
    const wide = named('wide spread');
    const slower = { ...wide.bank, service: { ...wide.bank.service, meanMs: 625 } };
    const trace = trial(wide, { changes: changed(30_000, slower), timeoutMs: 20_000 });
    expect(goodputOf(trace, 42_000, 60_000).share).toBeGreaterThan(0.9);
  });

  it('keeps its limit while nobody wants anything, and serves the flood that follows at once', () => {
    const quiet = trial(named('base'), { load: 0.02, durationMs: 120_000, initial: 100 });
    expect(quiet.limit[1_100]).toBeGreaterThanOrEqual(100);
  });
});
