/**
 * Who used the machine while the load ran? Once a second the processor time and private memory of each process, from /proc: what saturates
 * first is a bottleneck, and what only grows is a leak. Where there is no /proc, nothing is said.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningProduct } from '../running-product';
import type { Span } from './phase-spans';

const LOOK_EVERY_MS = 1_000;
/** Linux shows processor time to programs in hundredths of a second on every machine that Node runs on (USER_HZ). */
const TICKS_PER_SECOND = 100;

/** One process, with everything below it that has no name of its own, at one moment. */
export interface ProcessGlimpse {
  readonly atMs: number;
  readonly name: string;
  /** Processor time since its start, s. */
  readonly cpuS: number;
  /** Private memory: RssAnon, without what is shared or can be read again from files. */
  readonly memoryMb: number;
}

/** What /proc/<pid>/stat says of a process. */
interface Stat {
  readonly parentPid: number;
  readonly ticks: number;
}

/** @param stat the text of /proc/<pid>/stat */
export function parseStat(stat: string): Stat {
  // The second field is a name in parentheses that may hold anything; what follows its end is field 3, the state.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  // Own user and system time, and that of children that have ended.
  return { parentPid: field(4), ticks: field(14) + field(15) + field(16) + field(17) };
}

/** The product's processes as they are at the start, k6 with this command as `generator`, and the whole `machine`. */
export async function watchResources({ pids }: RunningProduct, ends: AbortSignal): Promise<ProcessGlimpse[]> {
  const seen: ProcessGlimpse[] = [];
  const named = Object.entries({ ...pids, generator: process.pid });
  const roots = new Set(named.map(([, pid]) => pid));
  while (!ends.aborted) {
    const atMs = Date.now();
    const stats = allStats();
    if (stats.size > 0) seen.push({ atMs, name: 'machine', ...wholeMachine() });
    for (const [name, pid] of named) {
      const tree = treeOf(pid, stats, roots);
      if (tree.length === 0) continue;
      const ticks = tree.reduce((sum, one) => sum + (stats.get(one)?.ticks ?? 0), 0);
      const memoryMb = tree.reduce((sum, one) => sum + privateMemoryMb(one), 0);
      seen.push({ atMs, name, cpuS: ticks / TICKS_PER_SECOND, memoryMb });
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal: ends }).catch(() => undefined);
  }
  return seen;
}

/** Everybody on it, ours or not. */
function wholeMachine(): Pick<ProcessGlimpse, 'cpuS' | 'memoryMb'> {
  const [line = ''] = (readOrNull('/proc/stat') ?? '').split('\n');
  // user, nice, system, (idle, iowait,) irq, softirq, steal
  const ticks = line.split(/\s+/).slice(1, 9).map(Number);
  const busy = ticks.reduce((sum, one, place) => (place === 3 || place === 4 ? sum : sum + one), 0);
  const memory = readOrNull('/proc/meminfo') ?? '';
  const kib = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(memory)?.[1] ?? 0);
  return { cpuS: busy / TICKS_PER_SECOND, memoryMb: (kib('MemTotal') - kib('MemAvailable')) / 1_024 };
}

function allStats(): Map<number, Stat> {
  const stats = new Map<number, Stat>();
  for (const name of namesInProc()) {
    const text = readOrNull(`/proc/${name}/stat`);
    if (text !== null) stats.set(Number(name), parseStat(text));
  }
  return stats;
}

function namesInProc(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name));
  } catch {
    return [];
  }
}

/** Empty if it is gone. */
function treeOf(pid: number, stats: ReadonlyMap<number, Stat>, roots: ReadonlySet<number>): number[] {
  if (!stats.has(pid)) return [];
  const children = [...stats].filter(([child, { parentPid }]) => parentPid === pid && !roots.has(child));
  return [pid, ...children.flatMap(([child]) => treeOf(child, stats, roots))];
}

function privateMemoryMb(pid: number): number {
  const kib = /^RssAnon:\s+(\d+) kB/m.exec(readOrNull(`/proc/${pid}/status`) ?? '')?.[1];
  return Number(kib ?? 0) / 1_024;
}

/** Null: the process ended between two looks. */
function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** Cores used on average between two moments, by process; without those that were not seen twice. */
export function coresUsed(seen: readonly ProcessGlimpse[], { fromMs, toMs }: Span): Record<string, number> {
  const within = seen.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  return Object.fromEntries(
    [...new Set(within.map(({ name }) => name))].flatMap((name) => {
      const mine = within.filter((one) => one.name === name);
      const [first, last] = [mine[0], mine.at(-1)];
      if (first === undefined || last === undefined || first === last) return [];
      return [[name, ((last.cpuS - first.cpuS) * 1_000) / (last.atMs - first.atMs)]];
    }),
  );
}
