/** The table on stdout: each control and load of a scenario in a row, then the figures against their goals. */
import type { FlowFigure, RunMeasures } from '#simulation';
import { alignedTable } from '../outcome';
import type { PlayedScenario } from './play-runs';

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const COLUMNS: readonly (readonly [string, (run: RunMeasures) => number, (value: number) => string])[] = [
  ['paid on time', (run) => run.onTimeShare, percent],
  ['of all-knowing', (run) => run.onTimeOverOracle, (value) => value.toFixed(3)],
  ['of capacity', (run) => run.goodput, (value) => value.toFixed(3)],
  ['busy', (run) => run.busyShare, percent],
  ['late', (run) => run.lateShare, percent],
  ['unknown', (run) => run.unknowns, String],
  ['bank queue', (run) => run.bankQueue, (value) => value.toFixed(0)],
  ['moved', (run) => run.moved, String],
  ['then failed', (run) => (run.moved === 0 ? NaN : run.movedThenFailed / run.moved), percent],
];

export function scenarioTable({ scenario, sluice, others }: PlayedScenario): string {
  const rows = scenario.loads.flatMap((load) => {
    const at = (runs: readonly RunMeasures[]): readonly RunMeasures[] => runs.filter((run) => run.load === load);
    const ours = at(sluice);
    return [
      ['Sluice', `${load}×`, ...COLUMNS.map(([, of, show]) => medianOf(ours, of, show))],
      ...at(others).map((run) => [
        run.control,
        `${load}×`,
        ...COLUMNS.map(([, of, show]) => medianOf([run], of, show)),
      ]),
    ];
  });
  const head = ['control', 'load', ...COLUMNS.map(([name]) => name)];
  return `\n${scenario.name}: ${scenario.about.en}\n${alignedTable([head, ...rows])}`;
}

function medianOf(
  runs: readonly RunMeasures[],
  of: (run: RunMeasures) => number,
  show: (value: number) => string,
): string {
  const values = runs
    .map(of)
    .filter((value) => !Number.isNaN(value))
    .sort((a, b) => a - b);
  const median = values[Math.floor(values.length / 2)];
  return median === undefined ? '–' : show(median);
}

export function figureTable(figures: readonly FlowFigure[]): string {
  const head = ['figure', 'worst', 'median', 'goal', 'met', 'runs'];
  const show = (value: number | null): string => (value === null ? 'not known' : String(Number(value.toPrecision(4))));
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
