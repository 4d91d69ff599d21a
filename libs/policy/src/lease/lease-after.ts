/**
 * What may a worker still do that has heard nothing for a while? Its last lease, and slowly less. The leases of all workers together are
 * no more than the whole, so nothing is over-committed while everybody is deaf; but the world moves on unseen, and the longer, the more
 * is kept in reserve. Never "pass everything" (Sentinel, when its token server is gone), and not to zero: the banks are still there.
 *
 *   1.00 ┤──┐5 s
 *   0.75 ┤   `---------_60 s            mean over the first minute 0.89: goodput ≥ 70 % is kept
 *   0.25 ┤                `------------_10 min ──────── for ever
 */
import type { WorkerLease } from '../flow/words';

/** Another controller takes over within 3 s and a snapshot or two may be lost: until then nothing is tightened. */
export const LEASE_FULL_MS = 5_000;
const CURVE: readonly { readonly untilMs: number; readonly share: number }[] = [
  { untilMs: LEASE_FULL_MS, share: 1 },
  { untilMs: 60_000, share: 0.75 },
  { untilMs: 600_000, share: 0.25 },
];

/** @returns the share of a lease so old that still holds, from 1 down to 0.25 */
export function leaseShare(ageMs: number): number {
  let before = { untilMs: 0, share: 1 };
  for (const point of CURVE) {
    if (ageMs <= point.untilMs) {
      const passed = Math.max(0, ageMs - before.untilMs) / (point.untilMs - before.untilMs);
      return before.share + (point.share - before.share) * passed;
    }
    before = point;
  }
  return before.share;
}

/** A whole number of permits or payments a second under a lease so old. One stays one: a channel is not closed by silence. */
export function tightened(share: number, ageMs: number): number {
  return share < 1 ? 0 : Math.max(1, Math.floor(share * leaseShare(ageMs)));
}

/**
 * @param lease the last one this worker was given
 * @param ageMs since it heard it, on its own monotonic clock
 * @returns what it may do now. Inquiries and money that goes back keep theirs: they always pass, and they are few
 */
export function leaseAfter(lease: WorkerLease, ageMs: number): WorkerLease {
  return {
    inFlight: { ...lease.inFlight, pay: tightened(lease.inFlight.pay, ageMs) },
    ratePerSecond: tightened(lease.ratePerSecond, ageMs),
  };
}
