/**
 * A whole number of slots among those who want some: max-min fair, in integers, and none is lost to rounding.
 *
 *   100 among 80, 10 and 60   →   45, 10, 45      nobody's part can grow but at the cost of somebody who has no more
 */
import { fairLevel } from '../door/fair-share';

/**
 * @param wanted how many each wants; Infinity: as many as there are
 * @returns integers, one for each, that add up to the least of `total` and what is wanted altogether
 */
export function shareOut(total: number, wanted: readonly number[]): readonly number[] {
  const whole = Math.max(0, Math.floor(total));
  const wants = wanted.map((want) => Math.max(0, Math.min(Math.floor(want), whole)));
  if (wants.reduce((sum, want) => sum + want, 0) <= whole) return wants;
  const level = fairLevel(
    whole,
    wants.map((want) => ({ wanted: want })),
  );
  const shares = wants.map((want) => Math.floor(Math.min(want, level)));
  let left = whole - shares.reduce((sum, share) => sum + share, 0);
  // Below the level everybody has all; of the others each is owed less than one, and the first in line get it.
  for (let place = 0; place < shares.length && left > 0; place += 1) {
    if (shares[place]! >= wants[place]!) continue;
    shares[place]! += 1;
    left -= 1;
  }
  return shares;
}

/** As `shareOut`, and what nobody wants yet is spread evenly, so that a worker whose traffic begins need not ask first. Sums to `total`. */
export function shareOutAll(total: number, wanted: readonly number[]): readonly number[] {
  const asked = shareOut(total, wanted);
  const spare = Math.max(0, Math.floor(total)) - asked.reduce((sum, share) => sum + share, 0);
  if (spare === 0) return asked;
  const each = Math.floor(spare / asked.length);
  return asked.map((share, place) => share + each + (place < spare % asked.length ? 1 : 0));
}
