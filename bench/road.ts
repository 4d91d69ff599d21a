/** One measured window of the whole product: load on, first second left out, counts and processor time taken at both ends, load off. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Counts, Generator, Load } from './generator.ts';
import { processorTimes } from './processor-time.ts';
import type { Commits, Product } from './product.ts';

/** Queues and batches have found their size after ten times the way of a payment, ms. */
const SETTLE_MS = 1_500;

/** What happened in one stretch of a load. */
export interface Window {
  readonly seconds: number;
  readonly counts: Counts;
  /** Processor time by process, µs. */
  readonly cpu: Readonly<Record<string, number>>;
  readonly from: Date;
  readonly to: Date;
}

export interface RoadWindow extends Window {
  /** Payments per commit, by what the commit did. */
  readonly batches: Readonly<Record<string, number>>;
  /** Everything from the load's begin to its end: what the audit must find. */
  readonly totals: Counts;
}

/** One load in windows that follow each other without a gap. */
export async function measureWindows(
  pids: Readonly<Record<string, number | undefined>>,
  generator: Generator,
  load: Load,
  seconds: readonly number[],
): Promise<{ readonly windows: readonly Window[]; readonly totals: Counts }> {
  const all = { ...pids, generator: generator.pid };
  const names = Object.keys(all);
  generator.begin(load);
  await sleep(SETTLE_MS);
  await generator.mark();
  const windows: Window[] = [];
  let [before, begunMs, from] = [processorTimes(all), performance.now(), new Date()];
  for (const each of seconds) {
    await sleep(each * 1_000);
    const [after, endedMs, to] = [processorTimes(all), performance.now(), new Date()];
    const counts = await generator.mark();
    const cpu = Object.fromEntries(names.map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)]));
    windows.push({ seconds: (endedMs - begunMs) / 1_000, counts, cpu, from, to });
    [before, begunMs, from] = [after, endedMs, to];
  }
  return { windows, totals: await generator.stop() };
}

export async function measureRoad(
  product: Product,
  generator: Generator,
  load: Load,
  seconds: number,
): Promise<RoadWindow> {
  const { windows, totals } = await measureWindows(product.pids, generator, load, [seconds]);
  const window = windows[0]!;
  return { ...window, batches: batchSizes(await product.batchesBetween(window.from, window.to)), totals };
}

function batchSizes(commits: Readonly<Record<string, Commits>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(commits).map(([kind, each]) => [kind, each.rows / Math.max(each.commits, 1)]),
  );
}
