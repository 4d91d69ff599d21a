/**
 * Ends a process in order: what came in is finished, what is open is closed, then exit 0.
 *
 * SIGTERM and SIGINT start it once; a second signal ends at once. Every step has a bound, because a supervisor's SIGKILL comes
 * after its own bound and would cut an orderly step in half.
 */
import type { Log } from '#dispatch';

/** One thing to end. Steps run one after the other, in the order given. */
export interface StopStep {
  readonly name: string;
  /** Given up after this many ms; the next step follows all the same. */
  readonly boundMs: number;
  readonly stop: () => Promise<void> | void;
}

/** Runs the steps in order. Never throws. @returns the names of those that failed or ran out of time */
export async function stopInOrder(steps: readonly StopStep[], log: Log): Promise<readonly string[]> {
  const unfinished: string[] = [];
  for (const step of steps) {
    const ended = await withBound(step);
    if (ended === 'done') continue;
    unfinished.push(step.name);
    log.warn(`Stopping: ${step.name} did not end in order`, { step: step.name, why: ended });
  }
  return unfinished;
}

/** Stops in order at the first SIGTERM or SIGINT, then exits 0; 1 where a step did not end in order. */
export function stopOnSignals(steps: readonly StopStep[], log: Log): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) {
      log.warn('Stopping at once: second signal', { signal });
      process.exit(1);
    }
    stopping = true;
    log.info('Stopping: draining', { signal });
    void stopInOrder(steps, log).then((unfinished) => {
      log.info('Stopped', { in_order: unfinished.length === 0 });
      process.exit(unfinished.length === 0 ? 0 : 1);
    });
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

async function withBound(step: StopStep): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, step.boundMs, `not done after ${step.boundMs} ms`);
  });
  try {
    return await Promise.race([(async () => step.stop())().then(() => 'done'), bound]);
  } catch (error) {
    return String(error);
  } finally {
    clearTimeout(timer);
  }
}
