/**
 * How is what can be served divided among those who ask? So that nobody's part can grow without taking from somebody who has less
 * (max-min fairness): a level λ to which everybody is filled who wants as much, and whoever wants less gets all.
 *
 *   120 among 1,000, 50 and 10   →   60, 50, 10      λ = 60
 */

/** One who asks, or several who ask alike. */
export interface Want {
  readonly wanted: number;
  /** How many ask for `wanted` each; 1 where left out. */
  readonly count?: number;
}

/** @returns λ: nobody gets more than that; Infinity where there is enough for all */
export function fairLevel(capacity: number, wants: readonly Want[]): number {
  const sorted = [...wants].sort((a, b) => a.wanted - b.wanted);
  let left = Math.max(0, capacity);
  let asking = sorted.reduce((sum, { count = 1 }) => sum + count, 0);
  for (const { count = 1, wanted } of sorted) {
    if (wanted * asking > left) return left / asking;
    left -= wanted * count;
    asking -= count;
  }
  return Infinity;
}
