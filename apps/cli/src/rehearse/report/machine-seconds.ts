/** Which processes had no processor time left, second by second? Cores used, and how late the event loops of API and worker were. */
import type { LoopGlimpse } from '../loop-watch';
import type { ProcessGlimpse } from '../resources';
import { type Words, words } from './words';

/** The processes that a payment goes through, and what stands around them. */
export const PROCESS_WORDS: Readonly<Record<string, Words>> = {
  orchestrator: words('API（orchestrator）', 'API (orchestrator)'),
  worker: words('工作进程（worker）', 'Worker'),
  postgres: words('PostgreSQL', 'PostgreSQL'),
  redis: words('Redis', 'Redis'),
  bank_simulator: words('银行模拟器', 'Bank simulator'),
  generator: words('压测机 k6', 'Generator k6'),
  machine: words('整台机器', 'The whole machine'),
};

/** These use as many cores as there are; the others run on one. */
const MANY_CORES: ReadonlySet<string> = new Set(['postgres', 'generator', 'machine']);
/** Beyond nine tenths of what there is, waits for the processor grow tenfold. */
const FULL = 0.9;
/** An event loop so late adds a fifth of a second to every answer: twice what a refusal may take. */
export const LOOP_LATE_MS = 200;

export interface ProcessRun {
  readonly name: string;
  /** Cores used in each second; null: not seen. */
  readonly cores: readonly (number | null)[];
  /** What it can use at most. */
  readonly ofCores: number;
  /** p99 of the event loop's delay in each second; null: not measured. */
  readonly loopDelayMs: readonly (number | null)[] | null;
  /** Seconds in which it was used up. */
  readonly full: readonly boolean[];
}

export function processRuns(
  resources: readonly ProcessGlimpse[],
  loops: readonly LoopGlimpse[],
  { beginMs, length, cpus }: { readonly beginMs: number; readonly length: number; readonly cpus: number },
): ProcessRun[] {
  return Object.keys(PROCESS_WORDS).flatMap((name): ProcessRun[] => {
    const mine = resources.filter((one) => one.name === name);
    if (mine.length < 2) return [];
    const cores: (number | null)[] = Array.from({ length }, () => null);
    mine.forEach((to, index) => {
      const from = mine[index - 1];
      const second = Math.floor(((from?.atMs ?? 0) + to.atMs) / 2 / 1_000 - beginMs / 1_000);
      if (from === undefined || second < 0 || second >= length) return;
      cores[second] = Math.max(0, ((to.cpuS - from.cpuS) * 1_000) / (to.atMs - from.atMs));
    });
    const delays = delaysOf(name, loops, beginMs, length);
    const ofCores = MANY_CORES.has(name) ? cpus : 1;
    const full = cores.map((used, second) => {
      const late = (delays?.[second] ?? 0) >= LOOP_LATE_MS;
      return late || (used !== null && used >= FULL * ofCores);
    });
    return [{ name, cores, ofCores, loopDelayMs: delays, full }];
  });
}

function delaysOf(
  name: string,
  loops: readonly LoopGlimpse[],
  beginMs: number,
  length: number,
): (number | null)[] | null {
  if (name !== 'orchestrator' && name !== 'worker') return null;
  const delays: (number | null)[] = Array.from({ length }, () => null);
  for (const { atMs, orchestratorMs, workerMs } of loops) {
    // A look covers the second before it.
    const second = Math.floor((atMs - beginMs) / 1_000 - 0.5);
    if (second >= 0 && second < length) delays[second] = name === 'worker' ? workerMs : orchestratorMs;
  }
  return delays.every((delay) => delay === null) ? null : delays;
}
