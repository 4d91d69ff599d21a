import { type DrainMeter, EMPTY_DRAIN, drainPerSecond, stepDrain } from './drain';

const bounds = { limit: 50, meanRoundTripMs: 250, timeoutMs: 5_000, ratePerSecond: 1_000 };
const ticks = (meter: DrainMeter, counts: readonly number[], saturated = true): DrainMeter =>
  counts.reduce((state, ended) => stepDrain(state, { elapsedMs: 200, ended, saturated }), meter);
const times = (count: number, ended: number): number[] => new Array<number>(count).fill(ended);

describe('what leaves the queue', () => {
  it('is limit over round trip while nothing waits: what it would be', () => {
    expect(drainPerSecond(EMPTY_DRAIN, bounds)).toBe(200);
  });

  it('is what ends while something waits, and trusted more the longer that lasts', () => {
    expect(drainPerSecond(ticks(EMPTY_DRAIN, times(5, 20)), bounds)).toBe(100);
    expect(drainPerSecond(ticks(EMPTY_DRAIN, times(1, 20)), bounds)).toBeCloseTo(200 - 100 / 3, 6);
  });

  it('begins anew once the queue was empty', () => {
    expect(ticks(ticks(EMPTY_DRAIN, times(5, 20)), [20], false)).toEqual(EMPTY_DRAIN);
  });

  it('looks back as far as it takes for forty ends, at a slow bank ten seconds and no more', () => {
    expect(ticks(EMPTY_DRAIN, times(100, 30)).ticks).toHaveLength(8);
    expect(ticks(EMPTY_DRAIN, times(100, 2)).ticks).toHaveLength(20);
    expect(ticks(EMPTY_DRAIN, times(100, 0.1)).ticks).toHaveLength(50);
  });

  it('is seen to have fallen within three ticks', () => {
    const cut = ticks(ticks(EMPTY_DRAIN, times(10, 40)), times(3, 10));
    expect(drainPerSecond({ ticks: cut.ticks }, { ...bounds, limit: 20 })).toBeLessThan(70);
  });

  it('is not moved by reports that come in one tick or the next', () => {
    const uneven = ticks(EMPTY_DRAIN, [40, 40, 0, 80, 40, 40, 0, 80, 0, 80, 40]);
    expect(drainPerSecond(uneven, bounds)).toBeGreaterThan(160);
    expect(drainPerSecond(uneven, bounds)).toBeLessThan(240);
  });

  it('waits a standstill out for a second', () => {
    const paused = ticks(ticks(EMPTY_DRAIN, times(10, 40)), times(3, 0));
    expect(drainPerSecond(paused, bounds)).toBeGreaterThan(0);
    expect(paused.ticks.length).toBeGreaterThan(3);
  });

  it('never exceeds the contract, and never falls below what the deadline alone sets free', () => {
    expect(drainPerSecond(EMPTY_DRAIN, { ...bounds, ratePerSecond: 120 })).toBe(120);
    expect(drainPerSecond(ticks(EMPTY_DRAIN, times(50, 0)), bounds)).toBe(10);
    expect(drainPerSecond(EMPTY_DRAIN, { ...bounds, limit: 0 })).toBe(0);
  });
});
