import * as fc from 'fast-check';
import { censoredQuantile, sortObserved } from './quantile';

const ended = (...values: number[]) => values.map((value) => ({ value, censored: false }));
const atLeast = (...values: number[]) => values.map((value) => ({ value, censored: true }));

describe('a quantile of values of which some are only bounds', () => {
  it('is the plain one where nothing is censored', () => {
    expect(censoredQuantile(sortObserved(ended(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)), 0.9)).toBe(9);
    expect(censoredQuantile(sortObserved(ended(1, 2, 3)), 0.5)).toBe(2);
  });

  it('rises with what is known to be longer: eight expired payments are not eight short waits', () => {
    const seen = ended(1, 2, 3, 4);
    expect(censoredQuantile(sortObserved([...seen, ...atLeast(1.5, 1.5, 1.5, 1.5)]), 0.5)).toBe(3);
    expect(censoredQuantile(sortObserved(seen), 0.5)).toBe(2);
  });

  it('is the largest value seen where so many are censored that nobody knows', () => {
    expect(censoredQuantile(sortObserved([...ended(1), ...atLeast(5, 6, 7)]), 0.9)).toBe(7);
    expect(censoredQuantile(sortObserved([]), 0.9)).toBe(0);
  });

  it('never falls when a value becomes a bound', () => {
    const values = fc.array(fc.record({ value: fc.integer({ min: 0, max: 50 }), censored: fc.boolean() }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(values, fc.nat(), fc.constantFrom(0.1, 0.5, 0.9), (all, chosen, share) => {
        const more = all.map((one, place) => (place === chosen % all.length ? { ...one, censored: true } : one));
        expect(censoredQuantile(sortObserved(more), share)).toBeGreaterThanOrEqual(
          censoredQuantile(sortObserved(all), share),
        );
      }),
    );
  });
});
