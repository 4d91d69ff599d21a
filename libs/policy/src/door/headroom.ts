/**
 * What can a channel take beyond what it has? That much may be promised to payers of other banks.
 *
 *   what leaves − what comes in already + (a short queue − what waits) / the time payers take to answer
 *
 * The short queue is there so that the bank does not idle between two waves; where more waits than that, less is promised.
 */

/** Payers answer an offer within about so long (1 to 5 s), and those who do not answer hold it longer: what leaves meanwhile may be offered. */
export const OFFER_ANSWER_MS = 5_000;
/** The short queue, of the longest wait: bulk's mark, far below where own customers would be turned away. */
const SHORT_QUEUE = 0.15;
/** Nothing is promised of the last few per cent: they are what the forecasts are wrong by. */
const USED = 0.97;

export interface HeadroomFacts {
  readonly drainPerSecond: number;
  readonly startedPerSecond: number;
  readonly waiting: number;
  readonly longestWaitMs: number;
}

/** Payments a second, before what open offers hold. */
export function headroomPerSecond({ drainPerSecond, longestWaitMs, startedPerSecond, waiting }: HeadroomFacts): number {
  const short = (SHORT_QUEUE * drainPerSecond * longestWaitMs) / 1_000;
  const fill = ((short - waiting) * 1_000) / OFFER_ANSWER_MS;
  return Math.max(0, USED * drainPerSecond - startedPerSecond + fill);
}
