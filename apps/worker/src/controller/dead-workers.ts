/**
 * Is a silent worker dead, or only deaf? A deaf one (Redis cannot be reached from where it is) goes on with its last lease, so nobody else
 * may be given that. A dead one sends nothing, and to keep its part for minutes would leave the banks half used.
 *
 * PostgreSQL knows: nothing is sent without a commit there (money rule 1), and a killed process loses its connections at once. Whoever is
 * silent and has no connection in two looks has ended. One that is frozen keeps its connections, and with them its part.
 */
import type { Log } from '#dispatch';

/** Five reports missing, ms. */
const SILENT_MS = 1_000;
/** Between two looks, ms: a worker whose connections were all cut has new ones within half a second. */
const LOOK_EVERY_MS = 600;
const LOOKS = 2;

export class DeadWorkers {
  /** In how many looks in a row each had no connection. */
  private readonly missing = new Map<string, number>();
  private found: string[] = [];
  private nextMs = -Infinity;
  private looking = false;

  /** @param connected which of these workers have a connection to PostgreSQL */
  constructor(
    private readonly connected: (workerIds: readonly string[]) => Promise<ReadonlySet<string>>,
    private readonly log: Log,
  ) {}

  /** Looks if it is time; nobody waits for the answer. @param silence how long each worker has said nothing, ms */
  look(silence: Readonly<Record<string, number>>, nowMs: number): void {
    const silent = Object.keys(silence).filter((id) => silence[id]! > SILENT_MS);
    for (const id of this.missing.keys()) if (!silent.includes(id)) this.missing.delete(id);
    if (silent.length === 0 || this.looking || nowMs < this.nextMs) return;
    this.looking = true;
    this.nextMs = nowMs + LOOK_EVERY_MS;
    this.connected(silent)
      .then((alive) => silent.forEach((id) => this.saw(id, alive.has(id))))
      // Without PostgreSQL nobody sends, and nobody knows who is alive.
      .catch(() => this.missing.clear())
      .finally(() => (this.looking = false));
  }

  /** Those found dead since the last time. */
  take(): readonly string[] {
    const found = this.found;
    this.found = [];
    return found;
  }

  private saw(id: string, isAlive: boolean): void {
    const looks = isAlive ? 0 : (this.missing.get(id) ?? 0) + 1;
    this.missing.set(id, looks);
    if (looks < LOOKS) return;
    this.missing.delete(id);
    this.found.push(id);
    this.log.warn(`${id} has ended without a word; its part of every limit goes to the others`);
  }
}
