/**
 * The worker's own view of the queue: what Redis does not take, the worker takes into its own hands, if it has a permit. So the
 * sweeper's finds and the follow-up inquiries go on while Redis is gone. What nobody takes stays due in the journal.
 */
import type { Job, Lane, WorkQueue } from '#dispatch';
import type { ChannelId } from '#domain';
import type { PumpJob } from './pump/pump';

export class HandsOnQueue implements WorkQueue {
  /** @param offer takes the job now, or says that there is no permit for it */
  constructor(
    private readonly redis: WorkQueue,
    private readonly offer: (job: PumpJob) => boolean,
  ) {}

  async add(lane: Lane, channelId: ChannelId, job: Job, delayMs = 0): Promise<boolean> {
    if (await this.redis.add(lane, channelId, job, delayMs)) return true;
    // What is meant for later is left to the sweeper: the journal knows when.
    return delayMs === 0 && this.offer({ ...job, lane, channelId });
  }
}
