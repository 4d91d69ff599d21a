/**
 * I10: in no sliding second does a channel get more payments than its contract allows, and at no moment are more of them at the bank, as
 * the bank saw them come and go. The contract's burst stands beside its rate: a bucket of `burst` tokens, refilled at the rate, gives at
 * most their sum in any second. A payment is at the bank until its answer has left or its caller has hung up.
 */
import type { ContractLimit, Receipt } from './books';
import type { Breach } from './invariant';

const WINDOW_MS = 1_000;

export class WithinLimits {
  private readonly channels = new Map<
    string,
    { limit: ContractLimit; times: number[]; from: number; worst: Worst | null; inside: number; most: Worst | null }
  >();
  private checked = 0;

  constructor(limits: readonly ContractLimit[]) {
    for (const limit of limits)
      this.channels.set(limit.channelId, { limit, times: [], from: 0, worst: null, inside: 0, most: null });
  }

  /** Arrivals of one channel come in the order of time. */
  add(receipt: Receipt): void {
    if (receipt.what === 'banks_started') {
      for (const each of this.channels.values()) each.inside = 0;
      return;
    }
    const channel = this.channels.get(receipt.channel);
    if (channel === undefined || receipt.operation !== 'pay') return;
    if (receipt.what === 'ended') {
      channel.inside = Math.max(0, channel.inside - 1);
      return;
    }
    this.checked += 1;
    channel.inside += 1;
    const { inFlightMax } = channel.limit;
    if (channel.inside > inFlightMax && channel.inside > (channel.most?.arrived ?? 0)) {
      channel.most = { arrived: channel.inside, allowed: inFlightMax, untilMs: receipt.atMs };
    }
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

  /** At most two breaches per channel, of its worst second and of its worst moment. */
  finish(): { breaches: Breach[]; compared: number } {
    const breaches = [...this.channels].flatMap(([channel, { worst, most }]): Breach[] => [
      ...(worst === null
        ? []
        : [
            breach('rate_above_contract', {
              channel,
              arrived: worst.arrived,
              allowed: worst.allowed,
              second_until_ms: worst.untilMs,
            }),
          ]),
      ...(most === null
        ? []
        : [
            breach('in_flight_above_ceiling', {
              channel,
              at_once: most.arrived,
              allowed: most.allowed,
              at_ms: most.untilMs,
            }),
          ]),
    ]);
    return { breaches, compared: this.checked };
  }
}

function breach(rule: string, evidence: Record<string, unknown>): Breach {
  return { invariant: 'I10', rule, evidence };
}

interface Worst {
  readonly arrived: number;
  readonly allowed: number;
  readonly untilMs: number;
}
