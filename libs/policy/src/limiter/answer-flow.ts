/**
 * The second witness: calls in flight = answers a second × time at the bank (Little, 1961). It knows at once when a bank slows, a round
 * trip before the delays do; but it cannot tell a queue from a long way, so it only bounds what the delays say. It also sees the bank
 * stand still: work that stops altogether for half a second is a pause, and after a pause everything is as before.
 */
import type { FlowBucket, LimiterInput } from './limiter-state';

/** Answers that Little's law must rest on: ±18 % of a Poisson count. */
const ANSWERS_MIN = 30;
/** Two periods of the slowest report, so that no worker's answers are missing. */
const WINDOW_MIN_MS = 400;
/** Four seconds of steps: at less than 8 answers a second the law has to do with fewer. */
const BUCKETS_MAX = 20;
/** A silence is one if it lasts so long, and so many answers were due in it: e^-15 by chance. */
const SILENCE_MS = 120;
const SILENCE_ANSWERS = 15;

export function addFlow(flow: readonly FlowBucket[], input: LimiterInput, ms: number): FlowBucket[] {
  let worked = 0;
  let idleMs = 0;
  for (const call of input.ended) {
    if (call.class === 'worked') worked += 1;
    else if (call.class !== 'ignored') idleMs += Math.max(0, call.endedMs - call.startedMs);
  }
  return [{ ms, worked, idleMs }, ...flow].slice(0, BUCKETS_MAX);
}

export interface Flow {
  /** Answers that did work, per ms. */
  readonly perMs: number;
  /** Calls in flight, on average, that were on their way to a quick no: no work is done for them. */
  readonly idle: number;
}

/** The flow of the last moments. `null` before there is enough. */
export function recentFlow(flow: readonly FlowBucket[]): Flow | null {
  let ms = 0;
  let worked = 0;
  let idleMs = 0;
  for (const bucket of flow) {
    if (ms >= WINDOW_MIN_MS && worked >= ANSWERS_MIN) break;
    ms += bucket.ms;
    worked += bucket.worked;
    idleMs += bucket.idleMs;
  }
  return ms === 0 || worked < ANSWERS_MIN ? null : { perMs: worked / ms, idle: idleMs / ms };
}

/** When the workers last looked, as far as reports tell, ms. */
export function seenMs(input: LimiterInput): number {
  if (input.underWayAgeMs === undefined) return input.nowMs;
  let seen = -Infinity;
  for (let i = 0; i < input.underWaySinceMs.length; i += 1) {
    seen = Math.max(seen, input.underWaySinceMs[i]! + (input.underWayAgeMs[i] ?? 0));
  }
  return seen;
}

/** Whether nothing came back for longer than chance explains, by the rate of the last seconds. */
export function isSilent(lastAnswerMs: number, seen: number, flow: readonly FlowBucket[]): boolean {
  let ms = 0;
  let worked = 0;
  for (const bucket of flow) {
    ms += bucket.ms;
    worked += bucket.worked;
  }
  const silentMs = seen - lastAnswerMs;
  return silentMs > SILENCE_MS && silentMs * worked > SILENCE_ANSWERS * ms;
}
