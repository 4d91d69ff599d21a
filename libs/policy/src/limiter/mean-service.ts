/**
 * How long does a payment hold a slot, on average? Not the floor of the delay, which is a quartile, but the unit that excess is counted
 * in: slots × 1 / this is the bank's capacity.
 */
import type { LimiterState } from './limiter-state';
import { LARGE_EXCESS, type View } from './read-cohort';

/** Part of a decision's mean round trip that enters the mean service time, after the first ten. */
const SERVICE_GAIN = 0.1;

/** Mean round trip of the calls that worked since the last decision, ms; 0 of none. */
export function meanRoundTrip(state: LimiterState): number {
  return state.roundTrips === 0 ? 0 : state.roundTripSumMs / state.roundTrips;
}

/** The mean time in service: mean round trip less the excess. Learnt while the excess is small and therefore well known. */
export function learnService(state: LimiterState, view: View): LimiterState {
  const fresh = { ...state, roundTripSumMs: 0, roundTrips: 0 };
  const calm = state.phase.kind === 'tracking' || state.phase.kind === 'starting';
  if (!calm || state.roundTrips === 0 || state.floor === null || Math.abs(view.excess) > LARGE_EXCESS) return fresh;
  const samples = state.serviceSamples + 1;
  const gain = Math.max(SERVICE_GAIN, 1 / (samples + 1));
  const seen = Math.max(1, meanRoundTrip(state) - Math.max(0, view.delayMs - state.floor.ms));
  return { ...fresh, serviceMs: state.serviceMs + gain * (seen - state.serviceMs), serviceSamples: samples };
}
