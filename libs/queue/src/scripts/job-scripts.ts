/**
 * The three steps a job takes in Redis: added, taken, finished. Two implementations: BullMQ's own scripts, one job a call, and ours, one
 * call for all jobs of a tick (a third of the cost, notes in ARCHITECTURE.md). A suite holds both to the same keys.
 */
import type { ChannelQueue } from '../channel-queues';
import type { WakeUp } from '../queue-names';

export interface NewJob {
  readonly id: string;
  /** JSON, ids only. */
  readonly data: string;
}

export interface AddBatch {
  readonly queue: ChannelQueue;
  /** 0: now. */
  readonly delayMs: number;
  readonly jobs: readonly NewJob[];
}

export interface TakeRequest {
  readonly queue: ChannelQueue;
  readonly max: number;
}

export interface TakeAnswer {
  readonly ids: readonly string[];
  /** Jobs that still wait, for a permit or for the channel's limit. */
  readonly waiting: number;
  /** When the next delayed job is due, epoch ms; `null` if there is none. */
  readonly nextDueAt: number | null;
}

export interface FinishBatch {
  readonly queue: ChannelQueue;
  readonly ids: readonly string[];
}

export interface JobScripts {
  /** Adds the jobs (those that exist already are left alone), then wakes the workers. @throws if Redis did not confirm all of it */
  add(batches: readonly AddBatch[], wakeUps: readonly WakeUp[]): Promise<void>;
  /** For each request up to `max` jobs, locked for `token`; never above the queue's limit, none while it is paused. @throws */
  take(requests: readonly TakeRequest[], token: string): Promise<readonly TakeAnswer[]>;
  /** Removes jobs that `token` holds. @returns how many were not held any more (wiped, or taken over after a lock ran out). @throws */
  finish(batches: readonly FinishBatch[], token: string): Promise<number>;
  /** How many jobs of each queue wait or are due. @throws */
  count(queues: readonly ChannelQueue[]): Promise<readonly number[]>;
}

/** What each job says about itself to BullMQ. Kept jobs would swallow an add with their id, hence removal in both cases. */
export const JOB_OPTIONS = { removeOnComplete: true, removeOnFail: true, attempts: 1 } as const;
export const JOB_NAME = 'payment';
