// What would a team write by hand? A limiter per channel, doors that let everybody in, workers that send what the queue hands out. The
// baselines differ in their limiters, which are those of the limiter's trials; all get the same reports, as late, as Sluice does.
import type { ChannelId } from '#domain';
import type { DoorReport, EndedCall, LimiterInput } from '#policy';
import type { TrialLimiter } from '../../limiter';
import type { Random } from '../../prng';
import type {
  Answer,
  ChannelFacts,
  Control,
  ControllerMind,
  DoorMind,
  Offer,
  SiteFacts,
  StepInput,
  WorkerMind,
} from '../control';

/** Where every limiter starts: a careful guess. */
const INITIAL = 10;

export interface PlainWord {
  readonly limits: ReadonlyMap<ChannelId, number>;
}

export interface PlainHabits {
  readonly name: string;
  /** Whether what has waited longer than the operator's longest wait is dropped unsent. A plain BullMQ queue has no such thing. */
  readonly boundsQueue: boolean;
  /** Whether the contract's rate is held, in fixed windows of a second, as BullMQ's limiter does it. */
  readonly keepsContract: boolean;
  readonly limiter: (facts: ChannelFacts) => TrialLimiter;
}

export function plainControl(habits: PlainHabits): Control<PlainWord> {
  return {
    name: habits.name,
    dropsAfterMs: ({ longestWaitMs }) => (habits.boundsQueue ? longestWaitMs : Infinity),
    controller: (site, _id, _term, _last, nowMs) => new PlainController(site, habits, nowMs),
    door: (_, doorId) => new OpenDoor(doorId),
    worker: (site) => new PlainWorker(site, habits.keepsContract),
    limit: (word, channelId) => word.limits.get(channelId) ?? 0,
  };
}

interface Channel {
  readonly facts: ChannelFacts;
  readonly limiter: TrialLimiter;
  state: unknown;
  started: number;
  ended: EndedCall[];
  /** By worker, as last reported: when each call under way began. */
  readonly underWay: Map<string, readonly number[]>;
}

class PlainController implements ControllerMind<PlainWord> {
  private readonly channels: ReadonlyMap<ChannelId, Channel>;

  constructor(site: SiteFacts, habits: PlainHabits, nowMs: number) {
    this.channels = new Map(
      site.channels.map((facts) => {
        const limiter = habits.limiter(facts);
        const state = limiter.create({ initial: INITIAL, nowMs });
        return [facts.id, { facts, limiter, state, started: 0, ended: [], underWay: new Map() }];
      }),
    );
  }

  step({ nowMs, workers }: StepInput, random: Random): PlainWord {
    for (const { report, receivedMs } of workers) {
      for (const calls of report.calls) {
        const channel = this.channels.get(calls.channelId);
        if (channel === undefined) continue;
        channel.started += calls.started;
        for (const { endedAgoMs, rttMs, class: kind } of calls.ended) {
          const endedMs = receivedMs - endedAgoMs;
          channel.ended.push({ startedMs: endedMs - rttMs, endedMs, class: kind });
        }
        channel.underWay.set(
          report.workerId,
          calls.underWayMs.map((ageMs) => receivedMs - ageMs),
        );
      }
    }
    const limits = new Map<ChannelId, number>();
    for (const [id, channel] of this.channels) limits.set(id, stepChannel(channel, nowMs, random));
    return { limits };
  }
}

function stepChannel(channel: Channel, nowMs: number, random: Random): number {
  const input: LimiterInput = {
    nowMs,
    ceiling: channel.facts.limits.inFlightMax,
    started: channel.started,
    ended: channel.ended.sort((a, b) => a.endedMs - b.endedMs),
    underWaySinceMs: [...channel.underWay.values()].flat().sort((a, b) => a - b),
  };
  const { state, limit } = channel.limiter.step(channel.state, input, random);
  channel.state = state;
  channel.started = 0;
  channel.ended = [];
  return limit;
}

/** Sends what it is given, within its even part of the contract. */
class PlainWorker implements WorkerMind<PlainWord> {
  readonly heard = { term: 0, seq: 0 };
  private readonly windows = new Map<ChannelId, { readonly most: number; second: number; sent: number }>();

  constructor(site: SiteFacts, keepsContract: boolean) {
    for (const { id, limits } of site.channels) {
      const most = keepsContract ? Math.max(1, Math.floor(limits.ratePerSecond / site.workerIds.length)) : Infinity;
      this.windows.set(id, { most, second: 0, sent: 0 });
    }
  }

  hear(): void {}

  nextSendMs(channelId: ChannelId, _mine: number, _alone: boolean, nowMs: number): number {
    const window = this.windowOf(channelId, nowMs);
    return window === undefined || window.sent < window.most ? nowMs : (window.second + 1) * 1_000;
  }

  sent(channelId: ChannelId, nowMs: number): void {
    const window = this.windowOf(channelId, nowMs);
    if (window !== undefined) window.sent += 1;
  }

  private windowOf(channelId: ChannelId, nowMs: number) {
    const window = this.windows.get(channelId);
    const second = Math.floor(nowMs / 1_000);
    if (window !== undefined && window.second !== second) Object.assign(window, { second, sent: 0 });
    return window;
  }
}

/** Lets everybody in and promises nothing. */
class OpenDoor implements DoorMind<PlainWord> {
  readonly advisesWaiting = false;
  private seq = 0;
  constructor(private readonly doorId: string) {}
  hear(): void {}
  ask(): Answer {
    return { kind: 'admit', promise: null, level: 'normal', offers: [] };
  }
  lookAgain(): readonly Offer[] {
    return [];
  }
  afterRefusalOfBank(): readonly Offer[] {
    return [];
  }
  learn(): void {}
  report(): DoorReport {
    this.seq += 1;
    return { doorId: this.doorId, seq: this.seq, snapshotSeq: 0, channels: [] };
  }
}
