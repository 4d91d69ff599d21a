/**
 * A whole number of admissions among doors: a quarter evenly, the rest by who asked, and never a single one more than there are. What
 * rounding leaves goes to those who lost most by it (largest remainder).
 */

/** A quarter is shared evenly, so that a door to which traffic turns can begin; the rest follows who asked. Sums to 1. */
export function partsOf(uses: readonly number[]): readonly number[] {
  const total = uses.reduce((sum, use) => sum + use, 0);
  const even = 1 / uses.length;
  return uses.map((use) => (total > 1e-9 ? 0.25 * even + (0.75 * use) / total : even));
}

/** @param parts of `partsOf` @returns integers that add up to `whole`, one for each part */
export function splitBudget(whole: number, parts: readonly number[]): readonly number[] {
  if (whole <= 0 || parts.length === 0) return parts.map(() => 0);
  const exact = parts.map((part) => part * whole);
  const budgets = exact.map(Math.floor);
  let left = whole - budgets.reduce((sum, budget) => sum + budget, 0);
  if (left === 0) return budgets;
  const byRemainder = exact
    .map((value, place) => ({ place, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.place - b.place);
  for (const { place } of byRemainder) {
    if (left <= 0) break;
    budgets[place]! += 1;
    left -= 1;
  }
  return budgets;
}
