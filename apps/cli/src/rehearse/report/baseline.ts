/**
 * Is it better or worse than before? Each figure against the median of the runs that a baseline keeps; what these runs differ among
 * themselves, and at least a band by the figure's kind, counts as noise. Times of another machine are shown and not judged.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, type Machine, type Outcome, writeResult } from '../../outcome';
import { LOAD_TESTS } from '../profile';
import { quantile } from '../statistics';

/** Runs that a baseline keeps: enough to know their spread, few enough to be of one age. */
const RUNS_KEPT = 5;

interface BaselineRun {
  readonly commit: string;
  readonly started_at: string;
  readonly seed: number | null;
  readonly machine: Pick<Machine, 'cpus' | 'cpu' | 'memory_mb'>;
  readonly figures: Readonly<Record<string, number>>;
}

/** A file of `load-tests/baselines/`. Newest run first. */
export interface Baseline {
  readonly scenario: string;
  readonly profile: string;
  readonly runs: readonly BaselineRun[];
}

export interface FigureChange {
  readonly name: string;
  readonly unit: string;
  readonly before: number;
  readonly now: number;
  /** Over what was before; null: it was nought. */
  readonly change: number | null;
  /** Differences up to this are noise, in the figure's unit. */
  readonly band: number;
  readonly judged: 'noise' | 'better' | 'worse' | 'changed' | 'other_machine';
}

export interface BaselineDifference {
  readonly file: string;
  readonly runs: number;
  readonly commit: string;
  readonly started_at: string;
  readonly same_machine: boolean;
  readonly figures: readonly FigureChange[];
}

export function baselineFile(scenario: string, profile: string): string {
  return join(LOAD_TESTS, 'baselines', `${scenario}.${profile}.json`);
}

/** @returns null if there is none. @throws if it is of another scenario or profile */
export function readBaseline(file: string, scenario: string, profile: string): Baseline | null {
  if (!existsSync(file)) return null;
  const baseline = JSON.parse(readFileSync(file, 'utf8')) as Baseline;
  if (baseline.scenario !== scenario || baseline.profile !== profile)
    throw new Error(
      `${file} is of ${baseline.scenario} with profile ${baseline.profile}, not of ${scenario} with ${profile}.`,
    );
  return baseline;
}

/** The baseline with one run more; of a run that is void nobody should ask. */
export function withRun(baseline: Baseline | null, scenario: string, profile: string, outcome: Outcome): Baseline {
  const { commit, started_at, seed, machine } = outcome;
  const figures = Object.fromEntries(
    outcome.figures.flatMap(({ name, value }) => (value === null ? [] : [[name, value] as const])),
  );
  const { cpus, cpu, memory_mb } = machine;
  const run = { commit, started_at, seed, machine: { cpus, cpu, memory_mb }, figures };
  return { scenario, profile, runs: [run, ...(baseline?.runs ?? [])].slice(0, RUNS_KEPT) };
}

export function saveBaseline(file: string, baseline: Baseline): void {
  writeResult(file, `${JSON.stringify(baseline, null, 2)}\n`);
}

export function differenceTo(baseline: Baseline, file: string, now: Outcome): BaselineDifference | null {
  const [newest] = baseline.runs;
  if (newest === undefined) return null;
  const sameMachine = baseline.runs.every(
    ({ machine }) => machine.cpu === now.machine.cpu && machine.cpus === now.machine.cpus,
  );
  return {
    ...{ file, runs: baseline.runs.length, commit: newest.commit, started_at: newest.started_at },
    same_machine: sameMachine,
    figures: now.figures.flatMap((figure) => {
      const before = baseline.runs.flatMap(({ figures }) => figures[figure.name] ?? []);
      return figure.value === null || before.length === 0 ? [] : [changeOf(figure, figure.value, before, sameMachine)];
    }),
  };
}

function changeOf(
  { name, unit, goal }: Figure,
  now: number,
  all: readonly number[],
  sameMachine: boolean,
): FigureChange {
  const before = quantile(all, 0.5) ?? 0;
  const band = rounded(Math.max(leastBand(unit, before), Math.max(...all) - Math.min(...all)));
  const difference = now - before;
  const change = before === 0 ? null : rounded(difference / Math.abs(before));
  return { name, unit, before, now, change, band, judged: judge() };

  function judge(): FigureChange['judged'] {
    if (Math.abs(difference) <= band) return 'noise';
    if (!sameMachine && unit !== 'ratio') return 'other_machine';
    if (goal === null) return 'changed';
    return goal.startsWith('>=') === difference > 0 ? 'better' : 'worse';
  }
}

/** What two runs of the same code differ by on a quiet machine: three hundredths of a ratio, a fifth of a time, a tenth of a count. */
function leastBand(unit: string, before: number): number {
  if (unit === 'ratio') return 0.03;
  if (unit === 'ms') return Math.max(5, 0.2 * before);
  if (unit === 's') return Math.max(1, 0.2 * before);
  // Where nothing should be, one is no noise.
  return 0.1 * Math.abs(before);
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
