/** From when on is an unknown for people? It goes on being asked about as before: the payment itself never decays (money rule 3). */
import type { Attempt, EpochMs } from '#domain';

/** Ten inquiries lie some nine minutes apart in all (schedules.ts): what a bank does not know by then, it does not know by itself. */
const INQUIRIES_MAX = 10;
/** The payer has left long before; a person is told before the hour's figures are. */
const UNKNOWN_MAX_MS = 10 * 60_000;

/** @param nowMs on the journal's clock, as all of the attempt's times are */
export function isLongUnknown(attempt: Pick<Attempt, 'inquiries' | 'sendBy'>, nowMs: EpochMs): boolean {
  return attempt.inquiries >= INQUIRIES_MAX || nowMs - attempt.sendBy >= UNKNOWN_MAX_MS;
}
