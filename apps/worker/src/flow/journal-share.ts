/**
 * While Redis is gone, which queued payments are this worker's to claim first? Nobody hands them out, and all workers read the same list:
 * two that begin at its top would each do what the other does, and half of it for nothing (the journal lets one send). So each begins with
 * a part of its own, by a hash of the payment; the parts come from the workers in the controller's last word.
 *
 * A worker that has died since leaves its part to those who are done with theirs.
 */
import type { QueuedPayment } from '#dispatch';
import type { FollowedFlow } from '#redis';

export function journalShareOf(
  workerId: string,
  flow: Pick<FollowedFlow, 'channel'>,
): (payment: QueuedPayment) => boolean {
  return ({ channelId, paymentId }) => {
    const workers = Object.keys(flow.channel(channelId)?.workers ?? {}).sort();
    const place = workers.indexOf(workerId);
    return place < 0 || hashOf(paymentId) % workers.length === place;
  };
}

/** FNV-1a, 32 bits: ids of one moment differ in a few characters only, and must not fall to one worker. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}
