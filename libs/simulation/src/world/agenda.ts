// What does the world do next? One queue of deeds in simulated time; equal times keep their order, so a seed gives one run.
import { EventQueue } from '../event-queue';

/** The clock of a world, and what is to be done when. Times are ms since the world began. */
export class Agenda {
  nowMs = 0;
  /** Deeds done so far. */
  done = 0;
  private readonly queue = new EventQueue<() => void>();

  /** Does a deed at a time; one in the past is done now. */
  at(atMs: number, deed: () => void): void {
    this.queue.push(atMs > this.nowMs ? atMs : this.nowMs, deed);
  }

  after(delayMs: number, deed: () => void): void {
    this.queue.push(this.nowMs + delayMs, deed);
  }

  /** A deed again and again, first after `firstMs`, until the world ends. */
  every(periodMs: number, firstMs: number, deed: () => void): void {
    const turn = (): void => {
      deed();
      this.after(periodMs, turn);
    };
    this.after(firstMs, turn);
  }

  /** Runs to a time; what is due later stays. */
  runTo(endMs: number): void {
    while (this.queue.peekTime() <= endMs) {
      this.nowMs = this.queue.peekTime();
      const deed = this.queue.pop();
      this.done += 1;
      deed?.();
    }
    this.nowMs = endMs;
  }
}
