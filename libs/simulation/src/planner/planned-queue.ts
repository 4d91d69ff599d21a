// What waits, in counts? First in, first out, as in the live queue; and what holds the next ones back.
import type { DoorForecast } from '#policy';

/** What keeps a queue from draining faster: a limit that somebody owns, or the bank itself. */
export type BoundBy = 'ratePerSecond' | 'inFlightMax' | 'bank';

export interface QueuedCount {
  readonly atMs: number;
  count: number;
  readonly promise: DoorForecast | null;
}

export interface Taken {
  readonly count: number;
  /** When the oldest of them came in, and what it was promised. */
  readonly queuedMs: number;
  readonly promise: DoorForecast | null;
}

export class PlannedQueue {
  waiting = 0;
  private readonly line: QueuedCount[] = [];

  push(queued: QueuedCount): void {
    if (queued.count === 0) return;
    this.waiting += queued.count;
    this.line.push(queued);
  }

  /** @param free calls that may begin @param paced payments that the contract lets go now */
  take(free: number, paced: number, nowMs: number): { sent: Taken; boundBy: 'in_flight' | 'rate' | null } {
    const count = Math.min(this.waiting, free, paced);
    const [first] = this.line;
    const sent = { count, queuedMs: first?.atMs ?? nowMs, promise: count > 0 ? (first?.promise ?? null) : null };
    let left = count;
    while (left > 0 && this.line.length > 0) {
      const oldest = this.line[0] as QueuedCount;
      const part = Math.min(oldest.count, left);
      oldest.count -= part;
      left -= part;
      if (oldest.count === 0) this.line.shift();
    }
    this.waiting -= count;
    const boundBy = this.waiting === 0 ? null : free <= paced ? ('in_flight' as const) : ('rate' as const);
    return { sent, boundBy };
  }
}
