/**
 * Flow control in a worker, put together: it tells what its calls are like, follows what the controller says, and may be the controller.
 *
 *   CallSamples ──▶ ReportLoop ──Redis──▶ ControllerLoop (in one worker of all) ──Redis──▶ FollowedFlow ──▶ Permits ──▶ pump
 */
import type { WorkerEnv } from '#config';
import type { Clock, Log } from '#dispatch';
import type { ChannelId } from '#domain';
import type { FlowSnapshot } from '#policy';
import type { Postgres } from '#postgres';
import { ChannelValve, type RedisLink } from '#queue';
import { ControllerSeat, FlowPost, FollowedFlow } from '#redis';
import { ControllerLoop } from '../controller/controller-loop';
import { DeadWorkers } from '../controller/dead-workers';
import { openFlowTrace } from '../controller/flow-trace';
import { HeldSlots } from '../controller/held-slots';
import { SiteControl } from '../controller/site-control';
import type { CallSamples } from './call-samples';
import { Permits } from './permits';
import { ReportLoop } from './report-loop';

export interface FlowParts {
  readonly env: Pick<WorkerEnv, 'REDIS_URL' | 'SLUICE_FLOW_TRACE'>;
  /** Of this process and this start alone. */
  readonly workerId: string;
  readonly postgres: Postgres;
  readonly redis: RedisLink;
  readonly samples: CallSamples;
  /** After a payment's send-by, how long the bank may still be at work on it, ms. */
  readonly holdMsOf: (channelId: ChannelId) => number;
  readonly journalAvailable: () => boolean;
  /** Payments in hand that Redis handed out, by channel. */
  readonly taken: () => Readonly<Record<ChannelId, number>>;
  /** The controller has spoken: limits may have risen, breakers have opened or closed. */
  readonly heard: (snapshot: FlowSnapshot) => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

export interface Flow {
  readonly permits: Permits;
  readonly followed: FollowedFlow;
  readonly controller: ControllerLoop;
  /** Payments of this worker at the bank now. */
  underWay(channelId: ChannelId): number;
  start(): void;
  /** Leaves the controller's seat; reports go on, for there are calls under way. */
  resign(): Promise<void>;
  close(): Promise<void>;
}

export function createFlow(parts: FlowParts): Flow {
  const { clock, env, journalAvailable, log, postgres, redis, samples, workerId } = parts;
  const { channels } = postgres;
  const { monotonicMs } = clock;
  const followed = new FollowedFlow({
    url: env.REDIS_URL,
    link: redis,
    monotonicMs,
    onSnapshot: parts.heard,
    onReport: (report) => site.hear(report),
  });
  const permits = new Permits({ workerId, channels, flow: followed, monotonicMs, journalAvailable });
  const reports = new ReportLoop({
    workerId,
    samples,
    taken: parts.taken,
    channels,
    flow: followed,
    post: new FlowPost(redis),
  });
  const valve = new ChannelValve(redis);
  const holdMs = () => new Map(channels.all().map(({ channel: { id } }) => [id, parts.holdMsOf(id)]));
  const held = new HeldSlots(() => postgres.heldByUnknown(holdMs()), monotonicMs, log);
  const dead = new DeadWorkers((ids) => postgres.connected(ids), log);
  const trace = openFlowTrace(env.SLUICE_FLOW_TRACE, log);
  const site = new SiteControl({
    controllerId: workerId,
    channels,
    backlogs: (ids) => valve.backlogs(ids),
    held,
    dead,
    monotonicMs,
    random: parts.random,
    log,
    trace,
  });
  const seat = new ControllerSeat({ link: redis, candidateId: workerId, monotonicMs });
  const controller = new ControllerLoop({ seat, flow: followed, site, valve, channels, monotonicMs, log });
  return {
    permits,
    followed,
    controller,
    underWay: (channelId) => samples.underWay(channelId, 'pay'),
    start() {
      reports.start();
      controller.start();
    },
    resign: () => controller.stop(),
    async close() {
      await reports.leave();
      followed.close();
      trace?.close();
    },
  };
}
