/**
 * The three steps by scripts of our own on BullMQ's keys: one call for all jobs of a tick, whatever their channels. BullMQ is pinned to
 * the version whose keys these scripts know; `scripts.int.spec.ts` compares every key with what BullMQ's own scripts leave behind.
 * One call has all keys in one slot because every key carries the same hash tag (queue-names.ts).
 */
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { ChannelQueue } from '../channel-queues';
import { formatWakeUps, wakeChannelOf, type WakeUp } from '../queue-names';
import { ADD_JOBS } from './add-jobs.lua';
import { COUNT_JOBS } from './count-jobs.lua';
import { FINISH_JOBS } from './finish-jobs.lua';
import {
  JOB_NAME,
  JOB_OPTIONS,
  type AddBatch,
  type FinishBatch,
  type JobScripts,
  type TakeAnswer,
  type TakeRequest,
} from './job-scripts';
import { StockScripts } from './stock-scripts';
import { TAKE_JOBS } from './take-jobs.lua';

const SHA1 = new Map(
  [ADD_JOBS, TAKE_JOBS, FINISH_JOBS, COUNT_JOBS].map((lua) => [lua, createHash('sha1').update(lua).digest('hex')]),
);
const OPTIONS_JSON = JSON.stringify(JOB_OPTIONS);

export class BatchedScripts implements JobScripts {
  private readonly stock: StockScripts;
  private readonly wakeChannel: string;

  constructor(
    private readonly redis: Redis,
    prefix: string,
    private readonly lockDurationMs: number,
  ) {
    this.stock = new StockScripts(redis, prefix);
    this.wakeChannel = wakeChannelOf(prefix);
  }

  /** Delayed jobs are few (first inquiries) and go BullMQ's way. */
  async add(batches: readonly AddBatch[], wakeUps: readonly WakeUp[]): Promise<void> {
    const now = batches.filter((batch) => batch.delayMs === 0);
    const later = batches.filter((batch) => batch.delayMs > 0);
    const woken = (due: boolean): readonly WakeUp[] => wakeUps.filter((wake) => (wake.delayMs === 0) === due);
    await Promise.all([
      now.length > 0 ? this.addNow(now, woken(true)) : undefined,
      later.length > 0 ? this.stock.add(later, woken(false)) : undefined,
    ]);
  }

  async take(requests: readonly TakeRequest[], token: string): Promise<readonly TakeAnswer[]> {
    const keys = requests.map((request) => request.queue.keyPrefix);
    const most = requests.map((request) => request.max);
    const answers = await this.run(TAKE_JOBS, keys, [Date.now(), token, this.lockDurationMs, ...most]);
    return (answers as [number, number, ...string[]][]).map(([waiting, due, ...ids]) => ({
      ids,
      waiting,
      nextDueAt: due > 0 ? due : null,
    }));
  }

  async finish(batches: readonly FinishBatch[], token: string): Promise<number> {
    const keys = batches.map((batch) => batch.queue.keyPrefix);
    const args = batches.flatMap((batch) => [batch.ids.length, ...batch.ids]);
    return Number(await this.run(FINISH_JOBS, keys, [token, ...args]));
  }

  async count(queues: readonly ChannelQueue[]): Promise<readonly number[]> {
    const keys = queues.map((queue) => queue.keyPrefix);
    return (await this.run(COUNT_JOBS, keys, [Date.now()])) as number[];
  }

  private async addNow(batches: readonly AddBatch[], wakeUps: readonly WakeUp[]): Promise<void> {
    const args: (string | number)[] = [Date.now(), JOB_NAME, OPTIONS_JSON, formatWakeUps(wakeUps)];
    for (const batch of batches) {
      args.push(batch.queue.keyPrefix, batch.jobs.length);
      for (const job of batch.jobs) args.push(job.id, job.data);
    }
    await this.run(ADD_JOBS, [this.wakeChannel], args);
  }

  /** Redis forgets scripts when it restarts; NOSCRIPT means that nothing was done, so sending the text is safe. */
  private async run(lua: string, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await this.redis.evalsha(SHA1.get(lua) ?? '', keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return this.redis.eval(lua, keys.length, ...keys, ...args);
    }
  }
}
