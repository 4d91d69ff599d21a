/** Runs the sweep again and again: at once while there is much to do, every half second otherwise. One at a time. */
import type { Log, Sweep } from '#dispatch';

/** Between two looks at an empty list, ms: an inquiry due in 1.5 s is then asked within 2 s (money rule 3). */
const PAUSE_MS = 500;
/** After a failed round (PostgreSQL is gone), ms: it comes back without a crowd at its door. */
const PAUSE_AFTER_FAILURE_MS = 1_000;

export class Sweeper {
  private timer: NodeJS.Timeout | null = null;
  private round: Promise<void> = Promise.resolve();
  private stopped = false;
  private failing = false;

  constructor(
    private readonly sweep: Sweep,
    private readonly log: Log,
  ) {}

  start(): void {
    this.round = this.run();
  }

  /** Ends after the round that is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.round;
  }

  private async run(): Promise<void> {
    let pauseMs = PAUSE_MS;
    try {
      const { full } = await this.sweep.sweep();
      if (full) pauseMs = 0;
      if (this.failing) this.log.info('The sweeper works again');
      this.failing = false;
    } catch (error) {
      pauseMs = PAUSE_AFTER_FAILURE_MS;
      if (!this.failing)
        this.log.warn('The sweeper could not look; it tries again every second', { error: String(error) });
      this.failing = true;
    }
    if (!this.stopped) this.timer = setTimeout(() => this.start(), pauseMs);
  }
}
