/**
 * What this worker's calls to banks were like since its last report. Calls are counted where they are made (MeteredConnector) and listed
 * here until the next report takes them, at most so many per channel: beyond that every second one is kept, then every fourth.
 */
import type { CallEnded, CallMeter } from '#dispatch';
import type { ChannelId } from '#domain';
import { CALL_ENDS_MAX, type CallClass, type CallReport, type Operation } from '#policy';

interface EndedCall {
  readonly endedMs: number;
  readonly rttMs: number;
  readonly class: CallClass;
  readonly retryAfterMs: number | undefined;
}

/** A call under way: the set keeps them in the order in which they began. */
interface CallUnderWay {
  readonly startedMs: number;
}

class Sampled {
  started = 0;
  ended: EndedCall[] = [];
  endedInAll = 0;
  /** Of the calls that end, every so manieth is listed. */
  private stride = 1;
  readonly underWay = new Set<CallUnderWay>();

  constructor(
    readonly channelId: ChannelId,
    readonly operation: Operation,
  ) {}

  end(call: EndedCall): void {
    if (this.endedInAll % this.stride === 0) {
      if (this.ended.length === CALL_ENDS_MAX) {
        this.ended = this.ended.filter((_, i) => i % 2 === 0);
        this.stride *= 2;
      }
      if (this.endedInAll % this.stride === 0) this.ended.push(call);
    }
    this.endedInAll += 1;
  }

  /** What happened since the last time, `null` where nothing did. */
  take(nowMs: number): CallReport | null {
    const { channelId, ended, endedInAll, operation, started, underWay } = this;
    if (started === 0 && endedInAll === 0 && underWay.size === 0) return null;
    this.started = 0;
    this.ended = [];
    this.endedInAll = 0;
    this.stride = 1;
    return {
      channelId,
      operation,
      started,
      ended: ended.map(({ endedMs, retryAfterMs, rttMs, class: callClass }) => ({
        endedAgoMs: tenths(nowMs - endedMs),
        rttMs: tenths(rttMs),
        class: callClass,
        ...(retryAfterMs !== undefined && { retryAfterMs }),
      })),
      ...(endedInAll > ended.length && { endedInAll }),
      underWayMs: Array.from(underWay, ({ startedMs }) => tenths(nowMs - startedMs)),
    };
  }
}

export class CallSamples implements CallMeter {
  private readonly sampled = new Map<ChannelId, Partial<Record<Operation, Sampled>>>();

  constructor(private readonly monotonicMs: () => number) {}

  began(channelId: ChannelId, operation: Operation): CallEnded {
    const samples = this.of(channelId, operation);
    const call = { startedMs: this.monotonicMs() };
    samples.started += 1;
    samples.underWay.add(call);
    return (callClass, rttMs, retryAfterMs) => {
      if (!samples.underWay.delete(call)) return;
      samples.end({ endedMs: this.monotonicMs(), rttMs, class: callClass, retryAfterMs });
    };
  }

  /** Everything since the last time; begins anew. Channels without a call are left out. */
  take(): readonly CallReport[] {
    const nowMs = this.monotonicMs();
    const reports: CallReport[] = [];
    for (const operations of this.sampled.values()) {
      for (const samples of Object.values(operations)) {
        const report = samples.take(nowMs);
        if (report) reports.push(report);
      }
    }
    return reports;
  }

  /** Calls under way now. */
  underWay(channelId: ChannelId, operation: Operation): number {
    return this.sampled.get(channelId)?.[operation]?.underWay.size ?? 0;
  }

  private of(channelId: ChannelId, operation: Operation): Sampled {
    let operations = this.sampled.get(channelId);
    if (!operations) this.sampled.set(channelId, (operations = {}));
    return (operations[operation] ??= new Sampled(channelId, operation));
  }
}

/** A tenth of a millisecond is finer than any decision, and half the bytes of a double. */
function tenths(ms: number): number {
  return Math.max(Math.round(ms * 10) / 10, 0);
}
