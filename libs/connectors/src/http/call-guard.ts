/**
 * The guard before each bank call: one opossum breaker per channel, which never decides anything by itself.
 *
 * The policy owns the state of a channel's breaker: it is shared by all workers, survives restarts and runs in the simulator. Two
 * owners would disagree, so opossum is only the actuator here: it can neither trip (its threshold is out of reach, and our calls
 * never reject) nor close again (the reset timer is its longest, and should it ring, the guard opens it anew).
 *
 * Left out on purpose, each seen to do harm in opossum 10: `capacity` (a full one opens the breaker of a healthy bank),
 * `timeout` (BankCall has the one deadline), percentiles (each failure sorts the latency window: 84 to 644 µs).
 */
import type { ChannelId } from '#domain';
import type { BreakerStateName } from '#policy';
import CircuitBreaker from 'opossum';

/** Longest delay of Node's timers, 24.8 days. */
const NEVER_MS = 2 ** 31 - 1;

type Call = () => Promise<unknown>;

export class CallGuard {
  private readonly breakers = new Map<ChannelId, CircuitBreaker<[Call]>>();

  /**
   * What the policy's breaker says. Open and isolated: every guarded call of the channel is refused from now on; those under way run to
   * their end. Else calls go through; how many while it is half open or ramping is for the permits. Saying it again changes nothing.
   */
  command(channelId: ChannelId, state: BreakerStateName): void {
    const refuses = state === 'open' || state === 'isolated';
    if (refuses === this.isOpen(channelId)) return;
    if (refuses) this.breakerOf(channelId).open();
    else this.breakerOf(channelId).close();
  }

  isOpen(channelId: ChannelId): boolean {
    return this.breakers.get(channelId)?.closed === false;
  }

  /** Runs the call, or answers `refused` at once. Half a microsecond when closed; when open, opossum's error object is never built. */
  run<Result>(channelId: ChannelId, call: () => Promise<Result>, refused: () => Result): Promise<Result> {
    const breaker = this.breakerOf(channelId);
    if (!breaker.closed) return Promise.resolve(refused());
    return breaker.fire(call) as Promise<Result>;
  }

  /** Ends opossum's timers. */
  shutdown(): void {
    for (const breaker of this.breakers.values()) breaker.shutdown();
    this.breakers.clear();
  }

  private breakerOf(channelId: ChannelId): CircuitBreaker<[Call]> {
    const known = this.breakers.get(channelId);
    if (known) return known;
    const breaker = new CircuitBreaker((call: Call) => call(), {
      name: channelId,
      timeout: false,
      volumeThreshold: Number.MAX_SAFE_INTEGER,
      resetTimeout: NEVER_MS,
      rollingPercentilesEnabled: false,
      // One bucket that hardly ever turns: the counts are nobody's business here, and ten buckets turn every second per channel.
      rollingCountTimeout: NEVER_MS,
      rollingCountBuckets: 1,
    });
    breaker.on('halfOpen', () => breaker.open());
    this.breakers.set(channelId, breaker);
    return breaker;
  }
}
