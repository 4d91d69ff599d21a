/**
 * I10: in no sliding second does a channel get more payments than its contract allows, as the bank saw them arrive. The contract's
 * burst stands beside its rate: a bucket of `burst` tokens, refilled at the rate, gives at most their sum in any second.
 */
import type { ContractLimit, Receipt } from './books';
import type { Breach } from './invariant';

const WINDOW_MS = 1_000;

export class WithinLimits {
  private readonly channels = new Map<
    string,
    { limit: ContractLimit; times: number[]; from: number; worst: Worst | null }
  >();
  private checked = 0;

  constructor(limits: readonly ContractLimit[]) {
    for (const limit of limits) this.channels.set(limit.channelId, { limit, times: [], from: 0, worst: null });
  }

  /** Arrivals of one channel come in the order of time. */
  add(receipt: Receipt): void {
    const channel = this.channels.get(receipt.channel);
    if (channel === undefined || receipt.operation !== 'pay') return;
    this.checked += 1;
    const { times } = channel;
    times.push(receipt.atMs);
    while (times[channel.from]! <= receipt.atMs - WINDOW_MS) channel.from += 1;
    // What has left the window is cut off now and then, so that memory holds a window and not a run.
    if (channel.from > 4_096) {
      times.splice(0, channel.from);
      channel.from = 0;
    }
    const arrived = times.length - channel.from;
    const allowed = channel.limit.ratePerSecond + channel.limit.burst;
    if (arrived > allowed && arrived > (channel.worst?.arrived ?? 0)) {
      channel.worst = { arrived, allowed, untilMs: receipt.atMs };
    }
  }

  /** One breach per channel, of its worst second. */
  finish(): { breaches: Breach[]; compared: number } {
    const breaches = [...this.channels].flatMap(([channel, { worst }]): Breach[] =>
      worst === null
        ? []
        : [
            {
              invariant: 'I10',
              rule: 'rate_above_contract',
              evidence: { channel, arrived: worst.arrived, allowed: worst.allowed, second_until_ms: worst.untilMs },
            },
          ],
    );
    return { breaches, compared: this.checked };
  }
}

interface Worst {
  readonly arrived: number;
  readonly allowed: number;
  readonly untilMs: number;
}
