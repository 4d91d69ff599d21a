/**
 * The controller's memory and its hands: gathers what one step of the policy goes by, takes the step, keeps the state. No seat, no timer,
 * no sockets of its own; the clock and chance are given.
 */
import type { ChannelRegistry, Log } from '#dispatch';
import type { ChannelId, ChannelOrder } from '#domain';
import {
  type DoorReport,
  type FlowSnapshot,
  type Heard,
  type QueueCount,
  type SiteChannel,
  type SiteInput,
  type SiteState,
  type SiteStep,
  type WorkerReport,
  createSite,
  resumeSite,
  stepSite,
  stepTraced,
  traceStart,
} from '#policy';
import type { Backlog } from '#queue';
import type { FlowReport, FoundState } from '#redis';
import type { DeadWorkers } from './dead-workers';
import type { FlowTrace } from './flow-trace';
import { GhostJobs } from './ghost-jobs';
import { Hands } from './hands';
import type { HeldSlots } from './held-slots';

/** Most reports between two steps, of each kind: 100 processes that each report twice in a long tick. The oldest go. */
const REPORTS_MAX = 1_000;
/** A state older than this is no better than none, ms: whatever the bank could do then, it has had time to change. */
const STATE_OLD_MS = 300_000;

export interface SiteControlParts {
  readonly controllerId: string;
  readonly channels: Pick<ChannelRegistry, 'all' | 'nowMs'>;
  readonly backlogs: (channels: readonly ChannelId[]) => Promise<ReadonlyMap<ChannelId, Backlog> | null>;
  readonly held: Pick<HeldSlots, 'refresh' | 'of'>;
  readonly dead: Pick<DeadWorkers, 'look' | 'take'>;
  readonly monotonicMs: () => number;
  readonly random: () => number;
  readonly log: Log;
  readonly trace: FlowTrace | null;
}

export class SiteControl {
  private state: SiteState | null = null;
  private steppedMs = -Infinity;
  private seq = 0;
  private workers: Heard<WorkerReport>[] = [];
  private doors: Heard<DoorReport>[] = [];
  private readonly hands = new Hands();
  private readonly ghosts = new GhostJobs();

  constructor(private readonly parts: SiteControlParts) {}

  /** How many workers have reported since the last step. */
  get heardWorkers(): number {
    return this.workers.length;
  }

  hear(heard: FlowReport): void {
    const receivedMs = this.parts.monotonicMs();
    this.hands.hear(heard, receivedMs);
    if (heard.kind === 'worker') this.ghosts.hear(heard.report, receivedMs);
    if (heard.kind === 'worker') keep(this.workers, { receivedMs, report: heard.report });
    else keep(this.doors, { receivedMs, report: heard.report });
  }

  /** A term begins: from the newest of what this process remembers and what its predecessor left. @returns where from, for the log */
  begin(found: FoundState | null): string {
    const nowMs = this.parts.monotonicMs();
    const rememberedMs = nowMs - this.steppedMs;
    this.seq = 0;
    this.workers = [];
    this.doors = [];
    const from = this.choose(found, rememberedMs, nowMs);
    this.parts.trace?.write(traceStart(this.state!));
    return from;
  }

  /** One step. @throws never: a state that the policy cannot go on from is given up, and the next step begins anew */
  async step(term: number): Promise<FlowSnapshot | null> {
    const { log, monotonicMs, trace } = this.parts;
    const queues = await this.countQueues();
    this.bury();
    const input: SiteInput = {
      nowMs: monotonicMs(),
      controllerId: this.parts.controllerId,
      term,
      seq: this.seq + 1,
      channels: this.channels(),
      workers: this.workers,
      doors: this.doors,
      queues,
    };
    this.workers = [];
    this.doors = [];
    try {
      const { snapshot, state } = this.stepped(this.state ?? createSite(input.nowMs), input);
      const odd = oddLimit(snapshot);
      if (odd !== null) throw new RangeError(`${odd} would have no usable limit`);
      this.state = state;
      this.steppedMs = input.nowMs;
      this.seq = input.seq;
      // Beside the policy's word, not part of it: nothing is decided by it.
      return { ...snapshot, hands: this.hands.list(input.nowMs) };
    } catch (error) {
      log.error('A step of the flow policy failed; nothing is published, and the next step begins anew', {
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
      this.state = createSite(monotonicMs());
      trace?.write(traceStart(this.state));
      return null;
    }
  }

  /** Says for those who ended without a word what they would have said last. */
  private bury(): void {
    const { dead, monotonicMs } = this.parts;
    const { nowMs, workers } = this.state ?? createSite(0);
    const silence = Object.entries(workers).map(([id, { heardMs }]) => [id, nowMs - heardMs] as const);
    dead.look(Object.fromEntries(silence), monotonicMs());
    for (const workerId of dead.take()) {
      const seq = (workers[workerId]?.seq ?? 0) + 1;
      const report = { workerId, seq, snapshotSeq: 0, revisions: {}, calls: [], leaving: true } as const;
      this.hear({ kind: 'worker', report });
    }
  }

  private stepped(state: SiteState, input: SiteInput): SiteStep {
    const { random, trace } = this.parts;
    if (!trace) return stepSite(state, input, random);
    const step = stepTraced(state, input, random);
    trace.write(step.line);
    return step;
  }

  /** Jobs of the channel that Redis counts as in work and nobody has. */
  ghostsOf(channelId: ChannelId): number {
    return this.ghosts.of(channelId);
  }

  /** For a successor. */
  saved(): string {
    return JSON.stringify(this.state);
  }

  private choose(found: FoundState | null, rememberedMs: number, nowMs: number): string {
    if (this.state && rememberedMs < STATE_OLD_MS && rememberedMs <= (found?.ageMs ?? Infinity)) return 'own memory';
    const state = found && readState(found.text);
    if (state) {
      this.state = resumeSite(state, found.ageMs, nowMs);
      return `the state of ${Math.round(found.ageMs)} ms ago`;
    }
    this.state = createSite(nowMs);
    return 'nothing';
  }

  private channels(): readonly SiteChannel[] {
    const { channels } = this.parts;
    const nowMs = channels.nowMs();
    return channels.all().map(({ channel, limits, order }) => ({
      channelId: channel.id,
      enabled: channel.enabled,
      limits,
      hold: order?.hold ?? null,
      holdEndsInMs: endsIn(order, nowMs),
    }));
  }

  private async countQueues(): Promise<readonly QueueCount[] | null> {
    this.parts.held.refresh();
    const ids = this.parts.channels.all().map(({ channel }) => channel.id);
    const backlogs = await this.parts.backlogs(ids);
    if (!backlogs) return null;
    this.ghosts.count(backlogs, this.parts.monotonicMs());
    return ids.map((channelId) => ({
      channelId,
      waiting: backlogs.get(channelId)?.waiting ?? 0,
      heldByUnknown: this.parts.held.of(channelId),
    }));
  }
}

function endsIn(order: ChannelOrder | null, nowMs: number): number | null {
  return order === null || order.until === null ? null : Math.max(order.until - nowMs, 0);
}

function keep<T>(list: T[], one: T): void {
  list.push(one);
  if (list.length > REPORTS_MAX) list.shift();
}

/** Of another version of Sluice it may be anything; what the policy makes of it is looked at before it is published. */
function readState(text: string): SiteState | null {
  try {
    const read = JSON.parse(text) as Partial<SiteState> | null;
    return typeof read?.nowMs === 'number' && typeof read.channels === 'object' ? (read as SiteState) : null;
  } catch {
    return null;
  }
}

/** Redis and every worker would act on it, so it is looked at once more: a whole number, not below nothing. @returns the first that is none */
function oddLimit({ channels }: FlowSnapshot): string | null {
  const odd = channels.find(({ limits }) =>
    Object.values(limits).some(({ effective }) => !Number.isSafeInteger(effective) || effective < 0),
  );
  return odd?.channelId ?? null;
}
