/** What unknown attempts hold, as PostgreSQL last counted it: asked about once a second, never waited for. */
import type { Log } from '#dispatch';
import type { ChannelId } from '#domain';

/** Between two counts, ms: an unknown holds its slot for seconds, so one second more or less of news changes nothing. */
const COUNT_EVERY_MS = 1_000;
/** A count that takes longer than a twentieth of the time is asked for more rarely, however many payments wait. */
const PAUSE_PER_COUNT = 20;

export class HeldSlots {
  private held: ReadonlyMap<ChannelId, number> = new Map();
  private nextMs = -Infinity;
  private counting = false;
  private failing = false;

  constructor(
    private readonly count: () => Promise<ReadonlyMap<ChannelId, number>>,
    private readonly monotonicMs: () => number,
    private readonly log: Log,
  ) {}

  /** The last count stands while PostgreSQL does not answer: unknowns do not go away because nobody can see them. */
  of(channelId: ChannelId): number {
    return this.held.get(channelId) ?? 0;
  }

  /** Asks anew if it is time. */
  refresh(): void {
    const beganMs = this.monotonicMs();
    if (this.counting || beganMs < this.nextMs) return;
    this.counting = true;
    this.count()
      .then(
        (held) => {
          this.held = held;
          this.failing = false;
        },
        (error: unknown) => {
          if (!this.failing)
            this.log.warn('Unknown attempts could not be counted; the last count stands', { error: String(error) });
          this.failing = true;
        },
      )
      .finally(() => {
        this.counting = false;
        const tookMs = this.monotonicMs() - beganMs;
        this.nextMs = beganMs + Math.max(COUNT_EVERY_MS, tookMs * PAUSE_PER_COUNT);
      });
  }
}
