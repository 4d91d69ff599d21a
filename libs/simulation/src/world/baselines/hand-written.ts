// The controls that are compared with Sluice's. None was tuned for a scenario, which flatters Sluice; each has the constants of its source.
import { AIMD_LIMIT, fixedLimit, GRADIENT2_LIMIT, NO_LIMIT } from '../../limiter';
import type { ChannelFacts } from '../control';
import { plainControl } from './plain-control';
import { withBreaker } from './plain-breaker';

const fixedWithBreaker = ({ bankAtStart }: ChannelFacts) => withBreaker(fixedLimit(bankAtStart));

/** Nothing holds anybody back. */
export const NO_CONTROL = plainControl({
  name: 'no control',
  keepsContract: false,
  boundsQueue: false,
  limiter: () => NO_LIMIT,
});

/** A fixed limit, a breaker per channel, first in first out: what a team writes by hand on BullMQ (whose jobs have no end) and opossum. */
export const FIXED_LIMIT = plainControl({
  name: 'fixed limit + breaker + FIFO',
  keepsContract: true,
  boundsQueue: false,
  limiter: fixedWithBreaker,
});

/** The same by a team that has met a queue without an end: what waits beyond the operator's longest wait is dropped. */
export const FIXED_LIMIT_BOUNDED = plainControl({
  name: 'fixed limit + breaker + queue of 2 s',
  keepsContract: true,
  boundsQueue: true,
  limiter: fixedWithBreaker,
});

/** Netflix concurrency-limits' AIMD in front of a bounded queue. */
export const AIMD = plainControl({ name: 'AIMD', keepsContract: true, boundsQueue: true, limiter: () => AIMD_LIMIT });

/** Netflix concurrency-limits' Gradient2 in front of a bounded queue. */
export const GRADIENT2 = plainControl({
  name: 'Gradient2',
  keepsContract: true,
  boundsQueue: true,
  limiter: () => GRADIENT2_LIMIT,
});
