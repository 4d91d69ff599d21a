/**
 * Each API key's own quota of instructions, the one thing that 429 is about. Kept in the memory of each process.
 *
 * A bucket per key that drains at the rate and holds one second's worth (GCRA): in any stretch of time a key gets at most that much more than
 * its rate. The usual library counts in fixed windows, through whose edge twice the quota passes, and keeps a timer per key; this is an
 * addition and a comparison.
 *
 *   level ── −rate · Δt ──▶  level + 1 ≤ quota ?  in : 429, come back when it has drained
 */

/** One second's worth: `RateLimit-Policy: "client";q=<quota>;w=1`. */
const WINDOW_S = 1;
/** Keys remembered: only valid ones come here. An idle one is an empty bucket, so that forgetting the oldest gives nobody anything. */
const KEYS_MAX = 10_000;

export interface QuotaAnswer {
  readonly admitted: boolean;
  /** What is left of the window's quota. */
  readonly remaining: number;
  /** When there is room again, ms; 0: now. */
  readonly retryAfterMs: number;
}

export class ClientQuota {
  private readonly buckets = new Map<string, { level: number; atMs: number }>();

  /** @param perSecond of one key in this process; above 0 */
  constructor(
    readonly perSecond: number,
    private readonly monotonicMs: () => number,
  ) {}

  take(key: string): QuotaAnswer {
    const nowMs = this.monotonicMs();
    let bucket = this.buckets.get(key);
    if (!bucket) {
      if (this.buckets.size >= KEYS_MAX) this.buckets.delete(this.buckets.keys().next().value!);
      this.buckets.set(key, (bucket = { level: 0, atMs: nowMs }));
    }
    const { perSecond } = this;
    bucket.level = Math.max(0, bucket.level - ((nowMs - bucket.atMs) / 1_000) * perSecond);
    bucket.atMs = nowMs;
    const quota = perSecond * WINDOW_S;
    const over = bucket.level + 1 - quota;
    // Sums of fractions are not exact.
    if (over > 1e-9) return { admitted: false, remaining: 0, retryAfterMs: Math.ceil((over / perSecond) * 1_000) };
    bucket.level += 1;
    return { admitted: true, remaining: Math.max(0, Math.floor(quota - bucket.level)), retryAfterMs: 0 };
  }

  /** The header fields of draft-ietf-httpapi-ratelimit-headers-10. */
  headers({ remaining, retryAfterMs }: QuotaAnswer): Readonly<Record<'RateLimit-Policy' | 'RateLimit', string>> {
    return {
      'RateLimit-Policy': `"client";q=${this.perSecond * WINDOW_S};w=${WINDOW_S}`,
      RateLimit: `"client";r=${remaining};t=${Math.max(1, Math.ceil(retryAfterMs / 1_000))}`,
    };
  }
}
