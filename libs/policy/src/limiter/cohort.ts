/**
 * Which calls tell what the present limit does? Those begun under it: a call begun earlier has met the queue of the limit before, and
 * the first answers after a change are the quick ones. So calls are gathered in cohorts, and a cohort begins when the change has reached
 * the workers.
 */
import { delayQuantile, type DelayEstimate } from './delay-quantile';
import type { Cohort, EndedCall, LimiterInput } from './limiter-state';

/** Until a new limit holds at the workers, ms: measured 5 to 150, mostly under this. */
export const ACTUATION_MS = 60;

/** Enough for a standard error of 2 % of the service time; what comes beyond is not looked at, so that a step stays cheap. */
const CALLS_MAX = 512;

export function newCohort(fromMs: number): Cohort {
  return { fromMs, untilMs: null, workedMs: [], censoredMs: [], busy: 0, busyMs: 0, inFlightSum: 0, steps: 0 };
}

/** The same calls with what this step tells about them. */
export function gather(cohort: Cohort, input: LimiterInput, limit: number): Cohort {
  const before = cohort.workedMs.length + cohort.censoredMs.length;
  const workedMs: number[] = [];
  const censoredMs: number[] = [];
  let { busy, busyMs } = cohort;
  for (const call of input.ended) {
    if (!belongs(cohort, call.startedMs)) continue;
    const tookMs = Math.max(0, call.endedMs - call.startedMs);
    if (call.class === 'busy') {
      busy += 1;
      busyMs += tookMs;
    } else if (before + workedMs.length + censoredMs.length < CALLS_MAX) {
      if (call.class === 'worked') workedMs.push(tookMs);
      else if (isCensored(call)) censoredMs.push(tookMs);
    }
  }
  // While more calls drain than may be under way, none begins: what is counted then is not what this cohort meets.
  const draining = input.underWaySinceMs.length > Math.max(1.05 * limit, limit + 1);
  const open = input.nowMs > cohort.fromMs && cohort.untilMs === null && !draining;
  return {
    ...cohort,
    workedMs: added(cohort.workedMs, workedMs),
    censoredMs: added(cohort.censoredMs, censoredMs),
    busy,
    busyMs,
    inFlightSum: cohort.inFlightSum + (open ? input.underWaySinceMs.length : 0),
    steps: cohort.steps + (open ? 1 : 0),
  };
}

/** A list to which nothing is added is not copied: most steps of most channels add nothing. */
function added(list: readonly number[], more: readonly number[]): readonly number[] {
  return more.length === 0 ? list : list.concat(more);
}

/** The delay of a cohort, with its calls still under way. `null` while too little is known. */
export function delayOf(cohort: Cohort, input: LimiterInput, need: number): DelayEstimate | null {
  const censoredMs = [...cohort.censoredMs];
  // Workers list the oldest first: from the end, ages ascend.
  for (let i = input.underWaySinceMs.length - 1; i >= 0; i -= 1) {
    const sinceMs = input.underWaySinceMs[i]!;
    if (belongs(cohort, sinceMs)) censoredMs.push(input.underWayAgeMs?.[i] ?? input.nowMs - sinceMs);
  }
  if (cohort.workedMs.length + censoredMs.length < need) return null;
  const estimate = delayQuantile(ascending(cohort.workedMs), ascending(censoredMs), need);
  return estimate.calls >= need ? estimate : null;
}

/** Calls in flight that the cohort met, on average; `now` before its first step. */
export function inFlightOf(cohort: Cohort, now: number): number {
  return cohort.steps === 0 ? now : cohort.inFlightSum / cohort.steps;
}

function belongs(cohort: Cohort, startedMs: number): boolean {
  return startedMs >= cohort.fromMs && (cohort.untilMs === null || startedMs < cohort.untilMs);
}

/** A decline skips the work, a drop is our own deadline: both only say "not sooner". The rest says nothing about the bank. */
function isCensored(call: EndedCall): boolean {
  return call.class === 'declined' || call.class === 'dropped';
}

function ascending(values: readonly number[]): ArrayLike<number> {
  for (let place = 1; place < values.length; place += 1) {
    if (values[place]! < values[place - 1]!) return new Float64Array(values).sort();
  }
  return values;
}
