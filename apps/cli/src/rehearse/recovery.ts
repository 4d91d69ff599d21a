/** After a blow (a killed process, a wiped Redis): how soon do payments end again as before, and when had the last one that it struck? */
import { atMost, type Figure } from '../outcome';
import type { FaultName, FaultReport } from './faults';

/** One payment as far as its time goes; a refusal is an answer, and nothing that could be struck. */
interface Timed {
  readonly postedMs: number;
  readonly acceptedMs: number | null;
  readonly endMs: number | null;
}

/**
 * A killed process is started again after a quarter of a second and needs a few to be ready, and a dead controller is followed within three;
 * what was in a wiped Redis is found again in the journal by the sweeper.
 */
const RECOVERY_MOST_S: Partial<Record<FaultName, number>> = {
  'kill-worker': 10,
  'kill-orchestrator': 10,
  'redis-flushall': 5,
  'redis-restart': 10,
};
/** Payments that were at the bank when their worker died are unknown until it is asked; everything is final within a minute (money.md). */
const SETTLED_MOST_S = 60;

/** What the flow was like before is read from so long. */
const BEFORE_MS = 10_000;
/** And it is looked at for so long afterwards, or until the next blow. */
const AFTER_MS = 30_000;
const WINDOW_MS = 1_000;
const STEP_MS = 200;
/** Fewer than half of what ended before is no flow; less would call a random gap one. */
const FLOWS_FROM = 0.5;
/** It flows again if it does for so long: a backlog that ends at once and is followed by nothing is no flow. */
const FLOWS_FOR_MS = 5_000;

/** The worst of all blows; none where nothing struck. */
export function recovery(payments: readonly Timed[], faults: readonly FaultReport[]): Figure[] {
  const blows = faults
    .filter((fault) => RECOVERY_MOST_S[fault.name] !== undefined)
    .sort((a, b) => (a.fromMs ?? 0) - (b.fromMs ?? 0));
  if (blows.length === 0) return [];
  const goalS = Math.max(...blows.map(({ name }) => RECOVERY_MOST_S[name] ?? 0));
  const seen = blows.map(({ fromMs }, index) => {
    if (fromMs === undefined) return { flowsS: null, settledS: null };
    const untilMs = Math.min(fromMs + AFTER_MS, blows[index + 1]?.fromMs ?? Infinity);
    return { flowsS: flowsAgainS(payments, fromMs, untilMs), settledS: settledS(payments, fromMs) };
  });
  return [
    atMost('recovery_s', worst(seen.map(({ flowsS }) => flowsS)), goalS, 's'),
    atMost('struck_settled_s', worst(seen.map(({ settledS: all }) => all)), SETTLED_MOST_S, 's'),
  ];
}

/** From a blow until every second has half as many endings as before, for five seconds, s; null: nothing ended before, or it never did again. */
export function flowsAgainS(payments: readonly Timed[], blowMs: number, untilMs: number): number | null {
  const ends = payments.flatMap(({ endMs }) => endMs ?? []);
  const endedIn = (fromMs: number, toMs: number): number =>
    ends.filter((endMs) => endMs >= fromMs && endMs < toMs).length;
  const before = (endedIn(blowMs - BEFORE_MS, blowMs) * WINDOW_MS) / BEFORE_MS;
  if (before === 0) return null;
  // After the last arrival fewer end because fewer came.
  const lastPostMs = payments.reduce((last, { postedMs }) => Math.max(last, postedMs), 0);
  let sinceMs: number | null = null;
  for (let fromMs = blowMs; fromMs + WINDOW_MS <= Math.min(untilMs, lastPostMs); fromMs += STEP_MS) {
    if (endedIn(fromMs, fromMs + WINDOW_MS) < FLOWS_FROM * before) sinceMs = null;
    else sinceMs ??= fromMs;
    if (sinceMs !== null && fromMs - sinceMs >= FLOWS_FOR_MS) break;
  }
  return sinceMs === null ? null : Math.round((sinceMs - blowMs) / 100) / 10;
}

/** From a blow to the end of the last payment that was under way when it fell, s; null: one of them never ended. */
function settledS(payments: readonly Timed[], blowMs: number): number | null {
  const struck = payments.filter(
    ({ acceptedMs, endMs, postedMs }) =>
      acceptedMs !== null && postedMs <= blowMs && (endMs === null || endMs > blowMs),
  );
  if (struck.some(({ endMs }) => endMs === null)) return null;
  const lastMs = struck.reduce((last, { endMs }) => Math.max(last, endMs ?? 0), blowMs);
  return Math.round((lastMs - blowMs) / 100) / 10;
}

/** A reading that could not be made is the worst. */
function worst(values: readonly (number | null)[]): number | null {
  return values.some((value) => value === null) ? null : Math.max(...values.map((value) => value ?? 0));
}
