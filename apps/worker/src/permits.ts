/**
 * How many calls one worker may have under way, and what Redis is told to hold over all workers together.
 *
 * Today the ceiling is the operator's; the adaptive limit of issue 5 takes its place here.
 */
import type { ChannelRegistry, Lane } from '#dispatch';
import type { ChannelId } from '#domain';
import type { ValveSetting } from '#queue';
import type { GivingBackChannel } from './care/give-back-loop';

/** Inquiries have permits of their own, which payments cannot fill: a tenth of the ceiling, at least four. */
const INQUIRY_SHARE = 0.1;
const INQUIRY_MIN = 4;

/**
 * While Redis is gone nobody holds the sum over all workers, so each keeps to a share. Two workers are what the compose file runs; a
 * third would exceed the ceiling by half until Redis is back. Leases by the controller replace this with issue 5.
 */
const WORKERS_ASSUMED = 2;

/** Reversals and refunds too: a twentieth, at least two, so that a slow one does not hold up the next. */
const GIVING_BACK_SHARE = 0.05;
const GIVING_BACK_MIN = 2;

/** What this worker may have under way of money that goes back. A closed channel too must be asked to undo what it has. */
export function givingBackChannels(channels: ChannelRegistry): readonly GivingBackChannel[] {
  return channels.all().map(({ channel, limits }) => ({
    channelId: channel.id,
    permits: Math.max(GIVING_BACK_MIN, Math.floor(limits.inFlightMax * GIVING_BACK_SHARE)),
    timeoutMs: limits.timeoutMs,
  }));
}

/** @returns permits of this worker by lane and channel; 0 closes it */
export function permitsOf(
  channels: ChannelRegistry,
  redisAvailable: () => boolean,
  journalAvailable: () => boolean,
): (lane: Lane, channelId: ChannelId) => number {
  return (lane, channelId) => {
    const entry = channels.get(channelId);
    if (!entry || !journalAvailable()) return 0;
    const { inFlightMax } = entry.limits;
    // A closed channel is sent no money, but may still be asked.
    if (lane === 'inquiry') return Math.max(INQUIRY_MIN, Math.floor(inFlightMax * INQUIRY_SHARE));
    if (!entry.channel.enabled) return 0;
    return redisAvailable() ? inFlightMax : Math.floor(inFlightMax / WORKERS_ASSUMED);
  };
}

/** The same ceilings, as Redis holds them over all workers. */
export function valveSettings(channels: ChannelRegistry): readonly ValveSetting[] {
  return channels.all().map(({ channel, limits }) => ({
    channelId: channel.id,
    limit: limits.inFlightMax,
    paused: !channel.enabled,
  }));
}
