// Steps a plan: counts of payments through the live door, the live controller (stepSite) and banks that are believed in, every tick of the
// live loop. No chance: the forecast is an expectation, and so is what comes of it.
import { type ChannelId, TIER, type Tier } from '#domain';
import {
  type CallEnd,
  createDoor,
  createSite,
  type DoorState,
  FLOW_TICK_MS,
  type FlowSnapshot,
  hearSnapshot,
  noteOutcome,
  RATE_WINDOW_MS,
  type SiteState,
  stepSite,
  takeDoorReport,
  type WorkerReport,
} from '#policy';
import { curveAt } from '../scenarios/curve';
import { FluidBank } from './fluid-bank';
import type { Plan, PlannedChannel } from './plan';
import { askByCounts, type AskAtDoor, overCohorts, TIERS } from './planned-door';
import { type BoundBy, PlannedQueue } from './planned-queue';

/** Calls begin and end in steps of so many ms inside a tick: a tenth of the quickest bank's round trip of 200 ms. */
const STEP_MS = 20;
/** Nothing in a plan is chance; where the policy asks for some (probes), it gets the middle. */
const NO_CHANCE = (): number => 0.5;

/** One second of one channel, payments unless said otherwise. */
export interface PlannedSecond {
  offered: number;
  admitted: number;
  served: number;
  /** Waiting at the end of the second. */
  backlog: number;
  limit: number;
  /** What kept the queue from draining faster, in steps. */
  readonly boundBy: Record<BoundBy, number>;
}

export interface PlannedOutcome {
  readonly channel: PlannedChannel;
  readonly seconds: readonly PlannedSecond[];
}

export interface PlanResult {
  readonly plan: Plan;
  readonly channels: readonly PlannedOutcome[];
  /** Payments stepped. */
  readonly offered: number;
}

interface Counted<One> {
  readonly one: One;
  readonly count: number;
}

interface Channel {
  readonly planned: PlannedChannel;
  readonly id: ChannelId;
  readonly bank: FluidBank;
  readonly queue: PlannedQueue;
  readonly seconds: PlannedSecond[];
  limit: number;
  started: number;
  ended: Counted<CallEnd>[];
  readonly carry: Record<Tier, number>;
  turn: number;
  rateCarry: number;
}

/** @param ask how counts come in; one by one only to prove that it is the same */
export function runPlan(plan: Plan, ask: AskAtDoor = askByCounts): PlanResult {
  const door = createDoor('planner');
  const channels = plan.channels.map(newChannel);
  let site: SiteState = createSite(0);
  let snapshot: FlowSnapshot | null = null;
  let offered = 0;
  let seq = 0;
  for (let nowMs = 0; nowMs < plan.seconds * 1_000; nowMs += FLOW_TICK_MS) {
    if (snapshot !== null) obey(channels, door, snapshot, nowMs);
    for (const channel of channels) {
      offered += comeIn(channel, door, ask, nowMs);
      moveBank(channel, door, nowMs);
    }
    const atMs = nowMs + FLOW_TICK_MS;
    seq += 1;
    const step: { state: SiteState; snapshot: FlowSnapshot } = stepSite(
      site,
      {
        nowMs: atMs,
        controllerId: 'planner',
        term: 1,
        seq,
        channels: channels.map(({ entry }) => entry),
        workers: [{ receivedMs: atMs, report: reportOf(channels, seq, atMs) }],
        doors: [{ receivedMs: atMs, report: takeDoorReport(door, () => 0) }],
        queues: channels.map(({ id, queue }) => ({ channelId: id, waiting: queue.waiting, heldByUnknown: 0 })),
      },
      NO_CHANCE,
    );
    site = step.state;
    snapshot = step.snapshot;
  }
  return { plan, offered, channels: channels.map(({ planned, seconds }) => ({ channel: planned, seconds })) };
}

function newChannel(planned: PlannedChannel): Channel & { readonly entry: ReturnType<typeof entryOf> } {
  return {
    planned,
    id: planned.id as ChannelId,
    entry: entryOf(planned),
    bank: new FluidBank(planned.bank),
    queue: new PlannedQueue(),
    seconds: [],
    limit: 0,
    started: 0,
    ended: [],
    carry: { [TIER.paying]: 0, [TIER.bulk]: 0 },
    turn: 0,
    rateCarry: 0,
  };
}

function entryOf({ id, limits }: PlannedChannel) {
  return {
    channelId: id as ChannelId,
    enabled: true,
    limits: { ...limits, channelId: id as ChannelId, revision: 1, amountMin: 1, amountMax: 999_999_999_999 },
    hold: null,
    holdEndsInMs: null,
  };
}

/** The word of the last tick arrives. */
function obey(channels: readonly Channel[], door: DoorState, snapshot: FlowSnapshot, nowMs: number): void {
  hearSnapshot(door, snapshot, nowMs);
  snapshot.channels.forEach((flow, place) => {
    const channel = channels[place];
    if (channel !== undefined) channel.limit = flow.limits.pay.effective;
  });
}

/** A tick's payments ask, as many as are forecast. */
function comeIn(channel: Channel, door: DoorState, ask: AskAtDoor, nowMs: number): number {
  const second = secondAt(channel, nowMs);
  let offered = 0;
  for (const tier of TIERS) {
    const { forecast, limits } = channel.planned;
    const curve = tier === TIER.paying ? forecast.paying : forecast.bulk;
    const expected = (curveAt(curve, nowMs / 1_000) * FLOW_TICK_MS) / 1_000 + channel.carry[tier];
    const count = Math.floor(expected);
    channel.carry[tier] = expected - count;
    if (count === 0) continue;
    channel.turn = (channel.turn + count) % 128;
    const asked = { channelId: channel.id, tier, patienceMs: limits.longestWaitMs };
    const { admitted, forecast: promise } = ask(door, asked, overCohorts(count, channel.turn), nowMs);
    channel.queue.push({ atMs: nowMs, count: admitted, promise });
    offered += count;
    second.admitted += admitted;
  }
  second.offered += offered;
  return offered;
}

/** A tick at the bank: calls are answered, and others begin in their place. */
function moveBank(channel: Channel, door: DoorState, nowMs: number): void {
  const { bank, queue, planned } = channel;
  const second = secondAt(channel, nowMs);
  for (let atMs = nowMs; atMs < nowMs + FLOW_TICK_MS; atMs += STEP_MS) {
    const sinceMs = nowMs + FLOW_TICK_MS - atMs;
    const free = channel.limit - bank.inFlight;
    const rate = (planned.limits.ratePerSecond * STEP_MS) / RATE_WINDOW_MS + channel.rateCarry;
    const paced = Math.floor(rate);
    const { sent, boundBy } = queue.take(Math.max(0, free), paced, atMs);
    // At most a step's worth is saved up: the contract holds in any second.
    channel.rateCarry = Math.min(rate - sent.count, (planned.limits.ratePerSecond * STEP_MS) / RATE_WINDOW_MS + 1);
    if (boundBy !== null) second.boundBy[limitOf(boundBy, channel)] += 1;
    bank.send(sent.count, atMs);
    channel.started += sent.count;
    for (const { atMs: startedMs, count } of bank.answered(atMs + STEP_MS)) {
      const rttMs = atMs + STEP_MS - startedMs;
      second.served += count;
      // Calls that began and ended together are one and the same entry, as often as there are calls.
      const end: CallEnd = { endedAgoMs: sinceMs - STEP_MS, rttMs, class: 'worked' };
      channel.ended.push({ one: end, count });
      if (sent.promise !== null) {
        const { pointMs, roundTripMs, p90Ms } = sent.promise;
        const actualMs = atMs - sent.queuedMs + rttMs;
        noteOutcome(door, channel.id, { pointMs, roundTripMs, p90Ms, actualMs, censored: false });
      }
    }
  }
  second.backlog = queue.waiting;
  second.limit = channel.limit;
}

/** The limit in force is the operator's ceiling, or what the bank can do. */
function limitOf(boundBy: 'in_flight' | 'rate', { limit, planned }: Channel): BoundBy {
  if (boundBy === 'rate') return 'ratePerSecond';
  return limit >= planned.limits.inFlightMax ? 'inFlightMax' : 'bank';
}

function reportOf(channels: readonly Channel[], seq: number, nowMs: number): WorkerReport {
  const calls = channels.map((channel) => {
    const underWayMs = repeated(channel.bank.underWay().map(({ atMs, count }) => ({ one: nowMs - atMs, count })));
    const ended = repeated(channel.ended);
    const { started } = channel;
    channel.started = 0;
    channel.ended = [];
    return { channelId: channel.id, operation: 'pay' as const, started, ended, underWayMs };
  });
  return { workerId: 'planner', seq, snapshotTerm: 1, snapshotSeq: seq - 1, revisions: {}, calls };
}

/** Everything as often as it is counted. Made in its full length: a list that grows call by call is copied over and over. */
function repeated<One>(counted: readonly Counted<One>[]): One[] {
  const all = new Array<One>(counted.reduce((sum, { count }) => sum + count, 0));
  let place = 0;
  for (const { count, one } of counted) {
    all.fill(one, place, place + count);
    place += count;
  }
  return all;
}

function secondAt({ seconds }: Channel, nowMs: number): PlannedSecond {
  const place = Math.floor(nowMs / 1_000);
  const boundBy = { bank: 0, inFlightMax: 0, ratePerSecond: 0 };
  return (seconds[place] ??= { offered: 0, admitted: 0, served: 0, backlog: 0, limit: 0, boundBy });
}
