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
 * Observations in the order of their values, an ended one before a censored one of the same value. A number each, twice the value in
 * thousandths and one more where it is censored: the controller sorts a thousand of these lists a second.
 */
export type SortedObserved = Float64Array;

/** @param values in thousandths; finer parts are rounded away */
export function sortObserved(values: readonly Observed[]): SortedObserved {
  const keys = new Float64Array(values.length);
  for (let i = 0; i < keys.length; i += 1) {
    const { censored, value } = values[i]!;
    keys[i] = 2 * Math.round(value * 1_000) + (censored ? 1 : 0);
  }
  return keys.sort();
}

/** @returns the smallest value that a share of all does not exceed; where so many are censored that nobody knows, the largest value seen */
export function censoredQuantile(sorted: SortedObserved, share: number): number {
  let surviving = 1;
  for (let position = 0; position < sorted.length; position += 1) {
    if (sorted[position]! % 2 !== 0) continue;
    surviving *= 1 - 1 / (sorted.length - position);
    if (1 - surviving >= share - 1e-9) return valueOf(sorted[position]!);
  }
  return valueOf(sorted.at(-1) ?? 0);
}

function valueOf(key: number): number {
  return Math.floor(key / 2) / 1_000;
}
