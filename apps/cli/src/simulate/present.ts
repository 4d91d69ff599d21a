/** The table on stdout: each control and load of a scenario in a row, then the figures against their goals. */
import type { FlowFigure, RunMeasures } from '#simulation';
import { alignedTable } from '../outcome';
import type { PlayedScenario } from './play-runs';
import type { LimiterRuns } from './run-limiter';
import type { PlannerRun } from './run-planner';

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
      ['Sluice', `${load}×`, ...COLUMNS.map(([, of, write]) => medianOf(ours, of, write))],
      ...at(others).map((run) => [
        run.control,
        `${load}×`,
        ...COLUMNS.map(([, of, write]) => medianOf([run], of, write)),
      ]),
    ];
  });
  const head = ['control', 'load', ...COLUMNS.map(([name]) => name)];
  return `\n${scenario.name}: ${scenario.about.en}\n${alignedTable([head, ...rows])}`;
}

function medianOf(
  runs: readonly RunMeasures[],
  of: (run: RunMeasures) => number,
  write: (value: number) => string,
): string {
  const values = runs
    .map(of)
    .filter((value) => !Number.isNaN(value))
    .sort((a, b) => a - b);
  const median = values[Math.floor(values.length / 2)];
  return median === undefined ? '–' : write(median);
}

export function limiterTable({ figures, others }: LimiterRuns): string {
  const names = Object.keys(others);
  const rows = figures.map(({ name, median }) => {
    const of = (limiter: string): string =>
      show(others[limiter]?.find((figure) => figure.name === name)?.median ?? null);
    return [name, show(median), ...names.map(of)];
  });
  return `\nlimiter: one channel by itself, medians over drawn banks\n${alignedTable([['figure', 'Sluice', ...names], ...rows])}`;
}

export function planTable({ result, shortfalls, raises }: PlannerRun): string {
  const { plan } = result;
  const refused = shortfalls.reduce((sum, one) => sum + one.refused, 0);
  const perChannel = shortfalls
    .slice(0, LISTED)
    .map(({ channelId, refused: away, offered, boundBy }) => [
      channelId,
      String(away),
      percent(away / offered),
      boundBy,
    ]);
  const perRaise = raises
    .slice(0, LISTED)
    .map(({ channelId, limit, from, to, gained }) => [channelId, limit, String(from), String(to), `+${gained}`]);
  const first = perRaise.length === 0 ? ['no limit that could be raised would help'] : [];
  return [
    `\nplan ${plan.name}: ${plan.about.en}\n${result.offered} payments, ${refused} turned away\n`,
    alignedTable([['channel', 'turned away', 'of asked', 'held back by'], ...perChannel]),
    '\nraise first (by a fifth, each by itself)\n',
    ...first,
    perRaise.length === 0 ? '\n' : alignedTable([['channel', 'limit', 'from', 'to', 'served more'], ...perRaise]),
  ].join('');
}

/** Rows of a list that is longer: what somebody reads before midnight. */
const LISTED = 10;

const show = (value: number | null): string => (value === null ? 'not known' : String(Number(value.toPrecision(4))));

export function figureTable(figures: readonly FlowFigure[]): string {
  const head = ['figure', 'worst', 'median', 'goal', 'met', 'runs'];
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
