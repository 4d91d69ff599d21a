/**
 * Names in Redis: which queue a channel's lane is, which job a payment is, and what a wake-up says. One place, because producers,
 * workers and operators' tools must agree on them letter by letter.
 *
 * Everything begins with `{sluice}`: the braces are a cluster hash tag, so all queues lie in ONE slot. Given up: spreading queues over
 * the nodes of a Redis cluster (a second Redis per site is how we grow; one serves some 20,000 payments/s). Won: one script call adds,
 * takes or finishes jobs of many channels at once, and a pipeline over all channels is legal everywhere.
 */
import type { ChannelId, PaymentId } from '#domain';
import type { Job, Lane } from '#dispatch';

/** The prefix of every key. Two products on one Redis choose two prefixes; each must be one hash tag. */
export const DEFAULT_PREFIX = '{sluice}';

/** `pay.icbc.quickpay`. BullMQ refuses a colon in a name; channel ids have none. */
export function queueNameOf(lane: Lane, channelId: ChannelId): string {
  return `${lane}.${channelId}`;
}

/**
 * `<paymentId>-<version>`, inquiries with `-i<look>`: adding the same work again while it is queued or being done makes no second job.
 */
export function jobIdOf(lane: Lane, job: Job): string {
  const id = `${job.paymentId}-${job.version}`;
  return lane === 'inquiry' ? `${id}-i${job.look ?? 0}` : id;
}

const JOB_ID = /^(.+?)-(\d{1,9})(?:-i(\d{1,9}))?$/;

/** Reads a job's id back; `null` for an id that is not ours. The id alone says everything, so jobs are taken without their data. */
export function jobOf(jobId: string): Job | null {
  const [, paymentId, version, look] = JOB_ID.exec(jobId) ?? [];
  if (!paymentId || !version) return null;
  const job = { paymentId: paymentId as PaymentId, version: Number(version) };
  return look === undefined ? job : { ...job, look: Number(look) };
}

/** The pub/sub channel on which producers say that there is work. */
export function wakeChannelOf(prefix: string): string {
  return `${prefix}:wake`;
}

/** `count` jobs were added to a queue; they are due in `delayMs` (0: now). Count 0: look again, something was opened. */
export interface WakeUp {
  readonly lane: Lane;
  readonly channelId: ChannelId;
  readonly count: number;
  readonly delayMs: number;
}

/** `pay icbc.quickpay 12 0,inquiry cmb.gateway 1 2000`: one message for a whole batch. */
export function formatWakeUps(wakeUps: readonly WakeUp[]): string {
  return wakeUps.map((wake) => `${wake.lane} ${wake.channelId} ${wake.count} ${wake.delayMs}`).join(',');
}

/** Reads a message; parts that make no sense are left out, since anybody can publish. */
export function parseWakeUps(message: string): readonly WakeUp[] {
  return message.split(',').flatMap((part) => {
    const found = /^(pay|inquiry) (\S{1,64}) (\d{1,6}) (\d{1,9})$/.exec(part);
    if (!found) return [];
    const [, lane, channelId, count, delayMs] = found;
    return [{ lane: lane as Lane, channelId: channelId as ChannelId, count: Number(count), delayMs: Number(delayMs) }];
  });
}
