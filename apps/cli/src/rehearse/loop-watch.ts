/**
 * How late were the event loops of API and worker while the load ran, and did this machine's clock run evenly? Once a second, from each
 * `/metrics`, whose figure covers the time since it was last read.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningProduct } from '../running-product';

const LOOK_EVERY_MS = 1_000;
/** A process that does not even say how late it is, is left out of that second. */
const ANSWER_WITHIN_MS = 2_000;

export interface LoopGlimpse {
  readonly atMs: number;
  /** p99 of the event loop's delay, ms; null: it did not answer. */
  readonly orchestratorMs: number | null;
  readonly workerMs: number | null;
  /** What the wall clock gained on the monotonic one since the first look, ms. */
  readonly clockStepMs: number;
}

/** Watches until told to end. */
export async function watchLoops({ urls }: RunningProduct, ends: AbortSignal): Promise<LoopGlimpse[]> {
  const seen: LoopGlimpse[] = [];
  const ahead = (): number => Date.now() - performance.now();
  const aheadAtFirst = ahead();
  // Read once for nothing: the first answer covers all the time since somebody else asked.
  await Promise.all([delayAt(urls.api), delayAt(urls.worker)]);
  while (!ends.aborted) {
    await sleep(LOOK_EVERY_MS, undefined, { signal: ends }).catch(() => undefined);
    const [orchestratorMs, workerMs] = await Promise.all([delayAt(urls.api), delayAt(urls.worker)]);
    seen.push({ atMs: Date.now(), orchestratorMs, workerMs, clockStepMs: Math.round(ahead() - aheadAtFirst) });
  }
  return seen;
}

async function delayAt(url: string | undefined): Promise<number | null> {
  if (url === undefined) return null;
  try {
    const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return loopDelayOf(await answer.text());
  } catch {
    return null;
  }
}

/** The probe behind the figure ticks every 10 ms and counts that as delay. */
const PROBE_MS = 10;

/** p99 of the event loop's delay, ms. @param metrics the text of a process's `/metrics` */
export function loopDelayOf(metrics: string): number | null {
  const seconds = /^nodejs_eventloop_lag_p99_seconds(?:\{[^}]*\})? (\S+)$/m.exec(metrics)?.[1];
  const ms = seconds === undefined ? NaN : Number(seconds) * 1_000;
  return Number.isFinite(ms) ? Math.max(0, Math.round(ms - PROBE_MS)) : null;
}
