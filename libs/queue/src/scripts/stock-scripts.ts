/** The three steps by BullMQ's own scripts: one call a job. The reference the batched ones are compared with, and a way back to it. */
import type { JobJson, MinimalJob } from 'bullmq';
import type { Redis } from 'ioredis';
import type { ChannelQueue } from '../channel-queues';
import { formatWakeUps, wakeChannelOf, type WakeUp } from '../queue-names';
import {
  JOB_NAME,
  JOB_OPTIONS,
  type AddBatch,
  type FinishBatch,
  type JobScripts,
  type NewJob,
  type TakeAnswer,
  type TakeRequest,
} from './job-scripts';

/** First guess of how many jobs wait; doubled while every call brings one, so an empty queue costs few calls. */
const FIRST_WAVE = 4;

export class StockScripts implements JobScripts {
  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
  ) {}

  async add(batches: readonly AddBatch[], wakeUps: readonly WakeUp[]): Promise<void> {
    await Promise.all(
      batches.map((batch) =>
        batch.queue.backend.addJobs(
          batch.jobs.map((job) => ({ job: jobJson(job, batch.delayMs), jobId: job.id, parentKeyOpts: {} })),
        ),
      ),
    );
    // After the answer, not before: woken too early, a worker runs one batch behind for ever.
    if (wakeUps.length > 0) await this.redis.publish(wakeChannelOf(this.prefix), formatWakeUps(wakeUps));
  }

  async take(requests: readonly TakeRequest[], token: string): Promise<readonly TakeAnswer[]> {
    return Promise.all(requests.map((request) => this.takeOne(request, token)));
  }

  async finish(batches: readonly FinishBatch[], token: string): Promise<number> {
    let gone = 0;
    await Promise.all(
      batches.flatMap(({ queue, ids }) =>
        ids.map(async (id) => {
          try {
            const job = { id, opts: JOB_OPTIONS } as unknown as MinimalJob;
            await queue.backend.moveToCompleted(job, null, true, token, false);
          } catch (error) {
            if (!isStaleJobError(error)) throw error;
            gone += 1;
          }
        }),
      ),
    );
    return gone;
  }

  async count(queues: readonly ChannelQueue[]): Promise<readonly number[]> {
    const pipeline = this.redis.pipeline();
    const dueScore = (Date.now() + 1) * 0x1000 - 1;
    for (const { keyPrefix } of queues) pipeline.llen(`${keyPrefix}wait`).zcount(`${keyPrefix}delayed`, 0, dueScore);
    const counts = ((await pipeline.exec()) ?? []).map(([, count]) => Number(count ?? 0));
    return queues.map((_, i) => (counts[2 * i] ?? 0) + (counts[2 * i + 1] ?? 0));
  }

  private async takeOne({ queue, max }: TakeRequest, token: string): Promise<TakeAnswer> {
    const ids: string[] = [];
    let nextDueAt: number | null = null;
    for (let wave = FIRST_WAVE; ids.length < max; wave *= 2) {
      const asked = Math.min(wave, max - ids.length);
      const answers = await Promise.all(Array.from({ length: asked }, () => queue.backend.moveToActive(token)));
      const found = answers.flatMap((answer) => (typeof answer[1] === 'string' ? [answer[1]] : []));
      ids.push(...found);
      const due = answers.at(-1)?.[3] as unknown;
      nextDueAt = typeof due === 'number' && due > 0 ? due : null;
      if (found.length < asked) break;
    }
    return { ids, waiting: await this.redis.llen(`${queue.keyPrefix}wait`), nextDueAt };
  }
}

function jobJson(job: NewJob, delayMs: number): JobJson {
  return {
    id: job.id,
    name: JOB_NAME,
    data: job.data,
    opts: delayMs > 0 ? { ...JOB_OPTIONS, delay: delayMs } : { ...JOB_OPTIONS },
    progress: 0,
    attemptsMade: 0,
    attemptsStarted: 0,
    stalledCounter: 0,
    timestamp: Date.now(),
    delay: delayMs,
    priority: 0,
    failedReason: '',
    returnvalue: '',
  };
}

/** BullMQ's codes for: no such job, no lock, not active, lock of another. All mean that the job is no longer ours to finish. */
function isStaleJobError(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === -1 || code === -2 || code === -3 || code === -6;
}
