/**
 * The consuming side: jobs are taken when there is a permit, several channels in one call, over one connection for commands and one for
 * wake-ups (BullMQ's own Worker needs a blocking connection per queue: twice the CPU per payment, and 300 connections for 300 queues).
 *
 *   wake-up ──▶ waiting(lane, channel) rises, listener called ──▶ take ──▶ [gathered per tick] ──▶ one call ──▶ TakenJob[]
 *   finish ──▶ [gathered 2 ms, or until the next take] ──▶ one call;  not answered: said again at the next refresh
 *
 * Nothing here throws for Redis' sake. Wiped, down or frozen, `take` answers [] and the journal feeds the workers.
 */
import { randomUUID } from 'node:crypto';
import type { ChannelId } from '#domain';
import type { JobSource, Lane, Meters, TakenJob } from '#dispatch';
import { ChannelQueues, type ChannelQueue, type ChannelQueuesOptions } from './channel-queues';
import { HeldJobs, type HeldJob } from './held-jobs';
import { jobOf, type WakeUp } from './queue-names';
import type { RedisLink } from './redis-link';
import { BatchedScripts } from './scripts/batched-scripts';
import type { FinishBatch, JobScripts, TakeAnswer, TakeRequest } from './scripts/job-scripts';
import { WakeUps } from './wake-ups';

/** Finished jobs whose removal Redis has not confirmed. Beyond it they are left to run out of their locks: a few MB, 30 s. */
const UNCONFIRMED_MAX = 10_000;
/**
 * Finishes wait this long for company, ms, since each call costs more than the jobs in it. A take never waits for them and they go before
 * it, so where jobs wait for a permit none is held longer.
 */
const FINISH_LINGER_MS = 2;
/** Most jobs in one call, about 1 ms of Redis. */
const FINISH_BATCH_MAX = 128;

interface PendingTake extends TakeRequest {
  readonly resolve: (jobs: readonly TakenJob[]) => void;
}

export interface JobSourceOptions extends ChannelQueuesOptions {
  readonly scripts?: JobScripts;
}

export class BullJobSource implements JobSource {
  private readonly token = randomUUID();
  private readonly queues: ChannelQueues;
  private readonly scripts: JobScripts;
  private readonly held: HeldJobs;
  private readonly wakeUps: WakeUps;
  private readonly listeners: ((lane: Lane, channelId: ChannelId) => void)[] = [];
  private readonly waitingByQueue = new Map<ChannelQueue, number>();
  /** Jobs whose answer came after we had stopped waiting for it; handed out by the next take. */
  private readonly late = new Map<ChannelQueue, TakenJob[]>();
  private takes: PendingTake[] = [];
  private finishes: HeldJob[] = [];
  private finishing: {
    readonly timer: NodeJS.Timeout;
    readonly done: Promise<void>;
    readonly resolve: () => void;
  } | null = null;

  /** @param link closed by its owner, after `close` */
  constructor(
    private readonly link: RedisLink,
    url: string,
    private readonly meters: Meters,
    options: JobSourceOptions = {},
  ) {
    this.queues = new ChannelQueues(link, options);
    this.scripts = options.scripts ?? new BatchedScripts(link.redis, this.queues.prefix, this.queues.lockDurationMs);
    this.held = new HeldJobs(link, this.queues, this.token, meters, (queue, count) => this.woken(queue, count));
    this.wakeUps = new WakeUps(url, this.queues.prefix, (wake) => this.hear(wake));
  }

  available(): boolean {
    return this.link.available();
  }

  onWake(listener: (lane: Lane, channelId: ChannelId) => void): void {
    this.listeners.push(listener);
  }

  /** How many jobs of the queue wait, as far as we heard: a hint, exact after each take and refresh. */
  waiting(lane: Lane, channelId: ChannelId): number {
    return this.waitingByQueue.get(this.queues.of(lane, channelId)) ?? 0;
  }

  take(lane: Lane, channelId: ChannelId, max: number): Promise<readonly TakenJob[]> {
    const queue = this.queues.of(lane, channelId);
    const late = this.late.get(queue);
    if (late && max > 0) {
      const jobs = late.splice(0, max);
      if (late.length === 0) this.late.delete(queue);
      this.setWaiting(queue, this.waiting(lane, channelId) - jobs.length);
      return Promise.resolve(jobs);
    }
    if (max <= 0 || !this.link.available()) return Promise.resolve([]);
    return new Promise((resolve) => {
      this.takes.push({ queue, max, resolve });
      if (this.takes.length === 1) setImmediate(() => void this.sendTakes());
    });
  }

  finish(jobs: readonly TakenJob[]): Promise<void> {
    this.finishes.push(...jobs.map((job) => job.handle as HeldJob));
    if (!this.finishing) {
      const timer = setTimeout(() => void this.sendFinishes(), FINISH_LINGER_MS);
      let resolve = (): void => {};
      const done = new Promise<void>((finished) => (resolve = finished));
      this.finishing = { timer, done, resolve };
    }
    return this.finishing.done;
  }

  /** Counts what waits in every queue of these channels, in one call, and says again what Redis has not confirmed. */
  async refresh(channels: readonly ChannelId[]): Promise<void> {
    if (!this.link.available()) return;
    if (this.finishes.length > 0) void this.finish([]);
    const queues = channels.flatMap((id) => [this.queues.of('pay', id), this.queues.of('inquiry', id)]);
    try {
      const counts = await this.link.ask(this.scripts.count(queues));
      queues.forEach((queue, i) => this.setWaiting(queue, (counts[i] ?? 0) + (this.late.get(queue)?.length ?? 0)));
    } catch {
      // Unanswered: `available` says so by now.
    }
  }

  /** Stops listening and renewing. Jobs still held come back to other workers when their locks run out. */
  async close(): Promise<void> {
    await this.finish([]);
    this.wakeUps.close();
    this.held.close();
  }

  private hear(wake: WakeUp): void {
    this.woken(this.queues.of(wake.lane, wake.channelId), wake.count);
  }

  private woken(queue: ChannelQueue, count: number): void {
    this.setWaiting(queue, (this.waitingByQueue.get(queue) ?? 0) + count);
    for (const listener of this.listeners) listener(queue.lane, queue.channelId);
  }

  private setWaiting(queue: ChannelQueue, count: number): void {
    this.waitingByQueue.set(queue, Math.max(count, 0));
  }

  private async sendTakes(): Promise<void> {
    void this.sendFinishes();
    const takes = this.takes;
    this.takes = [];
    const answering = this.scripts.take(takes, this.token);
    try {
      const answers = await this.link.ask(answering);
      takes.forEach((take, i) => take.resolve(this.accept(take.queue, answers[i])));
    } catch {
      for (const take of takes) take.resolve([]);
      // Redis may carry the take out after all. An answer that comes late is kept; if none comes, the jobs are reclaimed.
      this.held.noteLostTake();
      answering.then(
        (answers) => takes.forEach((take, i) => this.keepLate(take.queue, this.accept(take.queue, answers[i]))),
        () => {},
      );
    }
  }

  private accept(queue: ChannelQueue, answer: TakeAnswer | undefined): readonly TakenJob[] {
    if (!answer) return [];
    this.setWaiting(queue, answer.waiting);
    if (answer.nextDueAt !== null) this.wakeUps.wakeAt(queue, answer.nextDueAt);
    const jobs = answer.ids.flatMap((id) => {
      const handle = this.held.hold(queue, id);
      const job = jobOf(id);
      if (job) return [{ ...job, lane: queue.lane, channelId: queue.channelId, handle }];
      this.meters.count('queue_jobs_foreign');
      this.finishes.push(handle);
      return [];
    });
    if (answer.ids.length > 0) this.meters.count('queue_jobs_taken', { lane: queue.lane }, answer.ids.length);
    return jobs;
  }

  private keepLate(queue: ChannelQueue, jobs: readonly TakenJob[]): void {
    if (jobs.length === 0) return;
    this.late.set(queue, [...(this.late.get(queue) ?? []), ...jobs]);
    this.woken(queue, jobs.length);
  }

  private async sendFinishes(): Promise<void> {
    const finishing = this.finishing;
    if (!finishing) return;
    this.finishing = null;
    clearTimeout(finishing.timer);
    const jobs = this.finishes;
    this.finishes = [];
    for (let from = 0; from < jobs.length; from += FINISH_BATCH_MAX) {
      const some = jobs.slice(from, from + FINISH_BATCH_MAX);
      try {
        if (!this.link.available()) throw new Error('Redis is unavailable');
        const gone = await this.link.ask(this.scripts.finish(finishBatchesOf(some), this.token));
        if (gone > 0) this.meters.count('queue_finishes_stale', {}, gone);
        for (const job of some) this.held.release(job);
      } catch {
        this.keepUnconfirmed(jobs.slice(from));
        break;
      }
    }
    finishing.resolve();
  }

  /** Said again later: an active job nobody works on would fill the channel's limit until its lock runs out. */
  private keepUnconfirmed(jobs: readonly HeldJob[]): void {
    const room = Math.max(UNCONFIRMED_MAX - this.finishes.length, 0);
    this.finishes.push(...jobs.slice(0, room));
    for (const job of jobs.slice(room)) this.held.release(job);
  }
}

function finishBatchesOf(jobs: readonly HeldJob[]): readonly FinishBatch[] {
  const byQueue = new Map<ChannelQueue, string[]>();
  for (const { queue, id } of jobs) {
    const ids = byQueue.get(queue);
    if (ids) ids.push(id);
    else byQueue.set(queue, [id]);
  }
  return [...byQueue].map(([queue, ids]) => ({ queue, ids }));
}
