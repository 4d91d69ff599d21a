/**
 * Was it a queue? If calls in flight were cut and the delay did not follow, what was long was the way, not the queue, and the cut was
 * for nothing. The elasticity of delay over calls in flight says so: 1 where a queue is all there is (D = N / X), 0 where there is none.
 * Without this test a longer route or a slower release reads as congestion, and a relative limiter falls towards 1.
 */
import type { Reading } from './limiter-state';

export interface Response {
  /** d ln delay / d ln in flight. */
  readonly elasticity: number;
  readonly error: number;
}

/** A change of calls in flight too small to show anything. */
const CHANGE_MIN = 0.07;

/** `null` where the load hardly changed. Errors of readings are in service times and are taken relative to the delays. */
export function responseOf(before: Reading, after: Reading, serviceMs: number): Response | null {
  const load = Math.log(before.inFlight / after.inFlight);
  if (!(Math.abs(load) >= CHANGE_MIN) || before.delayMs <= 0 || after.delayMs <= 0) return null;
  const relative = Math.hypot((before.error * serviceMs) / before.delayMs, (after.error * serviceMs) / after.delayMs);
  return { elasticity: Math.log(before.delayMs / after.delayMs) / load, error: relative / Math.abs(load) };
}

/** The delay rose although calls were cut: the world moved in between, and the test says nothing. */
export function worldMoved(before: Reading, after: Reading, serviceMs: number): boolean {
  return after.delayMs - before.delayMs > 2 * Math.hypot(before.error, after.error) * serviceMs;
}

/** Delay stayed where it was: no queue. */
export function showsNoQueue(response: Response): boolean {
  return response.elasticity < 0.5 && response.elasticity + response.error < 0.75;
}
