/**
 * The jobs this worker holds, and their locks. Three chores, each on its own slow clock and all of them only tidiness (the sweeper over
 * PostgreSQL repairs payments, whatever happens here):
 *
 *   renew    locks of jobs held longer than half a lock's life, so that a slow bank does not look like a dead worker
 *   recover  jobs whose worker died: BullMQ suspects at one look and moves them back at the next
 *   reclaim  jobs that a `take` moved to us and whose answer never arrived: nobody works on them, yet they fill the channel's limit
 */
import type { Meters } from '#dispatch';
import type { ChannelQueue, ChannelQueues } from './channel-queues';
import type { RedisLink } from './redis-link';

/** A job in this worker's hands; the `handle` of a TakenJob. */
export interface HeldJob {
  readonly queue: ChannelQueue;
  readonly id: string;
  /** When its lock was last set, epoch ms. */
  lockedAt: number;
}

/** Most active jobs of one queue looked at when reclaiming: twice the largest in-flight ceiling we expect. */
const RECLAIM_MAX = 1_000;

export class HeldJobs {
  private readonly held = new Map<string, HeldJob>();
  private readonly timers: NodeJS.Timeout[];
  private recoverFrom = 0;
  private takesLost = false;

  constructor(
    private readonly link: RedisLink,
    private readonly queues: ChannelQueues,
    private readonly token: string,
    private readonly meters: Meters,
    private readonly onRecovered: (queue: ChannelQueue, count: number) => void,
  ) {
    const renewal = setInterval(() => void this.renew(), queues.lockDurationMs / 4);
    // Each tick looks at its share of the queues, so that 600 queues are not asked at once: 20 shares per interval.
    const recovery = setInterval(() => void this.recover(), queues.stalledIntervalMs / 20);
    this.timers = [renewal, recovery];
    for (const timer of this.timers) timer.unref();
  }

  hold(queue: ChannelQueue, id: string): HeldJob {
    const job = { queue, id, lockedAt: Date.now() };
    this.held.set(queue.keyPrefix + id, job);
    return job;
  }

  /** The job is finished, or found to be somebody else's. */
  release(job: HeldJob): void {
    this.held.delete(job.queue.keyPrefix + job.id);
  }

  get size(): number {
    return this.held.size;
  }

  /**
   * A `take` went unanswered: jobs may be ours without our knowing. Redis counts as available again only after it answered something
   * younger, on the same connection (then the take's answer has arrived) or on a new one (then it never will).
   */
  noteLostTake(): void {
    this.takesLost = true;
  }

  /** Gives back, once Redis answers again, what lost answers left with us. */
  async reclaim(): Promise<void> {
    if (!this.takesLost || !this.link.available()) return;
    this.takesLost = false;
    try {
      for (const queue of this.queues.all()) {
        const active = await this.link.ask(queue.backend.getRanges(['active'], 0, RECLAIM_MAX - 1));
        const ours = active.flat().filter((id) => typeof id === 'string' && !this.held.has(queue.keyPrefix + id));
        for (const id of ours) await this.giveBack(queue, id);
      }
    } catch {
      this.takesLost = true;
    }
  }

  close(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  /** BullMQ moves a job back only for the token that holds its lock, so other workers' jobs refuse. */
  private async giveBack(queue: ChannelQueue, id: string): Promise<void> {
    try {
      await this.link.ask(queue.backend.moveJobFromActiveToWait(id, this.token));
      this.meters.count('queue_jobs_reclaimed');
      this.onRecovered(queue, 1);
    } catch (error) {
      if ((error as { code?: unknown }).code === undefined) throw error;
    }
  }

  private async renew(): Promise<void> {
    if (!this.link.available()) return;
    const now = Date.now();
    const byQueue = new Map<ChannelQueue, HeldJob[]>();
    for (const job of this.held.values()) {
      if (now - job.lockedAt < this.queues.lockDurationMs / 2) continue;
      byQueue.set(job.queue, [...(byQueue.get(job.queue) ?? []), job]);
    }
    for (const [queue, jobs] of byQueue) {
      const ids = jobs.map((job) => job.id);
      const tokens = jobs.map(() => this.token);
      try {
        const lost = await this.link.ask(queue.backend.extendLocks(ids, tokens, this.queues.lockDurationMs));
        // A lost lock changes nothing for the work under way: the journal lets each payment be dispatched once.
        if (lost.length > 0) this.meters.count('queue_locks_lost', {}, lost.length);
        for (const job of jobs) job.lockedAt = now;
      } catch {
        // The next tick tries again; half a lock's life is left.
      }
    }
  }

  private async recover(): Promise<void> {
    await this.reclaim();
    const all = this.queues.all();
    const share = Math.ceil(all.length / 20);
    for (let i = 0; i < share && this.link.available(); i += 1) {
      const queue = all[this.recoverFrom++ % all.length];
      if (!queue) return;
      try {
        const back = await this.link.ask(queue.backend.moveStalledJobsToWait());
        if (back.length === 0) continue;
        this.meters.count('queue_jobs_recovered', {}, back.length);
        this.onRecovered(queue, back.length);
      } catch {
        return;
      }
    }
  }
}
