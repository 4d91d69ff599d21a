import fc from 'fast-check';
import { createGenerator, nextUnit, seededRandom, splitSeed } from './prng';

describe('repeatable chance', () => {
  it('gives the same stream for the same seed and label, for any seed a person may type', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.string(), (seed, label) => {
        const one = seededRandom(seed, label);
        const two = seededRandom(seed, label);
        for (let i = 0; i < 20; i += 1) expect(one()).toBe(two());
      }),
    );
  });

  it('stays in [0, 1) and is even: 10 bins of 100,000 draws pass a chi-square test', () => {
    const random = seededRandom(42);
    const bins = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i += 1) {
      const u = random();
      if (u < 0 || u >= 1) throw new Error(`out of range: ${u}`);
      bins[Math.floor(u * 10)]! += 1;
    }
    const chiSquare = bins.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(27.9); // 9 degrees of freedom, one in a thousand
  });

  it('gives neighbouring seeds and labels streams that do not follow each other', () => {
    const correlation = (one: () => number, two: () => number): number => {
      let sum = 0;
      for (let i = 0; i < 10_000; i += 1) sum += (one() - 0.5) * (two() - 0.5);
      return (sum / 10_000) * 12;
    };
    expect(Math.abs(correlation(seededRandom(1), seededRandom(2)))).toBeLessThan(0.05);
    expect(Math.abs(correlation(seededRandom(1, 'icbc'), seededRandom(1, 'ccb')))).toBeLessThan(0.05);
    expect(new Set(Array.from({ length: 1000 }, (_, i) => splitSeed(7, `bank ${i}`))).size).toBe(1000);
  });

  it('goes on from a stored state as if it had never stopped', () => {
    const running = createGenerator(9);
    for (let i = 0; i < 5; i += 1) nextUnit(running);
    const stored = JSON.parse(JSON.stringify(running)) as typeof running;
    const after = [nextUnit(running), nextUnit(running), nextUnit(running)];
    expect([nextUnit(stored), nextUnit(stored), nextUnit(stored)]).toEqual(after);
  });
});
