/**
 * Up to which `accepted_seq` is nothing still being committed?
 *
 * Numbers are given out when rows are written and become visible when they commit, so a low number may appear after a high one. A
 * number that was *visible* a while ago has no unseen lower neighbour left once
 *   - `lagMs` have passed: whoever drew a lower number has a transaction by then (a statement takes no longer), and
 *   - every transaction that had begun by then has ended, however long its commit stood at a stalled disk.
 * Durations are measured on this process's monotonic clock; no wall clock decides.
 *
 *      then                           now
 *   ──────┼───────────────────────────┼──▶
 *      seen 812, xmax 40           seen 940, xmin 41: safe up to 812
 */
export interface Sighting {
  /** Highest number that is visible. */
  readonly seq: number;
  /** Oldest transaction that has not ended. */
  readonly xmin: number;
  /** First transaction that has not begun. */
  readonly xmax: number;
}

interface Seen {
  readonly atMs: number;
  readonly seq: number;
  readonly xmax: number;
}

/** Somebody's transaction that stands open this long is not a commit of ours, and must not stop every follow-up, ms. */
const FORGOTTEN_MS = 60_000;

/** Sightings kept while an old transaction holds the line: at two a second, eight minutes. Then the oldest ones do for the rest. */
const SIGHTINGS_MAX = 1_000;

export class VisitLag {
  private readonly seen: Seen[] = [];
  private safe: number | null = null;

  constructor(private readonly lagMs: number) {}

  /** @returns the highest number below which nothing can appear any more, or null while none is known */
  safeUpTo({ seq, xmin, xmax }: Sighting, nowMs: number): number | null {
    if (this.seen.length < SIGHTINGS_MAX) this.seen.push({ atMs: nowMs, seq, xmax });
    while (this.seen.length > 0 && this.isSafe(this.seen[0]!, xmin, nowMs)) {
      this.safe = this.seen.shift()!.seq;
    }
    return this.safe;
  }

  private isSafe({ atMs, xmax }: Seen, xmin: number, nowMs: number): boolean {
    const ageMs = nowMs - atMs;
    return ageMs >= this.lagMs && (xmin >= xmax || ageMs >= FORGOTTEN_MS);
  }
}
