// How long does a bank work on one payment? A shape with mean 1, drawn when the payment arrives, times
// the mean of the moment. Keeping shape and mean apart lets a change of the mean reach payments that
// are already in the bank.
import type { Random } from './prng';

// Bound once: in a jest sandbox every look at a global costs more than the arithmetic.
const { PI, cos, exp, log, sqrt } = Math;

/** The names of the shapes of service time. */
export const SERVICE_SHAPES = ['fixed', 'exponential', 'lognormal'] as const;

/**
 * Service time of one payment in one slot.
 * `fixed`: always the mean. `exponential`: memoryless, for checks against queueing theory.
 * `lognormal`: what card hosts look like; `sigma` is the standard deviation of its logarithm.
 */
export interface ServiceTime {
  shape: (typeof SERVICE_SHAPES)[number];
  /** Mean, ms, 1 to 60,000; banks run from 50 to 2,000. The mean (not the median) sets the capacity. */
  meanMs: number;
  /** Spread of `lognormal`, 0 to 2; .3 is a quiet host, 1 a bank whose p99 is six times its mean. Ignored by other shapes. */
  sigma: number;
}

/** One draw from the shape, with mean 1: how many mean service times this payment needs. */
export function drawWork(service: ServiceTime, random: Random): number {
  switch (service.shape) {
    case 'fixed':
      return 1;
    case 'exponential':
      return -log(1 - random());
    case 'lognormal':
      // exp(N(-σ²/2, σ²)) has mean 1; the normal is Box and Muller's, 1 - u keeps the logarithm finite.
      return exp(
        service.sigma * sqrt(-2 * log(1 - random())) * cos(2 * PI * random()) - (service.sigma * service.sigma) / 2,
      );
  }
}
