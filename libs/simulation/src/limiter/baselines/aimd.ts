// Additive increase, multiplicative decrease: Netflix concurrency-limits' AIMDLimit with its own constants, sample by sample. Busy
// answers and timeouts are its drops; its cap of 200 is raised to the ceiling of the trial, because nobody knows a bank's size.
import type { TrialLimiter } from '../trial-limiter';

const LEAST = 20;
const BACK_OFF = 0.9;
const TIMEOUT_MS = 5_000;

export const AIMD_LIMIT: TrialLimiter<{ readonly limit: number }> = {
  name: 'AIMD',
  create: () => ({ limit: LEAST }),
  step: (state, input) => {
    const inFlight = input.underWaySinceMs.length;
    let { limit } = state;
    for (const call of [...input.ended].sort((a, b) => a.endedMs - b.endedMs)) {
      const dropped = call.class === 'busy' || call.class === 'dropped' || call.endedMs - call.startedMs > TIMEOUT_MS;
      if (dropped) limit = Math.max(LEAST, Math.floor(limit * BACK_OFF));
      else if (inFlight * 2 >= limit) limit = Math.min(input.ceiling, limit + 1);
    }
    return { state: { limit }, limit: Math.min(limit, input.ceiling) };
  },
};
