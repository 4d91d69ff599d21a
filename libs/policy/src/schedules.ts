/**
 * When somebody looks again. Each list is waits in ms by number of looks; the last one repeats, because an unknown never decays.
 *
 * The first inquiry comes 1 s after the unknown (weigh-evidence), then these: dense while a payer waits, sparse when only the books
 * wait. Alipay's published practice is every 3 to 6 s for a minute; Kill Bill's 5 minutes is too slow for a checkout.
 */
export const INQUIRY_SCHEDULE_MS: readonly number[] = [
  1_000, 2_000, 3_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000,
];

/** A payment that waits in its queue is only re-added as a hint; a job that is there already swallows it. */
export const FOLLOW_UP_SCHEDULE_MS: readonly number[] = [2_000, 4_000, 8_000, 15_000, 30_000, 60_000];

/** The wait before the look number `looks` + 1. @param looks how many there have been, from 0 */
export function nextLookMs(schedule: readonly number[], looks: number): number {
  return schedule[Math.min(looks, schedule.length - 1)]!;
}

/**
 * A reversal or a refund that the bank has not answered, or was too busy for, is tried again after these: soon at first, since a payer
 * waits for the money, and for ever in the end, since undos finish (money rule 5).
 */
export const GIVE_BACK_SCHEDULE_MS: readonly number[] = [
  1_000, 2_000, 3_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000,
];

/** After so many tries in vain, some four minutes, a person is told as well. PayEx asks for one after six; ours come closer together. */
export const TRIES_UNTIL_A_PERSON = 9;
