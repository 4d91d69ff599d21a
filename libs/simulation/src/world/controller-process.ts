// Who is in charge? One controller at a time, which steps every tick over the reports that have reached it; when it dies nothing is decided
// until another is elected, which starts from the last word that its predecessor had published.
import { type DoorReport, FLOW_TICK_MS, type QueueCount, type WorkerReport } from '#policy';
import type { Random } from '../prng';
import type { Agenda } from './agenda';
import type { Control, ControllerMind, Received, SiteFacts } from './control';
import type { Redis } from './roads';

export class ControllerProcess<W> {
  private mind: ControllerMind<W> | null = null;
  private term = 0;
  private last: W | null = null;
  private workers: Received<WorkerReport>[] = [];
  private doors: Received<DoorReport>[] = [];

  constructor(
    private readonly agenda: Agenda,
    private readonly control: Control<W>,
    private readonly site: SiteFacts,
    private readonly redis: Redis,
    private readonly random: Random,
    private readonly countQueues: () => readonly QueueCount[],
    private readonly publish: (word: W) => void,
  ) {
    this.elect();
    agenda.every(FLOW_TICK_MS, 1, () => this.tick());
  }

  hearWorker(report: WorkerReport): void {
    if (this.mind !== null) this.workers.push({ report, receivedMs: this.agenda.nowMs });
  }

  hearDoor(report: DoorReport): void {
    if (this.mind !== null) this.doors.push({ report, receivedMs: this.agenda.nowMs });
  }

  /** It is gone at once, with all it knew; its successor comes after the election. */
  die(electionMs: number): void {
    this.mind = null;
    this.workers = [];
    this.doors = [];
    this.agenda.after(electionMs, () => this.elect());
  }

  private elect(): void {
    this.term += 1;
    const id = `controller-${this.term}`;
    this.mind = this.control.controller(this.site, id, this.term, this.last, this.agenda.nowMs);
  }

  private tick(): void {
    if (this.mind === null) return;
    const { nowMs } = this.agenda;
    const { workers, doors } = this;
    this.workers = [];
    this.doors = [];
    const queues = this.redis.gone ? null : this.countQueues();
    this.last = this.mind.step({ nowMs, workers, doors, queues }, this.random);
    this.publish(this.last);
  }
}
