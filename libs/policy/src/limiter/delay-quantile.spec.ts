import { delayQuantile } from './delay-quantile';

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('the delay of a bank, read while most calls are under way', () => {
  it('is the lower quartile when every call has ended', () => {
    const { delayMs, atLeast } = delayQuantile(range(1, 100), [], 60);
    expect(delayMs).toBeCloseTo(25, 5);
    expect(atLeast).toBe(false);
  });

  it('is not fooled by the quick ones, which come in first', () => {
    // Of 100 calls the 20 quickest have ended after 20 ms; the rest is under way and 20 ms old. A plain quartile of the ended says 5.
    expect(delayQuantile(range(1, 20), Array<number>(80).fill(20), 60)).toMatchObject({ delayMs: 20, atLeast: true });
  });

  it('counts a decline as not sooner than it came, not as quick work', () => {
    const alone = delayQuantile(range(101, 200), [], 60).delayMs;
    const withDeclines = delayQuantile(range(101, 200), Array<number>(100).fill(10), 60).delayMs;
    expect(withDeclines).toBeCloseTo(alone, 5);
  });

  it('knows of a standing bank only that it takes longer', () => {
    expect(delayQuantile([], Array<number>(60).fill(700), 60)).toEqual({ delayMs: 700, calls: 60, atLeast: true });
  });
});
