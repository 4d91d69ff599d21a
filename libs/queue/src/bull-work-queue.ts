/**
 * The producing side: adds jobs, for at most 200 ms, without ever holding a caller or a heap hostage to Redis.
 *
 *   add ──▶ gathered 1 ms, all channels together ──▶ one call ──▶ true
 *    ├─ Redis down or silent: false at once          └─ no answer in 200 ms, or refused: false
 *    └─ 10,000 adds pending already: false at once
 *
 * `false` costs the payment a second or so (the sweeper enqueues it); it changes nothing else.
 */
import type { ChannelId } from '#domain';
import type { Job, Lane, Meters, WorkQueue } from '#dispatch';
import { ChannelQueues, type ChannelQueue, type ChannelQueuesOptions } from './channel-queues';
import { jobIdOf, type WakeUp } from './queue-names';
import type { RedisLink } from './redis-link';
import { BatchedScripts } from './scripts/batched-scripts';
import type { AddBatch, JobScripts, NewJob } from './scripts/job-scripts';

/** Adds wait this long for company, ms. Acceptances are committed in groups already, so more would only be latency. */
const LINGER_MS = 1;
/** Most jobs in one call: about 1 ms of Redis, which serves nobody else meanwhile. */
const BATCH_MAX = 128;
/**
 * Most adds without an answer. Redis silent for 200 ms at 4,000 payments/s leaves 800; this is ten times that, a few MB, and far from
 * hurting. Doubling it would only postpone the `false`.
 */
const PENDING_MAX = 10_000;
/** Longest delay of a job, ms: an hour. What comes later belongs to the sweeper. */
const DELAY_MAX_MS = 3_600_000;

interface PendingAdd {
  readonly queue: ChannelQueue;
  readonly job: NewJob;
  readonly delayMs: number;
  readonly resolve: (added: boolean) => void;
}

export interface WorkQueueOptions extends ChannelQueuesOptions {
  /** Another implementation of the steps in Redis. Default: one call for many jobs. */
  readonly scripts?: JobScripts;
  readonly pendingMax?: number;
}

export class BullWorkQueue implements WorkQueue {
  private readonly queues: ChannelQueues;
  private readonly scripts: JobScripts;
  private readonly pendingMax: number;
  private gathered: PendingAdd[] = [];
  private pending = 0;
  private timer: NodeJS.Timeout | null = null;

  /** @param link closed by its owner, after the last add */
  constructor(
    private readonly link: RedisLink,
    private readonly meters: Meters,
    options: WorkQueueOptions = {},
  ) {
    this.queues = new ChannelQueues(link, options);
    this.scripts = options.scripts ?? new BatchedScripts(link.redis, this.queues.prefix, this.queues.lockDurationMs);
    this.pendingMax = options.pendingMax ?? PENDING_MAX;
  }

  add(lane: Lane, channelId: ChannelId, job: Job, delayMs = 0): Promise<boolean> {
    const refusal = !this.link.available() ? 'redis_unavailable' : this.pending >= this.pendingMax ? 'full' : null;
    if (refusal) {
      this.meters.count('queue_adds_failed', { reason: refusal });
      return Promise.resolve(false);
    }
    const id = jobIdOf(lane, job);
    const data = JSON.stringify({ paymentId: job.paymentId, version: job.version });
    this.pending += 1;
    return new Promise((resolve) => {
      this.gathered.push({
        queue: this.queues.of(lane, channelId),
        job: { id, data },
        delayMs: Math.min(Math.max(Math.ceil(delayMs), 0), DELAY_MAX_MS),
        resolve,
      });
      if (this.gathered.length >= BATCH_MAX) this.flush();
      else this.timer ??= setTimeout(() => this.flush(), LINGER_MS);
    });
  }

  private flush(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const adds = this.gathered;
    this.gathered = [];
    void this.send(adds);
  }

  private async send(adds: readonly PendingAdd[]): Promise<void> {
    const batches = batchesOf(adds);
    let added = true;
    try {
      await this.link.ask(this.scripts.add(batches, batches.map(wakeUpOf)));
      this.meters.count('queue_adds', {}, adds.length);
    } catch {
      // Down, silent, out of memory, read-only: for the payment they are one thing, and the sweeper is the cure of all.
      added = false;
      this.meters.count('queue_adds_failed', { reason: 'no_answer' }, adds.length);
    }
    this.pending -= adds.length;
    for (const add of adds) add.resolve(added);
  }
}

/** One batch per queue and delay. */
function batchesOf(adds: readonly PendingAdd[]): readonly AddBatch[] {
  const batches = new Map<string, { queue: ChannelQueue; delayMs: number; jobs: NewJob[] }>();
  for (const { queue, job, delayMs } of adds) {
    const key = `${queue.name} ${delayMs}`;
    const batch = batches.get(key);
    if (batch) batch.jobs.push(job);
    else batches.set(key, { queue, delayMs, jobs: [job] });
  }
  return [...batches.values()];
}

function wakeUpOf({ queue, delayMs, jobs }: AddBatch): WakeUp {
  return { lane: queue.lane, channelId: queue.channelId, count: jobs.length, delayMs };
}
