import { etaOf } from './eta';
import { fairnessOf, maxMinShares } from './fairness';
import { figureOf } from './figures';
import { secondsBeyond } from './rate';

describe('figures', () => {
  it('shows the worst of all runs, and not met where one of them could not be read', () => {
    const rule = { name: 'x', unit: 'ratio', goal: { least: 0.88, most: 0.92 } };
    expect(figureOf(rule, [0.9, 0.95, 0.89])).toMatchObject({ value: 0.95, median: 0.9, met: false });
    expect(figureOf(rule, [0.9, 0.91])).toMatchObject({ met: true });
    expect(figureOf(rule, [0.9, null])).toMatchObject({ value: null, met: false });
  });

  it('counts a sliding second, so that two bursts around a full second are seen', () => {
    const burst = (fromMs: number) => Array.from({ length: 8 }, (_, i) => fromMs + i);
    expect(secondsBeyond([...burst(900), ...burst(1_100)], 10)).toBe(1);
    expect(secondsBeyond([...burst(900), ...burst(2_100)], 10)).toBe(0);
  });

  it('gives a fair share to whoever asks for little first, and the rest to those who ask for more', () => {
    expect(maxMinShares([10, 50, 1_000], 120)).toEqual([10, 50, 60]);
    const kind = (merchant: string, came: number, served: number) => ({
      ...{ home: 0, tier: 1, merchant, came, served },
      ...{ servedByEnd: served, moved: 0, movedThenFailed: 0 },
    });
    expect(fairnessOf([kind('a', 10, 10), kind('b', 1_000, 60), kind('c', 50, 50)])).toBeCloseTo(1, 6);
    expect(fairnessOf([kind('a', 100, 0), kind('b', 100, 100)])).toBeCloseTo(0.5, 6);
  });

  it('counts what was dropped in the queue as a promise that was not kept', () => {
    const promise = {
      pointMs: 1_000,
      medianMs: 1_000,
      p90Ms: 1_500,
      roundTripMs: 200,
      censored: false,
      expired: false,
    };
    const kept = etaOf([
      { ...promise, actualMs: 1_100 },
      { ...promise, actualMs: 8_000, censored: true, expired: true },
    ]);
    expect(kept).toMatchObject({ promises: 2, coverage: 0.5 });
  });
});
