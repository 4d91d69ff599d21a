/**
 * What Redis is told to hold over all workers together, from the controller's word: a whole number of jobs in hand, or a pause. The limit
 * itself is held before the bank, by each worker's part of it; what Redis holds bounds what all may have taken for it.
 */
import { type ChannelId, effectOf } from '#domain';
import type { ChannelRegistry } from '#dispatch';
import type { FlowSnapshot } from '#policy';
import type { ValveSetting } from '#queue';
import { handsFor } from '../pace/channel-paces';

/** @param ghostsOf jobs that Redis counts as in work and nobody has */
export function valveSettings(
  snapshot: FlowSnapshot,
  channels: Pick<ChannelRegistry, 'get'>,
  ghostsOf: (channelId: ChannelId) => number,
): readonly ValveSetting[] {
  return snapshot.channels.flatMap((flow) => {
    const entry = channels.get(flow.channelId);
    if (!entry) return [];
    const held = !entry.channel.enabled || !effectOf(entry.order).sends;
    const dead = flow.breaker.state === 'open' || flow.breaker.state === 'isolated';
    const limit = handsFor(Math.min(flow.limits.pay.effective, entry.limits.inFlightMax));
    // Redis would count the dead among the living.
    const ghosts = limit > 0 ? ghostsOf(flow.channelId) : 0;
    return [{ channelId: flow.channelId, limit: limit + ghosts, paused: held || dead }];
  });
}

/** Those that differ from what was told last. */
export function changedSettings(
  settings: readonly ValveSetting[],
  told: readonly ValveSetting[],
): readonly ValveSetting[] {
  const before = new Map(told.map((one) => [one.channelId, one]));
  return settings.filter((one) => {
    const known = before.get(one.channelId);
    return known?.limit !== one.limit || known.paused !== one.paused;
  });
}
