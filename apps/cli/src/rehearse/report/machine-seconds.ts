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
  others: words('机器上的其他程序', 'Other programs'),
};

/** These use as many cores as there are; the others run on one. */
const MANY_CORES: ReadonlySet<string> = new Set(['postgres', 'generator', 'machine', 'others']);
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

/** A full machine on which event loops come this late does harm; below, whoever needed the processor had it. */
const HARM_MS = 50;
/** How much of a machine that has nothing left must be used by others for the lack to be theirs. */
const OTHERS_SHARE = 0.5;

interface Frame {
  readonly beginMs: number;
  /** Seconds. */
  readonly length: number;
  readonly cpus: number;
}

export function processRuns(
  resources: readonly ProcessGlimpse[],
  loops: readonly LoopGlimpse[],
  frame: Frame,
): ProcessRun[] {
  const { beginMs, cpus, length } = frame;
  const used = new Map(
    [...new Set(resources.map(({ name }) => name))]
      .filter((name) => name in PROCESS_WORDS)
      .map((name) => [name, coresBySecond(resources, name, frame)]),
  );
  const machine = used.get('machine');
  if (machine !== undefined) {
    const ours = [...used].filter(([name]) => name !== 'machine').map(([, cores]) => cores);
    used.set(
      'others',
      machine.map((all, second) =>
        all === null ? null : Math.max(0, all - ours.reduce((sum, cores) => sum + (cores[second] ?? 0), 0)),
      ),
    );
  }
  const delays = new Map(['orchestrator', 'worker'].map((name) => [name, delaysOf(name, loops, beginMs, length)]));
  const machineFull = (second: number): boolean => {
    const known = [...delays.values()].flatMap((of) => of?.[second] ?? []);
    const harmed = known.length === 0 || Math.max(...known) >= HARM_MS;
    return harmed && (machine?.[second] ?? 0) >= FULL * cpus;
  };
  const starved = (second: number): boolean =>
    machineFull(second) && (used.get('others')?.[second] ?? 0) >= OTHERS_SHARE * cpus;
  return Object.keys(PROCESS_WORDS).flatMap((name): ProcessRun[] => {
    const cores = used.get(name);
    if (cores === undefined || cores.every((one) => one === null)) return [];
    const loopDelayMs = delays.get(name) ?? null;
    const ofCores = MANY_CORES.has(name) ? cpus : 1;
    const full = cores.map((one, second) => {
      if (name === 'others') return starved(second);
      if (name === 'machine') return machineFull(second);
      // A loop that others keep from running is not late by its own work.
      const late = (loopDelayMs?.[second] ?? 0) >= LOOP_LATE_MS && !starved(second);
      return late || (one !== null && one >= FULL * ofCores);
    });
    return [{ name, cores, ofCores, loopDelayMs, full }];
  });
}

function coresBySecond(
  resources: readonly ProcessGlimpse[],
  name: string,
  { beginMs, cpus, length }: Frame,
): (number | null)[] {
  const cores: (number | null)[] = Array.from({ length }, () => null);
  const mine = resources.filter((one) => one.name === name);
  mine.forEach((to, index) => {
    const from = mine[index - 1];
    if (from === undefined) return;
    // Processor time comes in hundredths of a second: a short look may show more than there is.
    const used = Math.min(cpus, Math.max(0, ((to.cpuS - from.cpuS) * 1_000) / (to.atMs - from.atMs)));
    const last = Math.min(length - 1, Math.floor((to.atMs - beginMs) / 1_000));
    for (let second = Math.max(0, Math.floor((from.atMs - beginMs) / 1_000)); second <= last; second += 1)
      cores[second] ??= used;
  });
  return cores;
}

function delaysOf(
  name: string,
  loops: readonly LoopGlimpse[],
  beginMs: number,
  length: number,
): (number | null)[] | null {
  const delays: (number | null)[] = Array.from({ length }, () => null);
  for (const { atMs, orchestratorMs, workerMs } of loops) {
    // A look covers the second before it.
    const second = Math.floor((atMs - beginMs) / 1_000 - 0.5);
    if (second >= 0 && second < length) delays[second] = name === 'worker' ? workerMs : orchestratorMs;
  }
  return delays.every((delay) => delay === null) ? null : delays;
}
