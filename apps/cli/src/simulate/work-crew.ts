/** Jobs played by several threads. A simulated second is the same in any of them, so the results do not depend on how many there are. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Job, JobResults } from './jobs';
import { nameOf } from './jobs';
import type { Answer } from './job-thread';

/** As many as the machine has cores for. */
export const JOBS_UNSAID = availableParallelism();

export type Hire = <J extends Job>(job: J) => Promise<JobResults[J['kind']]>;

interface Waiting {
  readonly job: Job;
  readonly done: (result: never) => void;
  readonly failed: (error: Error) => void;
}

/**
 * @param threads how many play at the same time
 * @param tell progress, one line
 * @param ask hands out jobs with `hire`, which are begun in the order of asking
 */
export async function withCrew<T>(
  threads: number,
  tell: (line: string) => void,
  ask: (hire: Hire) => Promise<T>,
): Promise<T> {
  const waiting: Waiting[] = [];
  const crew = new Set<Worker>();
  let asked = 0;
  let done = 0;
  const give = (worker: Worker): void => {
    const next = waiting.shift();
    if (next === undefined) {
      crew.delete(worker);
      void worker.terminate();
      return;
    }
    worker.removeAllListeners();
    worker.once('message', ({ result, seconds }: Answer) => {
      done += 1;
      tell(`${done}/${asked} ${nameOf(next.job)}: ${seconds.toFixed(1)} s`);
      next.done(result as never);
      give(worker);
    });
    worker.once('error', (error) => next.failed(error));
    worker.postMessage(next.job);
  };
  const hire: Hire = (job) =>
    new Promise((resolve, reject) => {
      asked += 1;
      waiting.push({ job, done: resolve as (result: never) => void, failed: reject });
      if (crew.size >= threads) return;
      const worker = new Worker(require.resolve('./job-thread'));
      crew.add(worker);
      give(worker);
    });
  try {
    return await ask(hire);
  } finally {
    await Promise.all([...crew].map((worker) => worker.terminate()));
  }
}
