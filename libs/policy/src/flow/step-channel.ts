/**
 * One step of one channel, in the order in which one thing rests on another:
 *
 *   calls ─▶ round trip ─▶ limiter ─┐
 *     └────▶ breaker ───────────────┼─▶ limit that holds ─▶ drain ─▶ wait ─▶ doors' plan ─▶ level
 *   queue, unknowns, operator ──────┘
 */
import { TIER } from '#domain';
import { createBreaker } from '../breaker/breaker';
import { NO_DEMAND, follow, stepDemand } from '../door/demand';
import { OFFER_ANSWER_MS, headroomPerSecond } from '../door/headroom';
import { type DoorUse, planDoors } from '../door/plan-door';
import { successRate } from '../choose-route';
import { createCalibration } from '../wait/calibration';
import { EMPTY_DRAIN } from './drain';
import { type LaneCalls, laneOf } from './hear-reports';
import { NO_ANSWERS, stepLatelyWorked, workedShare } from './lately-worked';
import { createLevel, stepLevel } from './level';
import { createRoundTrips } from './round-trip';
import type { ChannelState, SiteChannel } from './site';
import { createLimiter } from '../limiter/limiter';
import { NO_RATE_SHARES, stepRateShares } from '../rate/rate-shares';
import { stepLimits } from './step-limits';
import { stepWait } from './step-wait';
import { stepSuccess, totalSuccess } from './success';
import { tellingReason } from './telling-reason';
import { type ChannelDemand, type ChannelFlow, type QueueCount } from './words';
import { leaseWorkers, wantsOf, type WorkerUse } from './lease-workers';

export interface ChannelInput {
  /** Site time. */
  readonly nowMs: number;
  readonly elapsedMs: number;
  /** Of the snapshot that this step makes. */
  readonly stamp: number;
  readonly entry: SiteChannel;
  readonly lanes: Readonly<Record<string, LaneCalls>>;
  readonly demands: readonly ChannelDemand[];
  readonly count: QueueCount | null;
  readonly doors: readonly DoorUse[];
  readonly workers: readonly WorkerUse[];
}

/** Before the first call: a bank answers in about so long. */
const ROUND_TRIP_GUESS_MS = 300;
/** A tenth of the ceiling to begin with: the limiter doubles every round trip until it sees a queue. */
const FIRST_LIMIT_SHARE = 0.1;
/** Starts are followed over a second. */
const STARTS_MS = 1_000;
const NO_CALLS: LaneCalls = { started: 0, ended: [], sinceMs: [], ageMs: [] };

export function createChannel({ limits }: SiteChannel, nowMs: number): ChannelState {
  const initial = Math.max(1, Math.round(limits.inFlightMax * FIRST_LIMIT_SHARE));
  return {
    limiter: createLimiter({ initial, nowMs }),
    breaker: createBreaker(nowMs),
    rateShares: NO_RATE_SHARES,
    inFlightShares: NO_RATE_SHARES,
    drain: EMPTY_DRAIN,
    roundTrips: createRoundTrips(Math.min(ROUND_TRIP_GUESS_MS, limits.timeoutMs)),
    success: [],
    latelyWorked: NO_ANSWERS,
    calibration: createCalibration(nowMs),
    demand: { [TIER.paying]: NO_DEMAND, [TIER.bulk]: NO_DEMAND },
    level: createLevel(nowMs),
    waiting: 0,
    heldByUnknown: 0,
    effective: initial,
    startedPerSecond: 0,
  };
}

export function stepChannel(
  state: ChannelState,
  input: ChannelInput,
  random: () => number,
): { readonly state: ChannelState; readonly flow: ChannelFlow } {
  const { count, demands, doors, elapsedMs, entry, lanes, nowMs } = input;
  const { channelId, hold, limits } = entry;
  const pay = lanes[laneOf(channelId, 'pay')] ?? NO_CALLS;
  const waiting = count?.waiting ?? state.waiting;
  const heldByUnknown = count?.heldByUnknown ?? state.heldByUnknown;
  const stepped = stepLimits(state, entry, pay, { nowMs, heldByUnknown }, random);
  const { admits } = stepped;
  const { effective } = stepped.lanes.pay;
  const outcomes = demands.flatMap(({ waits }) => waits);
  const wait = stepWait(state, { nowMs, elapsedMs, entry, pay, limits: stepped, waiting, outcomes }, random);
  const { ahead, forecast, freeSlots, queueMs } = wait;
  const drainRate = forecast.drainPerSecond;

  const counts = demands.flatMap(({ demand }) => demand);
  const demand = {
    [TIER.paying]: stepDemand(state.demand[TIER.paying], counts, TIER.paying, elapsedMs),
    [TIER.bulk]: stepDemand(state.demand[TIER.bulk], counts, TIER.bulk, elapsedMs),
  };
  const startedPerSecond =
    elapsedMs > 0 ? follow(state.startedPerSecond, pay.started, elapsedMs, STARTS_MS) : state.startedPerSecond;
  const latelyWorked = stepLatelyWorked(state.latelyWorked, pay.ended, elapsedMs);
  const headroom = {
    drainPerSecond: drainRate * workedShare(latelyWorked),
    startedPerSecond,
    waiting: ahead,
    longestWaitMs: limits.longestWaitMs,
  };
  const spare = admits && effective > 0 ? headroomPerSecond(headroom) : 0;
  const reserved = doors.reduce((sum, door) => sum + door.reserved, 0);
  const plans = planDoors({
    admits,
    drainPerSecond: drainRate,
    waiting: ahead,
    freeSlots,
    longestWaitMs: limits.longestWaitMs,
    demand,
    headroomPerSecond: spare,
    doors,
  });
  // Shares are the same at all doors.
  const [plan] = Object.values(plans);
  const level = stepLevel(state.level, {
    nowMs,
    closed: !admits || stepped.view.state === 'open',
    waitShare: queueMs / limits.longestWaitMs,
    use: drainRate > 0 ? startedPerSecond / drainRate : 1,
    share: plan?.tiers[TIER.paying].share ?? 1,
  });
  const rates = stepRateShares(state.rateShares, {
    nowMs,
    seq: input.stamp,
    ratePerSecond: limits.ratePerSecond,
    workers: wantsOf(input.workers, limits.ratePerSecond),
  });
  const heard = input.workers.filter((worker) => worker.heard);
  const inFlightShares = stepRateShares(state.inFlightShares, {
    nowMs,
    seq: input.stamp,
    ratePerSecond: effective,
    windowMs: 0,
    // A silent worker's part of the limit is others' at once: one that is merely cut off over-commits the bank, which the limiter sees. The
    // contract's rate is no such matter.
    workers: wantsOf(heard.length > 0 ? heard : input.workers, effective),
  });
  const success = stepSuccess(state.success, pay.ended, nowMs);
  const { answers, worked } = totalSuccess(success);
  const flow: ChannelFlow = {
    channelId,
    revision: limits.revision,
    level: level.level,
    hold,
    breaker: stepped.view,
    limits: stepped.lanes,
    ratePerSecond: limits.ratePerSecond,
    inFlight: pay.sinceMs.length,
    heldByUnknown,
    freeSlots,
    backlog: waiting,
    wait: forecast,
    successRate: successRate({ answers, worked }),
    answers,
    headroomPerSecond: Math.max(0, spare - (reserved * 1_000) / OFFER_ANSWER_MS),
    doors: plans,
    workers: leaseWorkers(input.workers, stepped.lanes, inFlightShares.shares, rates.shares),
    reason: tellingReason({
      pay: stepped.lanes.pay,
      breaker: stepped.view,
      hold,
      plan,
      waiting,
      queueMs,
      drainPerSecond: drainRate,
      ratePerSecond: limits.ratePerSecond,
    }),
  };
  const next: ChannelState = {
    limiter: stepped.limiter,
    breaker: stepped.breaker,
    rateShares: rates.state,
    inFlightShares: inFlightShares.state,
    drain: wait.drain,
    roundTrips: wait.roundTrips,
    success,
    latelyWorked,
    calibration: wait.calibration,
    demand,
    level,
    waiting,
    heldByUnknown,
    effective,
    startedPerSecond,
  };
  return { state: next, flow };
}
