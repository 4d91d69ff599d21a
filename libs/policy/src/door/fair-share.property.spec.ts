import * as fc from 'fast-check';
import { fairLevel } from './fair-share';

const wants = fc.array(fc.double({ min: 0, max: 1_000, noNaN: true }), { minLength: 1, maxLength: 50 });
const capacity = fc.double({ min: 0, max: 5_000, noNaN: true });
const given = (whole: number, wanted: readonly number[]): number[] => {
  const level = fairLevel(
    whole,
    wanted.map((one) => ({ wanted: one })),
  );
  return wanted.map((one) => Math.min(one, level));
};
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

it('120 among 1,000, 50 and 10 are 60, 50 and 10', () => {
  expect(given(120, [1_000, 50, 10])).toEqual([60, 50, 10]);
});

it('gives all there is, or all that is wanted, and never more', () => {
  fc.assert(
    fc.property(capacity, wants, (whole, wanted) => {
      expect(sum(given(whole, wanted))).toBeCloseTo(Math.min(whole, sum(wanted)), 6);
    }),
  );
});

it('lets nobody be short who has more than another: whoever gets less than wanted gets as much as anybody', () => {
  fc.assert(
    fc.property(capacity, wants, (whole, wanted) => {
      const parts = given(whole, wanted);
      const most = Math.max(...parts);
      for (const [place, part] of parts.entries()) if (part < wanted[place]! - 1e-9) expect(part).toBeCloseTo(most, 9);
    }),
  );
});

it('counts several who ask alike as so many', () => {
  fc.assert(
    fc.property(
      capacity,
      fc.double({ min: 0.1, max: 9, noNaN: true }),
      fc.integer({ min: 1, max: 9 }),
      (whole, each, count) => {
        const many = Array.from({ length: count }, () => ({ wanted: each }));
        expect(fairLevel(whole, [{ wanted: each, count }])).toBe(fairLevel(whole, many));
      },
    ),
  );
});
