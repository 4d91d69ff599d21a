/** One step of the controller, for all channels of its site: reports and orders in, one snapshot out. Pure, and replayable. */
import type { ChannelId } from '#domain';
import { PROCESS_SILENT_MS, hearReports, laneOf } from './hear-reports';
import { type ChannelState, type SiteInput, type SiteState, snapshotStamp } from './site';
import { createChannel, stepChannel } from './step-channel';
import type { ChannelFlow, FlowSnapshot } from './words';

export interface SiteStep {
  readonly state: SiteState;
  readonly snapshot: FlowSnapshot;
}

/**
 * @param state of the last step; not changed
 * @param random in [0, 1); the same draws give the same step
 */
export function stepSite(state: SiteState, input: SiteInput, random: () => number): SiteStep {
  const nowMs = input.nowMs + state.offsetMs;
  const heard = hearReports(state, input.workers, input.doors, nowMs);
  const counts = new Map(input.queues?.map((count) => [count.channelId, count]));
  const channels: Record<ChannelId, ChannelState> = {};
  const flows: ChannelFlow[] = [];
  const doors = Object.entries(heard.doors);
  const workers = Object.entries(heard.workers);
  for (const entry of input.channels) {
    const { channelId } = entry;
    const known = state.channels[channelId];
    const lane = laneOf(channelId, 'pay');
    const step = stepChannel(
      known ?? createChannel(entry, nowMs),
      {
        nowMs,
        elapsedMs: nowMs - state.nowMs,
        stamp: snapshotStamp(input.term, input.seq),
        entry,
        lanes: heard.lanes,
        demands: heard.demands[channelId] ?? [],
        count: counts.get(channelId) ?? null,
        doors: doors.map(([doorId, door]) => ({
          doorId,
          offeredPerSecond: door.offeredPerSecond[channelId] ?? 0,
          reserved: door.reserved[channelId] ?? 0,
        })),
        workers: workers.map(([workerId, { acknowledged, heardMs, startsPerSecond, underWay }]) => ({
          workerId,
          inUse: underWay[lane]?.length ?? 0,
          startsPerSecond: startsPerSecond[channelId] ?? 0,
          acknowledgedSeq: acknowledged,
          heard: nowMs - heardMs < PROCESS_SILENT_MS,
        })),
      },
      random,
    );
    channels[channelId] = step.state;
    flows.push(step.flow);
  }
  const { controllerId, seq, term } = input;
  return {
    state: { offsetMs: state.offsetMs, nowMs, workers: heard.workers, doors: heard.doors, channels },
    snapshot: { controllerId, term, seq, channels: flows },
  };
}
