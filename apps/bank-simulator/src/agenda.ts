/**
 * What is due, and when? One heap and one timer for everything the simulator has promised to do later:
 * answers that leave after a delay, late bookings, page expiries, notification retries. Timers per
 * promise would cost more than the promises: at 5,000 answers/s each waits for its few milliseconds here.
 */
import { EventQueue } from '#simulation';

export class Agenda {
  private readonly due = new EventQueue<() => void>();
  private timer: NodeJS.Timeout | null = null;
  private armedForMs = Infinity;
  private closed = false;

  /** @param nowMs a monotonic clock, ms */
  constructor(private readonly nowMs: () => number) {}

  /** Runs `deed` after `delayMs`, never before; nothing runs any more after `close`. */
  after(delayMs: number, deed: () => void): void {
    if (this.closed) return;
    this.due.push(this.nowMs() + delayMs, deed);
    this.arm();
  }

  close(): void {
    this.closed = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private arm(): void {
    const nextMs = this.due.peekTime();
    if (nextMs >= this.armedForMs || nextMs === Infinity) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.armedForMs = nextMs;
    // 60 s at most at a time: setTimeout turns anything beyond 24.8 days into 1 ms.
    this.timer = setTimeout(() => this.run(), Math.min(60_000, Math.max(0, Math.ceil(nextMs - this.nowMs()))));
  }

  private run(): void {
    this.timer = null;
    this.armedForMs = Infinity;
    const nowMs = this.nowMs();
    while (!this.closed && this.due.peekTime() <= nowMs) this.due.pop()?.();
    if (!this.closed) this.arm();
  }
}
