// How does a bank answer when payments are counts? First in, first out for its slots; then each payment takes one of a few times around the
// mean, in turn, as many as the spread of real ones has places for here. The capacity model of bank-capacity.ts without its chance.
import type { PlannedBank } from './plan';

/** Calls that began at the same moment. */
export interface Batch {
  readonly atMs: number;
  count: number;
}

interface Serving {
  readonly atMs: number;
  readonly doneMs: number;
  readonly count: number;
}

/**
 * Parts of the mean, themselves with mean 1: the middles of the sevenths of a lognormal with σ = .4. Seven, because no quartile falls
 * between two of them: a limiter that reads the lower quartile would see it jump.
 */
const TIMES = [0.521, 0.682, 0.808, 0.936, 1.085, 1.285, 1.683] as const;

export class FluidBank {
  inFlight = 0;
  private readonly waiting: Batch[] = [];
  /** By place in TIMES, oldest first. */
  private readonly serving: readonly Serving[][] = TIMES.map(() => []);
  private busy = 0;
  private turn = 0;
  private readonly slots: number;

  constructor(private readonly bank: PlannedBank) {
    this.slots = Math.max(1, Math.round((bank.perSecond * bank.roundTripMs) / 1_000));
  }

  send(count: number, nowMs: number): void {
    if (count === 0) return;
    this.inFlight += count;
    this.waiting.push({ atMs: nowMs, count });
    this.start(nowMs);
  }

  /** Time comes to `nowMs`. @returns calls that were answered, by when they were sent */
  answered(nowMs: number): readonly Batch[] {
    const done: Batch[] = [];
    for (const line of this.serving) {
      while (line.length > 0 && (line[0] as Serving).doneMs <= nowMs) {
        const { atMs, count } = line.shift() as Serving;
        done.push({ atMs, count });
        this.busy -= count;
        this.inFlight -= count;
      }
    }
    this.start(nowMs);
    return done;
  }

  /** When each call under way was sent, oldest first. */
  underWay(): readonly Batch[] {
    const serving = this.serving.flat().map(({ atMs, count }) => ({ atMs, count }));
    return [...serving.sort((a, b) => a.atMs - b.atMs), ...this.waiting];
  }

  /** Waiting payments take free slots, spread over the times as evenly as whole numbers are. */
  private start(nowMs: number): void {
    while (this.busy < this.slots && this.waiting.length > 0) {
      const oldest = this.waiting[0] as Batch;
      const count = Math.min(oldest.count, this.slots - this.busy);
      oldest.count -= count;
      if (oldest.count === 0) this.waiting.shift();
      this.busy += count;
      const each = Math.floor(count / TIMES.length);
      const left = count % TIMES.length;
      TIMES.forEach((time, place) => {
        const mine = each + ((place - this.turn + TIMES.length) % TIMES.length < left ? 1 : 0);
        const doneMs = nowMs + time * this.bank.roundTripMs;
        if (mine > 0) (this.serving[place] as Serving[]).push({ atMs: oldest.atMs, doneMs, count: mine });
      });
      this.turn = (this.turn + left) % TIMES.length;
    }
  }
}
