/**
 * The work queue (BullMQ on Redis): a fast hint, never a record. Everything in it can be rebuilt from the journal, so a lost, repeated
 * or wiped job harms nothing. Jobs carry ids only.
 */
import type { ChannelId, PaymentId } from '#domain';

/** What a job asks for. Inquiries have a lane of their own, which payments cannot fill. */
export type Lane = 'pay' | 'inquiry';

/** Ids only. The job's own id is `<paymentId>-<version>` (inquiries: with the look's number), so a repeated add is one job. */
export interface Job {
  readonly paymentId: PaymentId;
  readonly version: number;
  /**
   * Which inquiry about this version it is (default 0). An inquiry that orders the next one while it is itself in work needs another
   * number: an add with the id of a job that exists makes no job.
   */
  readonly look?: number;
}

export interface WorkQueue {
  /**
   * Adds a job, for at most 200 ms: the payment is already accepted, and the sweeper repairs a failed add.
   * @param delayMs not before; a hint like all of this
   * @returns whether Redis said it is there. `false` changes nothing about the payment.
   */
  add(lane: Lane, channelId: ChannelId, job: Job, delayMs?: number): Promise<boolean>;
}
