// How high is a piecewise linear curve now, and how much is under it? Rates of demand are such curves.
import type { CurvePoint } from './scenario';

/** Value at a second: before the first point the first value, after the last the last; of two points at one second the later. */
export function curveAt(curve: readonly CurvePoint[], atS: number): number {
  let before = curve[0];
  if (before === undefined) return 0;
  for (const point of curve) {
    if (point[0] > atS) {
      const span = point[0] - before[0];
      if (atS <= before[0] || span <= 0) return before[1];
      return before[1] + ((point[1] - before[1]) * (atS - before[0])) / span;
    }
    before = point;
  }
  return before[1];
}
