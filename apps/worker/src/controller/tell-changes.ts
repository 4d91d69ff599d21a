/** What changed from one snapshot to the next that a person on call would want to read in the log. */
import type { Log } from '#dispatch';
import type { ChannelFlow, FlowSnapshot } from '#policy';

export function tellChanges(before: FlowSnapshot | null, now: FlowSnapshot, log: Log): void {
  const known = new Map(before?.channels.map((channel) => [channel.channelId, channel]));
  for (const channel of now.channels) {
    const previous = known.get(channel.channelId);
    if (previous) tellOf(previous, channel, log);
  }
}

function tellOf(before: ChannelFlow, now: ChannelFlow, log: Log): void {
  const { breaker, channelId, hold, level, limits } = now;
  const facts = { channel: channelId, limit: limits.pay.effective, backlog: now.backlog };
  if (breaker.state !== before.breaker.state) {
    const shut = breaker.state === 'open' || breaker.state === 'isolated';
    const say = shut ? log.warn.bind(log) : log.info.bind(log);
    say(`Breaker of ${channelId}: ${before.breaker.state} → ${breaker.state}`, { ...facts, reason: breaker.reason });
  }
  if (hold !== before.hold) log.info(`Order on ${channelId}: ${before.hold ?? 'none'} → ${hold ?? 'none'}`, facts);
  if (level !== before.level) {
    log.info(`Level of ${channelId}: ${before.level} → ${level}`, { ...facts, reason: now.reason });
  }
}
