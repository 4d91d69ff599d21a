/** The machine's two clocks behind the Clock port. Only processes read them; everything below gets the values. */
import { performance } from 'node:perf_hooks';
import type { Clock } from '#dispatch';

/** Wall clock for what people read, monotonic clock for every duration. */
export const systemClock: Clock = {
  epochMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
