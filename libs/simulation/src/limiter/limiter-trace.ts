// What is written down during a trial: counts and levels per tenth of a second, and round trips per minute.
import type { BankCapacity } from '../bank-capacity-state';
import type { TrialScript } from './trial-script';

/** One point, ms: five in a controller's half second, and a fraction of every settling time. */
export const TRACE_STEP_MS = 100;
/** Round trips are kept per minute, in bins of 2 %: p99 to within 1 %. */
const MINUTE_MS = 60_000;
const BIN_LOG = Math.log(1.02);
const BINS = 900;

export interface LimiterTrace {
  readonly script: TrialScript;
  /** Answers in time: charged or clearly declined. */
  readonly served: Float64Array;
  readonly busy: Float64Array;
  /** Calls that stood in the bank's queue for more than half of their deadline; where it has none, calls given up. */
  readonly late: Float64Array;
  readonly inFlight: Float64Array;
  readonly limit: Float64Array;
  /** The bank's own queue. */
  readonly waiting: Float64Array;
  /** Round trips by minute. */
  readonly roundTrips: Uint32Array[];
  started: number;
}

export function newTrace(script: TrialScript): LimiterTrace {
  const points = Math.ceil(script.durationMs / TRACE_STEP_MS) + 1;
  const column = (): Float64Array => new Float64Array(points);
  return {
    script,
    served: column(),
    busy: column(),
    late: column(),
    inFlight: column(),
    limit: column(),
    waiting: column(),
    roundTrips: Array.from({ length: Math.ceil(script.durationMs / MINUTE_MS) }, () => new Uint32Array(BINS)),
    started: 0,
  };
}

export function sample(trace: LimiterTrace, nowMs: number, inFlight: number, limit: number, bank: BankCapacity): void {
  const point = Math.round(nowMs / TRACE_STEP_MS);
  trace.inFlight[point] = inFlight;
  trace.limit[point] = limit;
  trace.waiting[point] = Math.max(0, bank.marks.size + bank.queued - bank.config.slots);
}

export function addRoundTrip(trace: LimiterTrace, nowMs: number, tookMs: number): void {
  const minute = trace.roundTrips[Math.floor(nowMs / MINUTE_MS)];
  if (minute === undefined) return;
  const bin = Math.min(BINS - 1, Math.max(0, Math.round(Math.log(Math.max(1, tookMs)) / BIN_LOG)));
  minute[bin]! += 1;
}

/** A quantile of the round trips of some minutes, ms; `NaN` of none. */
export function roundTripQuantile(trace: LimiterTrace, fromMinute: number, toMinute: number, quantile: number): number {
  const minutes = trace.roundTrips.slice(fromMinute, toMinute);
  const counts = Array.from({ length: BINS }, (_, bin) => minutes.reduce((sum, minute) => sum + minute[bin]!, 0));
  const total = counts.reduce((sum, count) => sum + count, 0);
  let seen = 0;
  for (let bin = 0; bin < BINS; bin += 1) {
    seen += counts[bin]!;
    if (seen >= quantile * total && total > 0) return Math.exp(bin * BIN_LOG);
  }
  return NaN;
}

/** Sum of a column between two times. */
export function sumBetween(column: Float64Array, fromMs: number, toMs: number): number {
  let sum = 0;
  for (
    let i = Math.ceil(fromMs / TRACE_STEP_MS);
    i < Math.min(column.length, Math.ceil(toMs / TRACE_STEP_MS));
    i += 1
  ) {
    sum += column[i]!;
  }
  return sum;
}
