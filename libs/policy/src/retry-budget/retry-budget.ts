/**
 * May one more try of our own go to this channel? Second tries and reroutes are load that nobody asked for, and they come when a bank is
 * worst. So they are at most a tenth of what a channel gets, counted over the last ten seconds; one that has no room for them is not the
 * place to go. A quiet channel takes a few all the same, or the first payment of the night could not be rerouted.
 *
 *   retries + 1 ≤ 0.1 × (first tries + retries + 1), or ≤ 3          in any ten seconds
 */
import type { ChannelId } from '#domain';

/** A tenth, as Envoy's and Finagle's retry budgets (20 %) halved: banks bill and block what shops' servers shrug off. */
const RETRY_SHARE = 0.1;
/** In ten quiet seconds so many may always go. */
const RETRIES_MIN = 3;
const SECONDS = 10;

interface Second {
  second: number;
  first: number;
  again: number;
}

export class RetryBudget {
  private readonly channels = new Map<ChannelId, Second[]>();

  /** A payment's first try goes to this channel. */
  tried(channelId: ChannelId, nowMs: number): void {
    this.at(channelId, nowMs).first += 1;
  }

  /** Takes room for one more try, if there is. @returns false: the channel gets none now */
  mayRetry(channelId: ChannelId, nowMs: number): boolean {
    const second = this.at(channelId, nowMs);
    let first = 0;
    let again = 0;
    for (const one of this.channels.get(channelId)!) {
      if (one.second <= second.second - SECONDS || one.second > second.second) continue;
      first += one.first;
      again += one.again;
    }
    if (again + 1 > Math.max(RETRIES_MIN, RETRY_SHARE * (first + again + 1))) return false;
    second.again += 1;
    return true;
  }

  private at(channelId: ChannelId, nowMs: number): Second {
    let ring = this.channels.get(channelId);
    if (!ring) {
      // One more than is counted, so that the second that begins does not take the place of one that still counts.
      ring = Array.from({ length: SECONDS + 1 }, () => ({ second: -1, first: 0, again: 0 }));
      this.channels.set(channelId, ring);
    }
    const second = Math.floor(nowMs / 1_000);
    const one = ring[second % ring.length]!;
    if (one.second !== second) Object.assign(one, { second, first: 0, again: 0 });
    return one;
  }
}
