/** A thread of the crew: plays the jobs that it is given, one after another. */
import { parentPort } from 'node:worker_threads';
import { type Job, work } from './jobs';

export interface Answer {
  readonly result: ReturnType<typeof work>;
  /** By the clock on the wall. */
  readonly seconds: number;
}

parentPort?.on('message', (job: Job) => {
  const startedMs = performance.now();
  const result = work(job);
  parentPort?.postMessage({ result, seconds: (performance.now() - startedMs) / 1_000 } satisfies Answer);
});
