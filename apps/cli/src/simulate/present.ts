/** The table on stdout: each control and load of a scenario in a row, then the figures against their goals. */
import type { FlowFigure, RunMeasures } from '#simulation';
import { alignedTable } from '../outcome';
import type { PlayedScenario } from './play-runs';

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

export function scenarioTable({ scenario, sluice, others }: PlayedScenario): string {
  const head = [
    'control',
    'load',
    'on time',
    'of oracle',
    'goodput',
    'busy',
    'unknown',
    'bank queue',
    'moved',
    'then failed',
  ];
  const rows = [...sluice, ...others].map((run) => [
    run.control,
    `${run.load}×`,
    percent(run.onTimeShare),
    run.onTimeOverOracle.toFixed(3),
    run.goodput.toFixed(3),
    percent(run.busyShare),
    String(run.unknowns),
    String(Math.round(run.bankQueue)),
    String(run.moved),
    failedShare(run),
  ]);
  return `\n${scenario.name}: ${scenario.about.en}\n${alignedTable([head, ...rows])}`;
}

function failedShare({ moved, movedThenFailed }: RunMeasures): string {
  return moved === 0 ? '–' : percent(movedThenFailed / moved);
}

export function figureTable(figures: readonly FlowFigure[]): string {
  const head = ['figure', 'worst', 'median', 'goal', 'met', 'runs'];
  const show = (value: number | null): string =>
    value === null ? 'not known' : Number(value.toPrecision(4)).toString();
  const rows = figures.map(({ name, value, median, unit, goal, met, runs }) => [
    name,
    show(value),
    show(median),
    `${goal} ${unit}`,
    met ? 'yes' : 'NO',
    String(runs),
  ]);
  return `\n${alignedTable([head, ...rows])}`;
}
