/** The consuming side of the work queue: jobs are taken only when there is a permit for them, never held in a worker's hands. */
import type { ChannelId } from '#domain';
import type { Job, Lane } from './work-queue';

/** A job this worker holds. It must be finished; if the worker dies, the lock runs out and another one gets it. */
export interface TakenJob extends Job {
  readonly lane: Lane;
  readonly channelId: ChannelId;
  /** The queue's own handle of the job and the lock on it. */
  readonly handle: unknown;
}

export interface JobSource {
  /** Up to `max` jobs of one channel and lane, in the queue's order; empty when there is none or the queue cannot be reached. */
  take(lane: Lane, channelId: ChannelId, max: number): Promise<readonly TakenJob[]>;
  /** The work is done, or was found done: the jobs leave the queue. Failing to say so is harmless: a duplicate job is. */
  finish(jobs: readonly TakenJob[]): Promise<void>;
  /** Somebody added a job to this channel and lane. Hints get lost; a slow poll covers that. */
  onWake(listener: (lane: Lane, channelId: ChannelId) => void): void;
  /** Whether Redis answers now. While it does not, workers claim from the journal. */
  available(): boolean;
}
