/**
 * How much of a channel's contract may this worker send? What the controller leased it, tightened with age, never above what the operator
 * allows; the leases of all workers add up to the contract.
 *
 * A worker that the controller has not met yet sends nothing while a controller speaks: its lease comes within two of its words, and until
 * then the others hold all of the rate. Where none has spoken for a while (Redis is away) it takes a tenth: what comes on top of the others'.
 */
import type { ChannelRegistry } from '#dispatch';
import type { ChannelId } from '#domain';
import { LEASE_FULL_MS, leaseAfter } from '#policy';
import type { FollowedFlow } from '#redis';
import type { PaceShare } from './channel-paces';

const NEWCOMER_SHARE = 0.1;
const NOTHING: PaceShare = { ratePerSecond: 0, burst: 1 };

export function rateShareOf(
  workerId: string,
  channels: Pick<ChannelRegistry, 'get'>,
  flow: Pick<FollowedFlow, 'channel' | 'ageMs'>,
  monotonicMs: () => number,
): (channelId: ChannelId) => PaceShare {
  const startedMs = monotonicMs();
  return (channelId) => {
    const entry = channels.get(channelId);
    if (!entry || entry.limits.ratePerSecond < 1) return NOTHING;
    const { burst, ratePerSecond: contract } = entry.limits;
    const lease = flow.channel(channelId)?.workers[workerId];
    const ageMs = flow.ageMs();
    const silentMs = Math.min(ageMs, monotonicMs() - startedMs);
    const newcomer = silentMs < LEASE_FULL_MS ? 0 : Math.max(1, Math.floor(contract * NEWCOMER_SHARE));
    const leased = lease ? leaseAfter(lease, ageMs).ratePerSecond : newcomer;
    const ratePerSecond = Math.min(leased, contract);
    return { ratePerSecond, burst: Math.max(1, Math.floor((burst * ratePerSecond) / contract)) };
  };
}
