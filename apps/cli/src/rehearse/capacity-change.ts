/** How soon did the flow follow a bank's change of capacity? Judged as the simulator judges its trials. */
import type { Glimpse } from './channel-watch';

/** Settled: the limit stays within a tenth, or one call, of its new level, the median over … */
const SETTLED_WITHIN = 0.1;
/** … so long, ms. */
const SETTLED_FOR_MS = 10_000;

/** From a change to where the limit stays near its new level for ten seconds, s; null: it did not before `untilMs`. */
export function settledAfterS(glimpses: readonly Glimpse[], changeMs: number, untilMs: number): number | null {
  for (const { atMs } of glimpses) {
    if (atMs < changeMs) continue;
    if (atMs + SETTLED_FOR_MS > untilMs) return null;
    const limits = glimpses
      .filter((one) => one.atMs >= atMs && one.atMs < atMs + SETTLED_FOR_MS)
      .flatMap(({ limit }) => (limit === null ? [] : [limit]));
    const level = [...limits].sort((a, b) => a - b)[limits.length >> 1];
    if (level !== undefined && limits.every((limit) => Math.abs(limit - level) <= Math.max(1, SETTLED_WITHIN * level)))
      return Math.round((atMs - changeMs) / 100) / 10;
  }
  return null;
}

/**
 * From a change to the first second or 30 answers at 90 % of what the bank can do, s; null: there was none.
 * @param expected answers per second, where fewer payments come than the bank can do
 */
export function recoveredAfterS(
  glimpses: readonly Glimpse[],
  changeMs: number,
  untilMs: number,
  expected = ({ capacityPerSecond }: Glimpse): number => capacityPerSecond,
): number | null {
  const after = glimpses.filter(({ atMs }) => atMs >= changeMs && atMs <= untilMs);
  for (const [index, from] of after.entries()) {
    const wanted = expected(from);
    const windowMs = Math.max(1_000, 30_000 / wanted);
    const to = after.slice(index).find(({ atMs }) => atMs - from.atMs >= windowMs);
    if (to === undefined) return null;
    const perSecond = ((to.served - from.served) * 1_000) / (to.atMs - from.atMs);
    if (perSecond >= 0.9 * wanted) return Math.round((from.atMs - changeMs) / 100) / 10;
  }
  return null;
}
