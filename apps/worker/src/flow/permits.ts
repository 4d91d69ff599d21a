/**
 * How many calls this worker may have under way: its lease from the controller, tightened with age, never above the operator's ceiling,
 * and nothing where an operator has stopped the channel.
 *
 *   lease (its part of what the controller found) ── leaseAfter(age) ──┐
 *   operator's ceiling, from PostgreSQL ───────────────────────────────┴─▶ least ──▶ permits
 *
 * The leases of all workers add up to the limit, so it holds whatever becomes of Redis; where Redis works it holds the sum as well, in
 * the step that hands out a job. Stops come from PostgreSQL and are looked at for every decision (money.md section 4).
 */
import type { ChannelEntry, ChannelRegistry } from '#dispatch';
import { type ChannelId, effectOf } from '#domain';
import { type ChannelFlow, LEASE_FULL_MS, type Operation, leaseAfter } from '#policy';
import type { FollowedFlow } from '#redis';
import type { GivingBackChannel } from '../care/give-back-loop';

/**
 * Part of the limit for a worker that the controller has not given a lease, where none has spoken for a while: Redis is away, and the
 * others may have leases for the whole, so this comes on top: the over-commitment that design.md allows. While a controller speaks it has
 * nothing: its lease comes within two words.
 */
const NEWCOMER_SHARE = 0.1;

/** Inquiries and money that goes back are never shed: one call may always be under way, while the channel may be asked at all. */
const CARE_MIN = 1;

/** As the newcomer's, for what has reserved shares and costs a bank little: a few may ask at once. */
const NEWCOMER_CARE = 4;

export interface PermitsParts {
  readonly workerId: string;
  readonly channels: ChannelRegistry;
  readonly flow: Pick<FollowedFlow, 'channel' | 'ageMs'>;
  readonly monotonicMs: () => number;
  /** Whether PostgreSQL takes a dispatch now. */
  readonly journalAvailable: () => boolean;
}

export class Permits {
  private readonly startedMs: number;

  constructor(private readonly parts: PermitsParts) {
    this.startedMs = parts.monotonicMs();
  }

  /** @returns calls of this worker that may be under way; 0 closes the operation */
  of(operation: Operation, channelId: ChannelId): number {
    const entry = this.parts.channels.get(channelId);
    if (!entry || !this.parts.journalAvailable()) return 0;
    const { asks, sends } = effectOf(entry.order);
    // A channel that is closed to payments is sent no money, but may still be asked about what it has, and undone.
    if (operation === 'pay') return sends && entry.channel.enabled ? this.pay(entry) : 0;
    return asks ? this.care(operation, channelId) : 0;
  }

  /** What this worker may have under way of money that goes back, channel by channel. */
  givingBack(): readonly GivingBackChannel[] {
    return this.parts.channels.all().map(({ channel, limits }) => ({
      channelId: channel.id,
      permits: this.of('giving_back', channel.id),
      timeoutMs: limits.timeoutMs,
    }));
  }

  private pay({ channel, limits }: ChannelEntry): number {
    const flow = this.parts.flow.channel(channel.id);
    const leased = this.leased(flow, 'pay');
    if (leased !== null) return Math.min(leased, limits.inFlightMax);
    const { flow: followed, monotonicMs } = this.parts;
    const silentMs = Math.min(followed.ageMs(), monotonicMs() - this.startedMs);
    if (silentMs < LEASE_FULL_MS) return 0;
    const whole = Math.min(flow?.limits.pay.effective ?? limits.inFlightMax, limits.inFlightMax);
    return whole === 0 ? 0 : Math.max(Math.floor(whole * NEWCOMER_SHARE), 1);
  }

  private care(operation: 'inquiry' | 'giving_back', channelId: ChannelId): number {
    return Math.max(this.leased(this.parts.flow.channel(channelId), operation) ?? NEWCOMER_CARE, CARE_MIN);
  }

  /** `null`: the controller has given this worker no lease. */
  private leased(flow: ChannelFlow | null, operation: Operation): number | null {
    const lease = flow?.workers[this.parts.workerId];
    return lease ? leaseAfter(lease, this.parts.flow.ageMs()).inFlight[operation] : null;
  }
}
