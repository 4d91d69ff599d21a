// The controls that are compared with Sluice's. None was tuned for a scenario, which flatters Sluice; each has the constants of its source.
import { plainControl, type PlainLimiter } from './plain-control';

/** Nothing holds anybody back. */
export const NO_CONTROL = plainControl({
  name: 'no control',
  boundsQueue: false,
  limiter: () => ({ step: () => 1e9 }),
});

/** Half more than what the bank had on the day somebody measured: a generous hand-set limit (flow-control.md §4, "fixed 1.5×"). */
const FIXED_OVER_SLOTS = 1.5;
/** opossum's defaults but for the window: half of the last ten seconds' calls failed, of ten at least; one try after 30 s. */
const BREAKER = { windowMs: 10_000, atLeast: 10, failedShare: 0.5, openMs: 30_000 };

/** A fixed limit, a breaker per channel, first in first out: what a team writes by hand on BullMQ (whose jobs have no end) and opossum. */
export const FIXED_LIMIT = plainControl({
  name: 'fixed limit + breaker + FIFO',
  boundsQueue: false,
  limiter: ({ slotsAtStart }) => withBreaker(Math.ceil(FIXED_OVER_SLOTS * slotsAtStart)),
});

/** The same by a team that has met a queue without an end: what waits beyond the operator's longest wait is dropped. */
export const FIXED_LIMIT_BOUNDED = plainControl({
  name: 'fixed limit + breaker + queue of 2 s',
  boundsQueue: true,
  limiter: ({ slotsAtStart }) => withBreaker(Math.ceil(FIXED_OVER_SLOTS * slotsAtStart)),
});

/** Netflix concurrency-limits' AIMDLimit: 20 at first, +1 while half used, × 0.9 on a drop; here busy is a drop too. Its cap is raised. */
export const AIMD = plainControl({ name: 'AIMD', boundsQueue: true, limiter: aimd });

/** Netflix concurrency-limits' Gradient2Limit in windows of a second, its cap raised. */
export const GRADIENT2 = plainControl({ name: 'Gradient2', boundsQueue: true, limiter: gradient2 });

function withBreaker(limit: number): PlainLimiter {
  let window: { atMs: number; failed: boolean }[] = [];
  let openUntilMs = -Infinity;
  let probing = false;
  return {
    step(nowMs, ended) {
      for (const { endedMs, class: kind } of ended) {
        const failed = kind === 'busy' || kind === 'dropped' || kind === 'unreachable';
        if (probing) {
          probing = false;
          window = [];
          if (failed) openUntilMs = nowMs + BREAKER.openMs;
        }
        window.push({ atMs: endedMs, failed });
      }
      window = window.filter(({ atMs }) => atMs > nowMs - BREAKER.windowMs);
      if (nowMs < openUntilMs) return 0;
      if (openUntilMs > -Infinity && openUntilMs + 1 > nowMs - 250 && !probing && window.length === 0) {
        probing = true;
        return 1;
      }
      if (probing) return 1;
      const failures = window.filter(({ failed }) => failed).length;
      if (window.length >= BREAKER.atLeast && failures >= BREAKER.failedShare * window.length) {
        openUntilMs = nowMs + BREAKER.openMs;
        window = [];
        return 0;
      }
      return limit;
    },
  };
}

function aimd(): PlainLimiter {
  let limit = 20;
  return {
    step(_nowMs, ended, inFlight) {
      for (const { class: kind } of ended) {
        if (kind === 'busy' || kind === 'dropped') limit = Math.max(20, Math.floor(limit * 0.9));
        else if (inFlight * 2 >= limit) limit += 1;
      }
      return limit;
    },
  };
}

function gradient2(): PlainLimiter {
  let limit = 20;
  let longMs = 0;
  let windows = 0;
  let window: number[] = [];
  let windowEndsMs = 0;
  return {
    step(nowMs, ended, inFlight) {
      for (const { rttMs, class: kind } of ended) if (kind === 'worked' || kind === 'declined') window.push(rttMs);
      if (nowMs < windowEndsMs || window.length < 10) return Math.floor(limit);
      const shortMs = window.reduce((sum, ms) => sum + ms, 0) / window.length;
      window = [];
      windowEndsMs = nowMs + 1_000;
      windows += 1;
      longMs = windows <= 10 ? (longMs * (windows - 1) + shortMs) / windows : longMs + (2 / 601) * (shortMs - longMs);
      if (longMs / shortMs > 2) longMs *= 0.95;
      if (inFlight < limit / 2) return Math.floor(limit);
      const gradient = Math.max(0.5, Math.min(1, (1.5 * longMs) / shortMs));
      limit = Math.max(20, 0.8 * limit + 0.2 * (limit * gradient + 4));
      return Math.floor(limit);
    },
  };
}
