/**
 * Many deadlines on one timer. Twenty thousand long-polls with a timer each would cost the timer heap at every request; a wheel with
 * slots of 100 ms costs one entry in a set, and nobody who waits for seconds misses a tenth of one.
 *
 *   slot  ──▶ 41 ──▶ 42 ──▶ 43 ──▶ …      tick(now) runs every slot up to now
 *             {a}    {}     {b,c}
 */
import type { MonotonicMs } from '#domain';

/** Width of a slot, ms. */
export const SLOT_MS = 100;

export class DeadlineWheel {
  private readonly slots = new Map<number, Set<() => void>>();
  private done: number;
  private ended = false;

  constructor(now: MonotonicMs) {
    this.done = Math.floor(now / SLOT_MS);
  }

  /** How many wait now. Counted when asked, which is once a scrape. */
  get size(): number {
    let waiting = 0;
    for (const slot of this.slots.values()) waiting += slot.size;
    return waiting;
  }

  /** Runs `onDeadline` at the first tick after the deadline. @returns how to forget it */
  add(deadline: MonotonicMs, onDeadline: () => void): () => void {
    if (this.ended) {
      onDeadline();
      return () => undefined;
    }
    const number = Math.max(Math.ceil(deadline / SLOT_MS), this.done + 1);
    const slot = this.slots.get(number) ?? new Set();
    this.slots.set(number, slot.add(onDeadline));
    return () => void slot.delete(onDeadline);
  }

  /** Runs what is due. After a pause of the process all missed slots run at once. */
  tick(now: MonotonicMs): void {
    const current = Math.floor(now / SLOT_MS);
    // Bounded by what is waiting, however long the process slept.
    const due = [...this.slots.keys()].filter((number) => number <= current).sort((a, b) => a - b);
    this.done = current;
    for (const number of due) {
      const slot = this.slots.get(number)!;
      this.slots.delete(number);
      for (const onDeadline of slot) onDeadline();
    }
  }

  /** Everything is due, and whatever is added from now on too: the process is ending and nobody ticks any more. */
  end(): void {
    this.ended = true;
    this.tick(Number.MAX_SAFE_INTEGER);
  }
}
