/**
 * Whom to follow? The last word of the controller that this process has heard, and how old it is. The higher term wins, then the higher
 * seq: so a controller that froze, lost its seat and wakes up is heard by nobody.
 *
 * One exception: a wiped Redis forgets the terms, and a controller that never heard of the old ones begins at 1. Where nothing was heard
 * for longer than a seat lasts, whoever speaks is the controller.
 */
import type { FlowSnapshot } from '#policy';

/** Two leases of the controller's seat, ms: nobody who had it then has it now. */
const FORGOTTEN_AFTER_MS = 3_000;

export class LastFlow {
  private last: FlowSnapshot | null = null;
  private saidMs = -Infinity;

  /** @param saidMs when it was said, on this process's monotonic clock. @returns whether it is news to act on */
  hear(snapshot: FlowSnapshot, saidMs: number): boolean {
    const { last } = this;
    const newer =
      last === null ||
      snapshot.term > last.term ||
      (snapshot.term === last.term && snapshot.seq > last.seq) ||
      (snapshot.term < last.term && saidMs - this.saidMs > FORGOTTEN_AFTER_MS);
    if (!newer) return false;
    this.last = snapshot;
    this.saidMs = saidMs;
    return true;
  }

  get snapshot(): FlowSnapshot | null {
    return this.last;
  }

  /** Infinity while nothing was heard. */
  ageMs(nowMs: number): number {
    return Math.max(nowMs - this.saidMs, 0);
  }
}
