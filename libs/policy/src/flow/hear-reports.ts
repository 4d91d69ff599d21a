/**
 * Turns the reports of one step into what each channel and lane saw, on the controller's clock, and keeps who is there.
 *
 * A report that comes twice counts once (seq). A process that is silent for long is forgotten, with its calls: by then they are over, at
 * the latest by their deadline.
 */
import type { ChannelId } from '#domain';
import { follow } from '../door/demand';
import type { EndedCall } from '../limiter/limiter-state';
import { type DoorUseState, type Heard, type SiteState, type WorkerState, snapshotStamp } from './site';
import type { CallEnd, ChannelDemand, DoorReport, Operation, WorkerReport } from './words';

/** A silent process is out of the sharing after so long: a controller's change plus two ticks. What was leased to it is then others'. */
export const PROCESS_SILENT_MS = 3_000;
/** Its calls are forgotten only then: no call's deadline is longer. */
const CALLS_FORGOTTEN_MS = 60_000;
/** Starts and offers of a process are followed over a second: enough to share by. */
const USE_MS = 1_000;

/** What one lane saw since the last step. */
export interface LaneCalls {
  started: number;
  readonly ended: EndedCall[];
  /** When each call under way began, and its age when last seen. */
  readonly sinceMs: number[];
  readonly ageMs: number[];
}

export interface HeardReports {
  readonly workers: Readonly<Record<string, WorkerState>>;
  readonly doors: Readonly<Record<string, DoorUseState>>;
  /** By lane: `laneOf(channel, operation)`. */
  readonly lanes: Readonly<Record<string, LaneCalls>>;
  readonly demands: Readonly<Record<ChannelId, readonly ChannelDemand[]>>;
}

export function laneOf(channelId: ChannelId, operation: Operation): string {
  return `${operation} ${channelId}`;
}

/** @param offsetMs site time less the controller's clock @param nowMs site time of this step */
export function hearReports(
  state: SiteState,
  workers: readonly Heard<WorkerReport>[],
  doors: readonly Heard<DoorReport>[],
  nowMs: number,
): HeardReports {
  const lanes: Record<string, LaneCalls> = {};
  const elapsedMs = Math.max(1, nowMs - state.nowMs);
  const known = hearWorkers(state, workers, lanes, elapsedMs);
  for (const { heardMs, underWay } of Object.values(known)) {
    for (const [lane, sinceMs] of Object.entries(underWay)) {
      const calls = laneCalls(lanes, lane);
      for (const since of sinceMs) {
        calls.sinceMs.push(since);
        calls.ageMs.push(Math.max(0, heardMs - since));
      }
    }
  }
  const heard = hearDoors(state, doors, elapsedMs);
  return {
    workers: withoutSilent(known, nowMs, CALLS_FORGOTTEN_MS),
    doors: withoutSilent(heard.doors, nowMs, PROCESS_SILENT_MS),
    lanes,
    demands: heard.demands,
  };
}

function hearWorkers(
  state: SiteState,
  heard: readonly Heard<WorkerReport>[],
  lanes: Record<string, LaneCalls>,
  elapsedMs: number,
): Record<string, WorkerState> {
  const workers: Record<string, WorkerState> = { ...state.workers };
  const starts: Record<string, Record<ChannelId, number>> = {};
  for (const { receivedMs, report } of heard) {
    const heardMs = receivedMs + state.offsetMs;
    const before = workers[report.workerId];
    if (before && report.seq <= before.seq && heardMs - before.heardMs < PROCESS_SILENT_MS) continue;
    const underWay: Record<string, readonly number[]> = {};
    const mine = (starts[report.workerId] ??= {});
    for (const { channelId, ended, operation, started, underWayMs } of report.calls) {
      const lane = laneOf(channelId, operation);
      const calls = laneCalls(lanes, lane);
      calls.started += started;
      addEnded(calls.ended, ended, heardMs);
      underWay[lane] = underWayMs.map((ageMs) => heardMs - ageMs);
      if (operation === 'pay') mine[channelId] = (mine[channelId] ?? 0) + started;
    }
    if (report.leaving) {
      delete workers[report.workerId];
      continue;
    }
    workers[report.workerId] = {
      seq: report.seq,
      heardMs,
      acknowledged: report.snapshotTerm === undefined ? 0 : snapshotStamp(report.snapshotTerm, report.snapshotSeq),
      underWay,
      startsPerSecond: before?.startsPerSecond ?? {},
    };
  }
  for (const [workerId, worker] of Object.entries(workers)) {
    workers[workerId] = {
      ...worker,
      startsPerSecond: followAll(worker.startsPerSecond, starts[workerId] ?? {}, elapsedMs),
    };
  }
  return workers;
}

/** A planner lists one and the same entry as often as there were such calls: it is read once. */
function addEnded(calls: EndedCall[], ended: readonly CallEnd[], heardMs: number): void {
  let before: CallEnd | null = null;
  for (const end of ended) {
    calls.push(end === before ? calls[calls.length - 1]! : endedCall(end, heardMs));
    before = end;
  }
}

function endedCall({ class: kind, endedAgoMs, retryAfterMs, rttMs }: CallEnd, heardMs: number): EndedCall {
  const endedMs = heardMs - endedAgoMs;
  const call: EndedCall = { startedMs: endedMs - rttMs, endedMs, class: kind };
  return retryAfterMs === undefined ? call : { ...call, retryAfterMs };
}

function hearDoors(
  state: SiteState,
  heard: readonly Heard<DoorReport>[],
  elapsedMs: number,
): { doors: Record<string, DoorUseState>; demands: Record<ChannelId, ChannelDemand[]> } {
  const doors: Record<string, DoorUseState> = { ...state.doors };
  const offers: Record<string, Record<ChannelId, number>> = {};
  const demands: Record<ChannelId, ChannelDemand[]> = {};
  for (const { receivedMs, report } of heard) {
    const heardMs = receivedMs + state.offsetMs;
    const before = doors[report.doorId];
    if (before && report.seq <= before.seq && heardMs - before.heardMs < PROCESS_SILENT_MS) continue;
    const mine = (offers[report.doorId] ??= {});
    const reserved: Record<ChannelId, number> = {};
    for (const one of report.channels) {
      (demands[one.channelId] ??= []).push(one);
      mine[one.channelId] = one.demand.reduce((sum, { offered }) => sum + offered, mine[one.channelId] ?? 0);
      if (one.reserved > 0) reserved[one.channelId] = one.reserved;
    }
    const offeredPerSecond = before?.offeredPerSecond ?? {};
    doors[report.doorId] = { seq: report.seq, heardMs, offeredPerSecond, reserved };
  }
  for (const [doorId, door] of Object.entries(doors)) {
    doors[doorId] = { ...door, offeredPerSecond: followAll(door.offeredPerSecond, offers[doorId] ?? {}, elapsedMs) };
  }
  return { doors, demands };
}

/** Rates that follow counts; what has all but stopped is left out. */
function followAll(
  rates: Readonly<Record<ChannelId, number>>,
  counts: Readonly<Record<ChannelId, number>>,
  elapsedMs: number,
): Record<ChannelId, number> {
  const followed: Record<ChannelId, number> = {};
  const followOne = (channelId: ChannelId): void => {
    const rate = follow(rates[channelId] ?? 0, counts[channelId] ?? 0, elapsedMs, USE_MS);
    if (rate > 0.01) followed[channelId] = rate;
  };
  for (const channelId in rates) followOne(channelId as ChannelId);
  for (const channelId in counts) if (rates[channelId as ChannelId] === undefined) followOne(channelId as ChannelId);
  return followed;
}

function laneCalls(lanes: Record<string, LaneCalls>, lane: string): LaneCalls {
  return (lanes[lane] ??= { started: 0, ended: [], sinceMs: [], ageMs: [] });
}

function withoutSilent<One extends { readonly heardMs: number }>(
  all: Readonly<Record<string, One>>,
  nowMs: number,
  silentMs: number,
): Record<string, One> {
  return Object.fromEntries(Object.entries(all).filter(([, { heardMs }]) => nowMs - heardMs < silentMs));
}
