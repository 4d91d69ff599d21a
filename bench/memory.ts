/**
 * How much memory does each process hold: at rest, after a load, and does it grow under a steady one?
 *
 * Counted is the proportional share (PSS) of a process with its children: PostgreSQL's backends share most of theirs. Heaps are what the
 * processes say of themselves, and rise and fall with the collector, so the slope is that of the lowest reading of each window.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Report } from './bench-run.ts';
import type { Options } from './options.ts';
import { type Measured, described } from './outcome.ts';
import { withDescendants } from './processor-time.ts';
import type { Product } from './product.ts';
import { arrivals, saturation, Side } from './side.ts';
import { slopeOf } from './statistics.ts';
import { aligned, goalsOf } from './table.ts';

/** After a start or a load: collectors have run, caches have let go of what they let go of. */
const REST_S = 10;
const LOAD_S = 20;
const LOOK_EVERY_MS = 1_000;
/** Lowest readings are taken over so many looks: longer than a collector waits under load. */
const LOOKS_PER_WINDOW = 10;

/** MB by process; heaps as `orchestrator heap`. */
type Reading = Readonly<Record<string, number>>;

export async function memory(options: Options, folder: string, report: Report): Promise<Measured> {
  const side = await report.step('product up', () =>
    Side.start({ folder: join(folder, 'product'), seed: options.seed }),
  );
  try {
    const look = (): Promise<Reading> => readingOf(side.product);
    await report.step('at rest', () => sleep(REST_S * 1_000));
    const rest = await look();
    await report.step('saturated', () => side.under(saturation(options.seed), [LOAD_S]));
    await report.step('at rest again', () => sleep(REST_S * 1_000));
    const after = await look();
    const readings: { atMin: number; reading: Reading }[] = [];
    const begunMs = performance.now();
    const looking = setInterval(() => {
      const atMin = (performance.now() - begunMs) / 60_000;
      void look().then(
        (reading) => readings.push({ atMin, reading }),
        () => undefined,
      );
    }, LOOK_EVERY_MS);
    try {
      await report.step(`steady at ${options.rate}/s`, () =>
        side.under(arrivals(options.rate, options.seed), [options.seconds]),
      );
    } finally {
      clearInterval(looking);
    }
    const violations = await side.audit();
    const names = Object.keys(rest);
    const slopes = Object.fromEntries(names.map((name) => [name, slopeOf(lowest(readings, name))]));
    const word = (name: string): string => name.replace(' ', '_');
    const figures = names.flatMap((name) => [
      described(`memory_at_rest_mb_${word(name)}`, rest[name] ?? NaN, 'MB'),
      described(`memory_after_load_mb_${word(name)}`, after[name] ?? NaN, 'MB'),
      described(`memory_slope_mb_per_minute_${word(name)}`, slopes[name] ?? NaN, 'MB/min'),
    ]);
    const cell = (value: number | undefined): string => (value ?? NaN).toFixed(1);
    const table = aligned([
      ['MB', 'at rest', 'after load', `slope a minute at ${options.rate}/s`],
      ...names.map((name) => [name, cell(rest[name]), cell(after[name]), cell(slopes[name])]),
    ]);
    return {
      findings: { figures, violations, detail: { rate: options.rate, seconds: options.seconds, readings } },
      table: `${table}\n${goalsOf({ figures: [], violations })}`,
    };
  } finally {
    await side.end();
  }
}

/** The lowest reading of each window, at the window's middle. */
function lowest(readings: readonly { atMin: number; reading: Reading }[], name: string): readonly [number, number][] {
  const points: [number, number][] = [];
  for (let at = 0; at + LOOKS_PER_WINDOW <= readings.length; at += LOOKS_PER_WINDOW) {
    const window = readings.slice(at, at + LOOKS_PER_WINDOW);
    const middle = window[Math.floor(LOOKS_PER_WINDOW / 2)]?.atMin ?? 0;
    points.push([middle, Math.min(...window.map(({ reading }) => reading[name] ?? NaN))]);
  }
  return points;
}

async function readingOf({ pids, url, workerUrl }: Product): Promise<Reading> {
  const [orchestrator, worker] = await Promise.all([heapMb(url), heapMb(workerUrl)]);
  const names = Object.keys(pids).filter((name) => name !== 'bank_simulator');
  return {
    ...Object.fromEntries(names.map((name) => [name, withDescendants(pids[name] ?? -1).reduce(addPss, 0)])),
    'orchestrator heap': orchestrator,
    'worker heap': worker,
  };
}

function addPss(sum: number, pid: number): number {
  try {
    const kb = /^Pss: +([0-9]+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return sum + Number(kb ?? 0) / 1_024;
  } catch {
    // It ended between the listing and the reading.
    return sum;
  }
}

async function heapMb(base: string): Promise<number> {
  const text = await (await fetch(`${base}/metrics`)).text();
  return Number(/^nodejs_heap_size_used_bytes(?:\{.*\})? ([0-9.e+]+)$/m.exec(text)?.[1]) / 1_048_576;
}
