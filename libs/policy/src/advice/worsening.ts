/**
 * Has a payer's wait become so much worse that the payer should hear of it? Not at every change: a page that flickers helps nobody, and
 * each word may make offers that hold headroom.
 */
import { CONGESTION_LEVELS, type CongestionLevel } from '#domain';

/** What a payer was told last, or would be told now. */
export interface Outlook {
  readonly level: CongestionLevel;
  /** Until the bank's answer, ms; null: nobody can tell. */
  readonly p90Ms: number | null;
}

/** A wait that is half as long again, and half a second at least: less is within what the forecast's own interval allows. */
const WORSE = { factor: 1.5, byMs: 500 };
/** Between two words to one payer, ms: as long as a payer takes to read the first and choose. */
export const TOLD_EVERY_MS = 5_000;

/** @param toldMs since the payer was told last, or since the payment was accepted */
export function isWorse(told: Outlook, now: Outlook, toldMs: number): boolean {
  if (toldMs < TOLD_EVERY_MS) return false;
  const rose = rankOf(now.level) > Math.max(rankOf(told.level), rankOf('normal'));
  if (rose) return true;
  if (now.level === 'normal' || told.p90Ms === null || now.p90Ms === null) return false;
  return now.p90Ms > told.p90Ms * WORSE.factor && now.p90Ms > told.p90Ms + WORSE.byMs;
}

function rankOf(level: CongestionLevel): number {
  return CONGESTION_LEVELS.indexOf(level);
}
