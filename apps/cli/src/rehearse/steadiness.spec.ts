import { memorySlope, steadiness } from './steadiness';

const everySecond = (seconds: number, memoryMbAt: (second: number) => number, name = 'worker') =>
  Array.from({ length: seconds }, (_, second) => ({ atMs: second * 1_000, name, memoryMb: memoryMbAt(second) }));
const payments = (seconds: number, tookMsAt: (second: number) => number) =>
  Array.from({ length: seconds * 10 }, (_, n) => ({ postedMs: n * 100, endMs: n * 100 + tookMsAt(n / 10) }));
const figuresOf = (memory: ReturnType<typeof everySecond>, tookMsAt: (second: number) => number) =>
  Object.fromEntries(
    steadiness(memory, payments(90, tookMsAt), { fromMs: 0, toMs: 90_000 }).map(({ name, value, met }) => [
      name,
      { value, met },
    ]),
  );

describe('steadiness', () => {
  it('calls memory that fills a cache in the first third steady', () => {
    const fills = everySecond(90, (second) => Math.min(100, 50 + 2 * second));
    expect(figuresOf(fills, () => 200)).toMatchObject({
      memory_growth: { value: 1, met: true },
      p99_drift: { value: 0, met: true },
    });
  });

  it('calls memory that only grows a leak, and says how fast', () => {
    const leaks = everySecond(90, (second) => 100 + second);
    expect(figuresOf(leaks, () => 200)).toMatchObject({
      memory_growth: { met: false },
      memory_slope_worker: { value: 3_600 },
    });
  });

  it('lets the simulated banks keep their books', () => {
    const books = everySecond(90, (second) => 100 + 10 * second, 'bank_simulator');
    const all = [...books, ...everySecond(90, () => 100)];
    expect(figuresOf(all, () => 200)).toMatchObject({ memory_growth: { value: 1 }, memory_bank_simulator: {} });
  });

  it('sees answers that become slower late in the run', () => {
    const calm = everySecond(90, () => 100);
    expect(figuresOf(calm, (second) => (second < 60 ? 200 : 300))).toMatchObject({
      p99_drift: { value: 0.5, met: false },
    });
  });

  it('does not call met what it could not read', () => {
    expect(figuresOf([], () => 200)).toMatchObject({ memory_growth: { value: null, met: false } });
    expect(memorySlope([], 'worker', 0, 1)).toBeNull();
  });
});
