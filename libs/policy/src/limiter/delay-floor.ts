/**
 * What does the bank take when nobody queues? A floor that is followed like a drifting quantity (Kalman, 1960): each look moves it by
 * its share of what is known, and time makes it less sure. Looks come from below the knee; above it only lower delays count, or a
 * queue that stands for a minute would become the floor.
 */
import type { Floor } from './limiter-state';

/** Growth of the variance per second, in mean service times squared: 3 % in ten seconds, the time between two probes. */
const DRIFT_PER_SECOND = 1e-4;
/** Uncertainty of a floor that has just been moved by more than noise: 10 %. */
const FLOOR_SHAKEN = 0.01;
/** What a decision takes it for at most: at 20 % a reading says little enough. */
export const FLOOR_UNSURE = 0.04;
/** Least variance: service times change with the hour, whatever the samples say. */
const VARIANCE_MIN = 1e-4;

/** Variance of a lower quartile of so many calls, in mean service times squared. */
export function quartileVariance(calls: number): number {
  return 0.16 / Math.max(1, calls);
}

export function age(floor: Floor, seconds: number): Floor {
  const grown = Math.min(FLOOR_SHAKEN, floor.variance + DRIFT_PER_SECOND * seconds);
  return { ms: floor.ms, variance: Math.max(floor.variance, grown) };
}

/** The floor after a look at it without a queue. */
export function look(floor: Floor, delayMs: number, calls: number): Floor {
  const gain = floor.variance / (floor.variance + quartileVariance(calls));
  return {
    ms: floor.ms + gain * (delayMs - floor.ms),
    variance: Math.max(VARIANCE_MIN, (1 - gain) * floor.variance),
  };
}

/** The floor is elsewhere: the bank's own delay has changed. */
export function moveFloor(delayMs: number): Floor {
  return { ms: delayMs, variance: FLOOR_SHAKEN };
}

/** The first look ever: few calls, and perhaps a queue. */
export function firstFloor(delayMs: number, calls: number): Floor {
  return { ms: delayMs, variance: FLOOR_UNSURE + quartileVariance(calls) };
}
