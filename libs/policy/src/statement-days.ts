/**
 * Which days' statements must be loaded before the absence of an attempt means that it was never charged? Money.md section 11:
 * all from its dispatch through the last moment at which the bank may book it, and one more.
 */
import type { Attempt, EpochMs } from '#domain';

/** A booking day, `YYYY-MM-DD`. All our banks book by China's day: UTC+8 all year. */
export type BankDay = string;

const CHINA_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;
/** A bank's clock may be behind ours: signatures are refused from 300 s on (docs/bank-protocol.md section 2), ms. */
const CLOCK_DIFFERENCE_MS = 300_000;

/** The day a bank books under at this moment. */
export function bankDayOf(at: EpochMs): BankDay {
  return new Date(at + CHINA_OFFSET_MS).toISOString().slice(0, 10);
}

/** First moment of a day. NaN for a text that is no day. */
export function startOfBankDay(day: BankDay): EpochMs {
  const startMs = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00.000Z`) - CHINA_OFFSET_MS : Number.NaN;
  // Date.parse lets some impossible days roll over into the next month.
  return Number.isNaN(startMs) || bankDayOf(startMs) !== day ? Number.NaN : startMs;
}

/** `days` later, or earlier where negative. */
export function shiftBankDay(day: BankDay, days: number): BankDay {
  return bankDayOf(startOfBankDay(day) + days * DAY_MS);
}

/** First and last day of the statements that must be loaded, closed and agreeing with their trailers. */
export function daysThatProveAbsence(
  attempt: Pick<Attempt, 'dispatchedAt' | 'sendBy' | 'actionExpiresAt'>,
  maxProcessingTimeMs: number,
): { readonly first: BankDay; readonly last: BankDay } {
  // On a gateway the payer may pay until the page expires, long after the request was sent.
  const lastAskedMs = Math.max(attempt.sendBy, attempt.actionExpiresAt ?? 0);
  return {
    first: bankDayOf(attempt.dispatchedAt - CLOCK_DIFFERENCE_MS),
    last: shiftBankDay(bankDayOf(lastAskedMs + maxProcessingTimeMs), 1),
  };
}

/** Is every day from `first` through `last` among the closed ones? */
export function allDaysClosed(first: BankDay, last: BankDay, closed: ReadonlySet<BankDay>): boolean {
  for (let day = first; day <= last; day = shiftBankDay(day, 1)) if (!closed.has(day)) return false;
  return true;
}
