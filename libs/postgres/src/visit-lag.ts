/**
 * Up to which `accepted_seq` is nothing still being committed?
 *
 * Numbers are given out when rows are written and become visible when they commit, so a low number may appear after a high one. A
 * number that was already *visible* `lagMs` ago has no unseen lower neighbour left: every statement has ended since. Durations are
 * measured on this process's monotonic clock; no wall clock decides.
 *
 *      now - lag                     now
 *   ──────┼───────────────────────────┼──▶
 *      seen 812                    seen 940        safe up to 812
 */
export class VisitLag {
  private readonly seen: { atMs: number; seq: number }[] = [];

  constructor(private readonly lagMs: number) {}

  /** @returns the newest number that was visible at least `lagMs` ago, or null when nothing is known to be that old */
  safeUpTo(newestSeq: number, nowMs: number): number | null {
    this.seen.push({ atMs: nowMs, seq: newestSeq });
    let safe: number | null = null;
    while (this.seen.length > 0 && nowMs - this.seen[0]!.atMs >= this.lagMs) safe = this.seen.shift()!.seq;
    // What was safe stays the floor until something newer is.
    if (safe !== null) this.seen.unshift({ atMs: nowMs - this.lagMs, seq: safe });
    return safe;
  }
}
