/**
 * Quantiles of values of which some are only known to be larger (Kaplan and Meier, 1958): a payment that expired after 3 s would have
 * waited longer, nobody knows how much longer. Counting it as 3 s makes the predictor hopeful, leaving it out as well.
 *
 *   each ended value takes an equal part of what is left; a censored one leaves without taking its part
 */

/** A value, or with `censored` a bound below it. */
export interface Observed {
  readonly value: number;
  readonly censored: boolean;
}

/**
 * @param sorted by value, an ended one before a censored one of the same value
 * @returns the smallest value that a share of all does not exceed; where so many are censored that nobody knows, the largest value seen
 */
export function censoredQuantile(sorted: readonly Observed[], share: number): number {
  let surviving = 1;
  for (const [position, { censored, value }] of sorted.entries()) {
    if (censored) continue;
    surviving *= 1 - 1 / (sorted.length - position);
    if (1 - surviving >= share - 1e-9) return value;
  }
  return sorted.at(-1)?.value ?? 0;
}

export function sortObserved<One extends Observed>(values: readonly One[]): One[] {
  return [...values].sort((a, b) => a.value - b.value || Number(a.censored) - Number(b.censored));
}
