// How long is news old? Messages between processes take a drawn time, keep their order on each road, and vanish while Redis is gone.
import type { Random } from '../prng';
import type { Agenda } from './agenda';

/** Redis as the world sees it: there or gone. */
export interface Redis {
  gone: boolean;
}

/** One direction between two processes. */
export class Road<M> {
  private lastMs = 0;

  constructor(
    private readonly agenda: Agenda,
    private readonly messageMs: readonly [number, number],
    private readonly redis: Redis,
    private readonly random: Random,
    private readonly arrives: (message: M) => void,
  ) {}

  send(message: M): void {
    if (this.redis.gone) return;
    const [from, to] = this.messageMs;
    this.lastMs = Math.max(this.lastMs, this.agenda.nowMs + from + (to - from) * this.random());
    this.agenda.at(this.lastMs, () => {
      if (!this.redis.gone) this.arrives(message);
    });
  }
}
