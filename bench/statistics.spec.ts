import { quantile, slopeOf, spreadOf } from './statistics.ts';

describe('quantiles of a bench', () => {
  it('are values that were measured, the slowest at 1', () => {
    expect([0, 0.5, 0.99, 1].map((share) => quantile([30, 10, 20], share))).toEqual([10, 20, 30, 30]);
  });

  it('of nothing are not a number', () => expect(quantile([], 0.5)).toBeNaN());

  it('stand beside their spread', () => expect(spreadOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 }));
});

describe('a slope', () => {
  it('is the rise for each step, whatever the order', () => {
    expect(
      slopeOf([
        [2, 5],
        [0, 1],
        [1, 3],
      ]),
    ).toBeCloseTo(2);
    expect(
      slopeOf([
        [0, 7],
        [1, 7],
      ]),
    ).toBe(0);
  });

  it('of one point is not a number', () => expect(slopeOf([[1, 1]])).toBeNaN());
});
