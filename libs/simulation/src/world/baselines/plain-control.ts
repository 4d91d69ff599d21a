// What would a team write by hand? A number per channel that says how many calls may be under way, doors that let everybody in, workers that
// send what the queue hands out. The baselines differ in how that number is found and in where refused payers are sent; all of them get the
// same reports, with the same delays, as Sluice does.
import type { ChannelId } from '#domain';
import type { CallClass, DoorReport } from '#policy';
import type { Random } from '../../prng';
import type {
  ChannelFacts,
  Control,
  ControllerMind,
  DoorMind,
  Offer,
  SiteFacts,
  StepInput,
  WorkerMind,
} from '../control';

/** What the controller publishes. */
export interface PlainWord {
  readonly limits: ReadonlyMap<ChannelId, number>;
  /** Predicted wait by channel, ms: what the best-looking channel is chosen by. */
  readonly waitMs: ReadonlyMap<ChannelId, number>;
  readonly atMs: number;
}

/** One call that ended, on the controller's clock. */
export interface EndedSample {
  readonly startedMs: number;
  readonly endedMs: number;
  readonly rttMs: number;
  readonly class: CallClass;
}

/** Finds one channel's limit. */
export interface PlainLimiter {
  /** @param inFlight calls under way as last reported. @returns calls that may be under way */
  step(nowMs: number, ended: readonly EndedSample[], inFlight: number): number;
}

export interface PlainHabits {
  readonly name: string;
  /** Whether what has waited longer than the operator's longest wait is dropped unsent. */
  readonly boundsQueue: boolean;
  readonly limiter: (facts: ChannelFacts) => PlainLimiter;
}

export function plainControl(habits: PlainHabits): Control<PlainWord> {
  return {
    name: habits.name,
    dropsAfterMs: ({ longestWaitMs }) => (habits.boundsQueue ? longestWaitMs : Infinity),
    controller: (site) => new PlainController(site, habits),
    door: (_, doorId) => new OpenDoor(doorId),
    worker: () =>
      ({
        heard: { term: 0, seq: 0 },
        hear: () => undefined,
        nextSendMs: () => 0,
        sent: () => undefined,
      }) satisfies WorkerMind<PlainWord>,
    limit: (word, channelId) => word.limits.get(channelId) ?? 0,
  };
}

class PlainController implements ControllerMind<PlainWord> {
  private readonly limiters: ReadonlyMap<ChannelId, PlainLimiter>;
  private readonly inFlight = new Map<string, number>();

  constructor(
    private readonly site: SiteFacts,
    habits: PlainHabits,
  ) {
    this.limiters = new Map(site.channels.map((facts) => [facts.id, habits.limiter(facts)]));
  }

  step(input: StepInput, _random: Random): PlainWord {
    const ended = new Map<ChannelId, EndedSample[]>();
    for (const { report, receivedMs } of input.workers) {
      for (const calls of report.calls) {
        this.inFlight.set(`${calls.channelId} ${report.workerId}`, calls.underWayMs.length);
        const samples = ended.get(calls.channelId) ?? [];
        for (const { endedAgoMs, rttMs, class: kind } of calls.ended) {
          const endedMs = receivedMs - endedAgoMs;
          samples.push({ startedMs: endedMs - rttMs, endedMs, rttMs, class: kind });
        }
        ended.set(calls.channelId, samples);
      }
    }
    const limits = new Map<ChannelId, number>();
    for (const { id } of this.site.channels) {
      const inFlight = this.site.workerIds.reduce(
        (sum, worker) => sum + (this.inFlight.get(`${id} ${worker}`) ?? 0),
        0,
      );
      const samples = (ended.get(id) ?? []).sort((a, b) => a.endedMs - b.endedMs);
      limits.set(id, this.limiters.get(id)?.step(input.nowMs, samples, inFlight) ?? 0);
    }
    return { limits, waitMs: new Map(), atMs: input.nowMs };
  }
}

/** Lets everybody in and promises nothing. */
class OpenDoor implements DoorMind<PlainWord> {
  private seq = 0;
  constructor(private readonly doorId: string) {}
  hear(): void {}
  ask(): { kind: 'admit'; promise: null; offers: readonly Offer[] } {
    return { kind: 'admit', promise: null, offers: [] };
  }
  learn(): void {}
  report(): DoorReport {
    this.seq += 1;
    return { doorId: this.doorId, seq: this.seq, snapshotSeq: 0, channels: [] };
  }
}
