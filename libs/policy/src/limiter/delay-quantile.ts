/**
 * How long does the bank take now, if most of the calls that would tell are still under way? The 25 % quantile of the round trip by
 * Kaplan and Meier (1958): calls under way count as "at least as old as this", so that quick answers, which come in first, do not make
 * the bank look quick. The lower quartile, because it is the part of a heavy tail that moves least: its standard error is about
 * .4 × mean / √n for nearly any spread (flow-control.md §6).
 */

/** The part of calls that should have ended by the delay that is read. */
const QUANTILE = 0.25;

export interface DelayEstimate {
  readonly delayMs: number;
  /** Calls whose fate at that delay is known. */
  readonly calls: number;
  /** So few have ended that the delay is only known to be longer than this. */
  readonly atLeast: boolean;
}

/**
 * @param endedMs round trips of calls that worked, ascending
 * @param censoredMs ages up to which other calls are known not to have ended by the bank's work, ascending
 * @param need calls that an `atLeast` must rest on
 */
export function delayQuantile(endedMs: ArrayLike<number>, censoredMs: ArrayLike<number>, need: number): DelayEstimate {
  const total = endedMs.length + censoredMs.length;
  let gone = 0; // censored so far
  let survival = 1;
  let lastMs = 0;
  for (let i = 0; i < endedMs.length; i += 1) {
    const ms = endedMs[i]!;
    while (gone < censoredMs.length && censoredMs[gone]! < ms) gone += 1;
    const atRisk = total - i - gone;
    const next = survival * (1 - 1 / atRisk);
    if (next <= 1 - QUANTILE) {
      // Between two answers the curve is drawn as a line, or the estimate would jump by whole answers.
      const part = survival === next ? 1 : (survival - (1 - QUANTILE)) / (survival - next);
      return { delayMs: i === 0 ? ms : lastMs + (ms - lastMs) * part, calls: i + atRisk, atLeast: false };
    }
    survival = next;
    lastMs = ms;
  }
  // Not a quarter has ended: known is only that it takes longer than this, which must rest on `need` calls.
  const waiting = censoredMs[Math.max(0, censoredMs.length - Math.ceil(need))];
  const delayMs = Math.max(lastMs, total < need ? 0 : (waiting ?? 0));
  let older = 0;
  while (older < censoredMs.length && censoredMs[censoredMs.length - 1 - older]! >= delayMs) older += 1;
  return { delayMs, calls: endedMs.length + older, atLeast: true };
}
