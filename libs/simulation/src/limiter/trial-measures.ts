// What is read off a trial: goodput over the truth, settling after a cut, recovery after a restore, drift of p99.
import { trueCapacityPerSecond } from '../bank-capacity-config';
import { type LimiterTrace, roundTripQuantile, sumBetween, TRACE_STEP_MS } from './limiter-trace';
import { bankAt, truthBetween } from './trial-script';

export interface Goodput {
  /** Answers in time over what the bank could have given. */
  readonly share: number;
  /** Busy answers over all answers. */
  readonly busyShare: number;
  /** Mean queue inside the bank, in parts of its slots. */
  readonly bankQueue: number;
}

export function goodputOf(trace: LimiterTrace, fromMs: number, toMs: number): Goodput {
  const served = sumBetween(trace.served, fromMs, toMs);
  const busy = sumBetween(trace.busy, fromMs, toMs);
  const points = (toMs - fromMs) / TRACE_STEP_MS;
  const slots = Math.max(1, bankAt(trace.script, fromMs).slots);
  return {
    share: served / truthBetween(trace.script, fromMs, toMs),
    busyShare: busy / Math.max(1, busy + served),
    bankQueue: sumBetween(trace.waiting, fromMs, toMs) / points / slots,
  };
}

/** Settled: calls in flight stay within this part of their new level … */
const SETTLED_WITHIN = 0.1;
/** … for so long, ms. */
const SETTLED_FOR_MS = 10_000;

/**
 * Seconds from a change to where calls in flight stay within ±10 % (or one call) of their new level for 10 s; the new
 * level is their median over those 10 s. `Infinity` if that does not happen before `untilMs`.
 */
export function settledAfterS(trace: LimiterTrace, changeMs: number, untilMs: number): number {
  const span = SETTLED_FOR_MS / TRACE_STEP_MS;
  const last = Math.floor(untilMs / TRACE_STEP_MS) - span;
  for (let from = Math.ceil(changeMs / TRACE_STEP_MS); from <= last; from += 1) {
    const window = trace.inFlight.slice(from, from + span);
    const level = window.slice().sort()[span >> 1]!;
    const within = Math.max(1, SETTLED_WITHIN * level);
    if (window.every((inFlight) => Math.abs(inFlight - level) <= within)) {
      return (from * TRACE_STEP_MS - changeMs) / 1000;
    }
  }
  return Infinity;
}

/** Seconds from a change until answers come at 90 % of the true capacity, over a second or 30 answers, whichever is longer. */
export function recoveredAfterS(trace: LimiterTrace, changeMs: number, untilMs: number): number {
  const perSecond = trueCapacityPerSecond(bankAt(trace.script, changeMs));
  const windowMs = Math.max(1_000, Math.ceil(30_000 / perSecond / TRACE_STEP_MS) * TRACE_STEP_MS);
  for (let fromMs = changeMs; fromMs + windowMs <= untilMs; fromMs += TRACE_STEP_MS) {
    const served = sumBetween(trace.served, fromMs, fromMs + windowMs);
    if (served >= 0.9 * perSecond * (windowMs / 1000)) return (fromMs - changeMs) / 1000;
  }
  return Infinity;
}

/** How far p99 of the last ten minutes is from that of the first ten after the start, as a part of it. */
export function driftOfP99(trace: LimiterTrace, warmMinutes: number): number {
  const minutes = trace.roundTrips.length;
  const first = roundTripQuantile(trace, warmMinutes, warmMinutes + 10, 0.99);
  const last = roundTripQuantile(trace, minutes - 10, minutes, 0.99);
  return Math.abs(last / first - 1);
}
