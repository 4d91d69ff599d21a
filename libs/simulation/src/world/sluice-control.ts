// Sluice in this world: the functions of libs/policy that the live controller, doors and workers call, wired as they are there. Nothing is
// decided in this file; what a line does, its twin in apps/ does too.
import type { ChannelId } from '#domain';
import {
  createSite,
  type FlowSnapshot,
  leaseAfter,
  resumeSite,
  SlidingRate,
  type SiteChannel,
  type SiteState,
  stepSite,
} from '#policy';
import type { Random } from '../prng';
import type { ChannelFacts, Control, ControllerMind, SiteFacts, StepInput, WorkerMind } from './control';
import { type Advising, SluiceDoor } from './sluice-door';
import type { SluiceWord } from './sluice-word';

/** Sluice as it runs, or with a part taken away to show what the part is for. */
export function sluiceControl(name: string, advising: Advising): Control<SluiceWord> {
  return {
    name,
    dropsAfterMs: (_, patienceMs) => patienceMs,
    controller: (site, controllerId, term, last, nowMs) => new SluiceController(site, controllerId, term, last, nowMs),
    door: (site, doorId) => new SluiceDoor(site, doorId, advising),
    worker: (site, workerId) => new SluiceWorker(site, workerId),
    limit: ({ snapshot }, channelId) =>
      snapshot.channels.find((flow) => flow.channelId === channelId)?.limits.pay.effective ?? 0,
  };
}

export const SLUICE = sluiceControl('Sluice', 'reserves');
export const SLUICE_WITHOUT_SUGGESTIONS = sluiceControl('Sluice without suggestions', 'silent');
/** Everybody is sent to whatever looked best five seconds ago: what a dashboard and good will amount to. */
export const BEST_LOOKING = sluiceControl('best-looking channel, data of 5 s', 'best_looking');

class SluiceController implements ControllerMind<SluiceWord> {
  private state: SiteState;
  private seq = 0;
  private readonly channels: readonly SiteChannel[];

  constructor(
    site: SiteFacts,
    private readonly controllerId: string,
    private readonly term: number,
    last: SluiceWord | null,
    nowMs: number,
  ) {
    this.state = last === null ? createSite(nowMs) : resumeSite(last.state, nowMs - last.atMs, nowMs);
    this.channels = site.channels.map(entryOf);
  }

  step({ nowMs, workers, doors, queues }: StepInput, random: Random): SluiceWord {
    this.seq += 1;
    const { controllerId, term, seq, channels } = this;
    const step = stepSite(this.state, { nowMs, controllerId, term, seq, channels, workers, doors, queues }, random);
    this.state = step.state;
    return { snapshot: step.snapshot, state: step.state, atMs: nowMs };
  }
}

function entryOf({ id, limits }: ChannelFacts): SiteChannel {
  return {
    channelId: id,
    enabled: true,
    limits: { ...limits, channelId: id, revision: 1, amountMin: 1, amountMax: 999_999_999_999 },
    hold: null,
    holdEndsInMs: null,
  };
}

/** A worker sends within its lease, which tightens while nothing is heard, and within its part of the contract's rate. */
class SluiceWorker implements WorkerMind<SluiceWord> {
  private readonly rates = new Map<ChannelId, SlidingRate>();
  private readonly bursts: ReadonlyMap<ChannelId, number>;
  private readonly flows = new Map<ChannelId, FlowSnapshot['channels'][number]>();
  private heardMs = 0;
  heard = { term: 0, seq: 0 };

  constructor(
    site: SiteFacts,
    private readonly workerId: string,
  ) {
    for (const { id } of site.channels) this.rates.set(id, new SlidingRate(0, 1));
    this.bursts = new Map(site.channels.map(({ id, limits }) => [id, limits.burst]));
  }

  hear({ snapshot }: SluiceWord, nowMs: number): void {
    this.heardMs = nowMs;
    this.heard = { term: snapshot.term, seq: snapshot.seq };
    for (const flow of snapshot.channels) this.flows.set(flow.channelId, flow);
  }

  nextSendMs(channelId: ChannelId, mine: number, _alone: boolean, nowMs: number): number {
    const flow = this.flows.get(channelId);
    const lease = flow?.workers[this.workerId];
    const rate = this.rates.get(channelId);
    if (flow === undefined || lease === undefined || rate === undefined) return Infinity;
    const { inFlight, ratePerSecond } = leaseAfter(lease, nowMs - this.heardMs);
    const burst = ((this.bursts.get(channelId) ?? 1) * ratePerSecond) / flow.ratePerSecond;
    rate.setRate(Math.min(ratePerSecond, flow.ratePerSecond), Math.max(1, Math.floor(burst)));
    if (mine >= inFlight.pay) return Infinity;
    // A timer of the live worker has whole milliseconds too.
    return rate.roomBy(nowMs, nowMs) >= 1 ? nowMs : nowMs + Math.max(1, rate.nextInMs(nowMs));
  }

  sent(channelId: ChannelId, nowMs: number): void {
    const rate = this.rates.get(channelId);
    if (rate?.reserve(nowMs) === true) rate.stamp(nowMs);
  }
}
