/** How long it takes: the bank's round trip, what leaves the queue, and what our forecasts were worth. */
import { type Calibration, stepCalibration } from '../wait/calibration';
import { queueWaitMs } from '../wait/forecast';
import { type DrainMeter, drainPerSecond, stepDrain } from './drain';
import type { LaneCalls } from './hear-reports';
import { type RoundTrips, roundTripQuantile, stepRoundTrips } from './round-trip';
import type { ChannelState, SiteChannel } from './site';
import type { SteppedLimits } from './step-limits';
import { FLOW_TICK_MS, type WaitForecast, type WaitOutcome } from './words';

export interface SteppedWait {
  readonly roundTrips: RoundTrips;
  readonly drain: DrainMeter;
  readonly calibration: Calibration;
  readonly forecast: WaitForecast;
  /** Payments that a newcomer waits for: the queue, and calls under way that must end before it moves. */
  readonly ahead: number;
  readonly queueMs: number;
  /** Calls that could start at once. */
  readonly freeSlots: number;
}

export interface WaitInput {
  readonly nowMs: number;
  readonly elapsedMs: number;
  readonly entry: SiteChannel;
  readonly pay: LaneCalls;
  readonly limits: SteppedLimits;
  readonly waiting: number;
  readonly outcomes: readonly WaitOutcome[];
}

/** Behind an open breaker the first payments go to a bank that has just come back: a part of what it had. */
const AFTER_OPENING = 0.25;

export function stepWait(state: ChannelState, input: WaitInput, random: () => number): SteppedWait {
  const { elapsedMs, entry, nowMs, outcomes, pay, waiting } = input;
  const { lanes, sends, view } = input.limits;
  const { burst, ratePerSecond, timeoutMs } = entry.limits;
  const { adaptive, effective } = lanes.pay;
  const inFlight = pay.sinceMs.length;
  const roundTrips = stepRoundTrips(state.roundTrips, elapsedMs, pay.ended);
  const roundTripMs = roundTripQuantile(roundTrips, 0.5);
  const drain = stepDrain(state.drain, {
    elapsedMs,
    ended: pay.ended.reduce((sum, { class: kind }) => (kind === 'ignored' ? sum : sum + 1), 0),
    saturated: state.waiting > 0 && waiting > 0 && state.effective > 0 && effective > 0,
  });
  // What will hold once something goes again: behind an open breaker a part, under a pause all that the limiter found.
  const limit = effective > 0 ? effective : Math.max(1, sends ? adaptive * AFTER_OPENING : adaptive);
  const perSecond = drainPerSecond(drain, { limit, meanRoundTripMs: roundTrips.meanMs, timeoutMs, ratePerSecond });
  // Where nobody knows when it ends (a pause without an end), it is forecast as if it ended now.
  const opensInMs = Math.max(view.reopensInMs ?? 0, entry.hold === 'pause' ? (entry.holdEndsInMs ?? 0) : 0);
  const ahead = waiting + Math.max(0, inFlight - limit);
  const queueMs = queueWaitMs({ ahead, drainPerSecond: perSecond, opensInMs });
  const atOnce = Math.max(burst, (perSecond * FLOW_TICK_MS) / 1_000);
  const calibration = stepCalibration(state.calibration, outcomes, nowMs, random);
  const { corrections } = calibration;
  return {
    roundTrips,
    drain,
    calibration,
    forecast: { pointMs: queueMs + roundTripMs, roundTripMs, drainPerSecond: perSecond, opensInMs, corrections },
    ahead,
    queueMs,
    freeSlots: waiting > 0 ? 0 : Math.floor(Math.min(Math.max(0, effective - inFlight), atOnce)),
  };
}
