/** One measured window of the whole product: load on, first second left out, counts and processor time taken at both ends, load off. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Counts, Generator, Load } from './generator.ts';
import { processorTimes } from './processor-time.ts';
import type { Commits, Product } from './product.ts';

/** Queues and batches have found their size after ten times the way of a payment, ms. */
const SETTLE_MS = 1_500;

export interface RoadWindow {
  readonly seconds: number;
  readonly counts: Counts;
  /** Processor time by process, µs. */
  readonly cpu: Readonly<Record<string, number>>;
  /** Payments per commit, by what the commit did. */
  readonly batches: Readonly<Record<string, number>>;
  /** Everything from the load's begin to its end: what the audit must find. */
  readonly totals: Counts;
}

export async function measureRoad(
  product: Product,
  generator: Generator,
  load: Load,
  seconds: number,
): Promise<RoadWindow> {
  const pids = { ...product.pids, generator: generator.pid };
  generator.begin(load);
  await sleep(SETTLE_MS);
  await generator.mark();
  const [before, begunMs, from] = [processorTimes(pids), performance.now(), new Date()];
  await sleep(seconds * 1_000);
  const [after, endedMs, to] = [processorTimes(pids), performance.now(), new Date()];
  const counts = await generator.mark();
  const totals = await generator.stop();
  return {
    seconds: (endedMs - begunMs) / 1_000,
    counts,
    cpu: Object.fromEntries(Object.keys(pids).map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)])),
    batches: batchSizes(await product.batchesBetween(from, to)),
    totals,
  };
}

function batchSizes(commits: Readonly<Record<string, Commits>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(commits).map(([kind, each]) => [kind, each.rows / Math.max(each.commits, 1)]),
  );
}
