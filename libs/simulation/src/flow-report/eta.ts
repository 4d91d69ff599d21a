// Did payers wait as long as they were told? Judged on those who were told of a wait or met one; a payment that was dropped unsent counts
// as a promise that was not kept.
import type { KeptPromise } from '../world/census';

/** Shorter waits are not judged: a payer does not notice them, and the bank's own spread is larger. */
const NOTICED_MS = 250;

export interface EtaMeasures {
  /** Promises judged. */
  readonly promises: number;
  /** Share that came within what nine of ten were promised. */
  readonly coverage: number;
  /** Median of |came − promised| / came, where either is two round trips or more. */
  readonly medianError: number | null;
}

/** @returns null where nothing was promised */
export function etaOf(promises: readonly KeptPromise[]): EtaMeasures | null {
  const judged = promises.filter(
    ({ medianMs, actualMs, roundTripMs, censored, expired }) =>
      (expired || !censored) && Math.max(medianMs, actualMs) - roundTripMs > NOTICED_MS,
  );
  if (judged.length === 0) return null;
  const covered = judged.filter(({ expired, actualMs, p90Ms }) => !expired && actualMs <= p90Ms).length;
  const errors = judged
    .filter(({ medianMs, actualMs, roundTripMs }) => Math.max(medianMs, actualMs) >= 2 * roundTripMs)
    .map(({ expired, medianMs, actualMs }) => (expired ? Infinity : Math.abs(medianMs - actualMs) / actualMs))
    .sort((a, b) => a - b);
  return {
    promises: judged.length,
    coverage: covered / judged.length,
    medianError: errors[Math.floor(errors.length / 2)] ?? null,
  };
}
