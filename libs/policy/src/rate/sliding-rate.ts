/**
 * May this payment be sent this instant under the contract's rate? In any second as the bank sees it there are never more than the rate,
 * wherever that second begins; a fixed window would let twice as many through across its border.
 *
 *            send times here   │·  ·  · ·   ·  ·│          at most R in any WINDOW = 1 s + margin
 *            receipt there       └─ each 0..margin later than the fastest way
 *   → any second of receipts was sent within one second plus the margin: at most R.
 *
 * A slot is *reserved* before the request is handed to the connector and *stamped* when its first byte is written. Until then it counts
 * as sent just now, so that a slow handshake cannot push two windows into one. Reserved + stamped within the window ≤ R, always.
 *
 * The burst of the contract is what may come at once: beside the bound on any second, sends keep an even pace of R per window, and may run
 * ahead of it by the burst (GCRA), or by what the margin bunches together anyway. It does not come on top of the rate.
 */

/** What a contract means by a second. */
const SECOND_MS = 1_000;

/**
 * How much later one request may reach the bank than another, beyond the same way there, ms: timers, handshakes, pauses on both sides.
 * It costs 3 % of the contract; at 50 ms less than 95 % of it could be used. Between loopback and a metro line 1 to 15 ms were seen.
 */
export const RATE_MARGIN_MS = 30;

export const RATE_WINDOW_MS = SECOND_MS + RATE_MARGIN_MS;

export class SlidingRate {
  /** When the last sends were stamped, oldest at `head`; at most as many as the largest rate that held within the window. */
  private stamps: number[] = [];
  private head = 0;
  private reserved = 0;
  /** When the even pace would have sent the last reserved one (GCRA's theoretical arrival time). */
  private paceMs = -Infinity;
  private rate: number;
  private ahead: number;

  /**
   * @param ratePerSecond payments in any second; 0: none. Of several workers each holds a share, and the shares add up (rate-shares.ts)
   * @param burst this worker's part of what may come at once, at least 1
   */
  constructor(ratePerSecond: number, burst: number) {
    this.rate = Math.max(0, Math.floor(ratePerSecond));
    this.ahead = aheadOf(this.rate, burst);
  }

  /** Acts from the next reservation on. After a cut nothing is sent until the window has room under the new rate. */
  setRate(ratePerSecond: number, burst: number): void {
    this.rate = Math.max(0, Math.floor(ratePerSecond));
    this.ahead = aheadOf(this.rate, burst);
  }

  /** Takes a slot for a payment that is about to be sent. It must be ended by `stamp` or `release`. @returns false: no room now */
  reserve(nowMs: number): boolean {
    if (this.roomBy(nowMs, nowMs) < 1) return false;
    this.reserved += 1;
    this.paceMs = Math.max(this.paceMs, nowMs) + this.intervalMs();
    return true;
  }

  /** The first byte of a reserved payment is written now. @param nowMs never earlier than an earlier call's */
  stamp(nowMs: number): void {
    this.reserved -= 1;
    this.stamps.push(nowMs);
    this.forget(nowMs);
  }

  /** A reserved payment was not sent. */
  release(): void {
    this.reserved -= 1;
    this.paceMs -= this.intervalMs();
  }

  /** How many could be reserved at `atMs` if nothing were until then, as known at `nowMs`. */
  roomBy(atMs: number, nowMs: number): number {
    if (this.rate === 0) return 0;
    this.forget(nowMs);
    const inWindow = this.rate - (this.stamps.length - this.firstAfter(atMs - RATE_WINDOW_MS)) - this.reserved;
    const onPace = Math.floor(this.ahead - Math.max(0, this.paceMs - atMs) / this.intervalMs() + ROUNDING);
    return Math.max(0, Math.min(inWindow, onPace));
  }

  /** @returns ms until a slot is free if no other is taken before; Infinity where that hangs on a reserved one, or the rate is 0 */
  nextInMs(nowMs: number): number {
    if (this.rate === 0 || this.reserved >= this.rate) return Infinity;
    this.forget(nowMs);
    const tooMany = this.stamps.length - this.head + this.reserved - this.rate + 1;
    const windowInMs = tooMany > 0 ? this.stamps[this.head + tooMany - 1]! + RATE_WINDOW_MS - nowMs : 0;
    const paceInMs = this.paceMs - nowMs - (this.ahead - 1) * this.intervalMs();
    return Math.max(0, windowInMs, paceInMs);
  }

  /** Place of the first stamp later than `timeMs`: they are in order, so half of them need not be looked at, and half of those. */
  private firstAfter(timeMs: number): number {
    let low = this.head;
    let high = this.stamps.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.stamps[middle]! <= timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private intervalMs(): number {
    return RATE_WINDOW_MS / Math.max(1, this.rate);
  }

  private forget(nowMs: number): void {
    const { stamps } = this;
    while (this.head < stamps.length && stamps[this.head]! <= nowMs - RATE_WINDOW_MS) this.head += 1;
    // Moved together when half of it is past: constant work per send.
    if (this.head < 64 || this.head * 2 < stamps.length) return;
    this.stamps = stamps.slice(this.head);
    this.head = 0;
  }
}

/** Sums of fractions of a millisecond: a slot must not be lost for the last bit of one. */
const ROUNDING = 1e-9;

/** How many sends may run ahead of the even pace. Within the margin nobody can tell "at once" from paced, so that much is allowed anyway. */
function aheadOf(rate: number, burst: number): number {
  return Math.max(1, Math.floor(burst), Math.ceil((rate * RATE_MARGIN_MS) / RATE_WINDOW_MS) + 1);
}
