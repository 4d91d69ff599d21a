// What waits for one channel? First in, first out, as in the live queue: who goes first is decided at the door, not here. The journal holds
// it, so it stands while Redis is gone.
import type { Waiting } from './payment';

/** A ring that grows: taking from the front of an array would move all of it. */
class Line {
  private items: (Waiting | undefined)[] = [];
  private head = 0;

  push(waiting: Waiting): void {
    this.items.push(waiting);
  }

  /** The first that is still queued; those switched away are passed over. */
  peek(): Waiting | undefined {
    for (;;) {
      const first = this.items[this.head];
      if (first === undefined || first.queued) return first;
      this.drop();
    }
  }

  /** Those still queued, oldest first. */
  *all(): Generator<Waiting> {
    for (let place = this.head; place < this.items.length; place += 1) {
      const waiting = this.items[place];
      if (waiting?.queued === true) yield waiting;
    }
  }

  drop(): void {
    this.items[this.head] = undefined;
    this.head += 1;
    // Half of it empty: move what is left to the front, each entry once per doubling.
    if (this.head > 1_024 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
  }
}

export class PaymentQueue {
  waiting = 0;
  private readonly line = new Line();

  push(waiting: Waiting): void {
    this.line.push(waiting);
    this.waiting += 1;
  }

  /** Takes the next one; `undefined` when nothing waits. */
  take(): Waiting | undefined {
    const first = this.line.peek();
    if (first === undefined) return undefined;
    this.line.drop();
    this.leave(first);
    return first;
  }

  /** Everybody who waits, oldest first. */
  all(): Waiting[] {
    return [...this.line.all()];
  }

  /** Takes those at the front that have waited too long to be sent. */
  takeExpired(nowMs: number): Waiting[] {
    const expired: Waiting[] = [];
    for (let first = this.line.peek(); first !== undefined && first.dropAtMs <= nowMs; first = this.line.peek()) {
      this.line.drop();
      this.leave(first);
      expired.push(first);
    }
    return expired;
  }

  /** One leaves from wherever it stands, because its payer switched. */
  leave(waiting: Waiting): void {
    if (!waiting.queued) return;
    waiting.queued = false;
    this.waiting -= 1;
  }
}
