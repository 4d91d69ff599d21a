/**
 * Where does a payment that waits stand now? It began behind so many, and what the channel drains has left since; who came after it does
 * not matter. What a newcomer would be told bounds it from above.
 *
 *   ahead = min( newcomer's, ahead at its acceptance − drain × time waited )
 */
import type { EpochMs, Payment, QueuePlace } from '#domain';
import { etaOf } from './advise-payer';
import type { FlowView } from './ports/flow-view';

/** @param now wall clock. @returns null where it does not wait, or nobody can tell */
export function placeInQueue({ acceptance, head }: Payment, flow: FlowView, now: EpochMs): QueuePlace | null {
  if (head.state !== 'queued') return null;
  const channel = flow.get(head.channelId);
  const newcomer = flow.expect(head.channelId);
  if (!channel || !newcomer) return null;
  const { drainPerSecond, opensInMs } = channel.wait;
  const { pointMs, roundTripMs } = newcomer;
  // Its first place is known only while it is where it was accepted.
  const began = head.version === 1 && acceptance?.queue ? acceptance.queue.ahead : newcomer.ahead;
  const drained = (drainPerSecond * Math.max(0, now - head.queuedAt)) / 1_000;
  const ahead = Math.min(newcomer.ahead, Math.max(0, Math.ceil(began - drained)));
  const queueMs = Math.max(0, pointMs - roundTripMs - opensInMs) * (newcomer.ahead > 0 ? ahead / newcomer.ahead : 0);
  // Corrected as the newcomer's forecast is.
  const part = pointMs > 0 ? (queueMs + opensInMs + roundTripMs) / pointMs : 1;
  const etaMs = etaOf({ p50Ms: newcomer.p50Ms * part, p90Ms: newcomer.p90Ms * part });
  return { ahead, etaMs, asOf: Math.floor(now - (flow.ageMs() ?? 0)) };
}
