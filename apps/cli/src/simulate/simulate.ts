/** From what was asked to a verdict: which scenarios, their runs, the table, the files. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BUILT_IN_SCENARIOS,
  type FlowFigure,
  flowPictures,
  parseScenario,
  renderFlowReport,
  type Scenario,
  scenarioFigures,
} from '#simulation';
import { completeOutcome, type Violation, writeOutcome, writeResult } from '../outcome';
import { type SimulateOptions, seedsOf } from './options';
import { type PlayedScenario, playRuns } from './play-runs';
import { figureTable, limiterTable, planTable, scenarioTable } from './present';
import { type LimiterRuns, runLimiter } from './run-limiter';
import { type PlannerRun, runPlanner } from './run-planner';
import { JOBS_UNSAID, withCrew } from './work-crew';

const tell = (line: string): void => void process.stderr.write(`${line}\n`);
const show = (text: string): void => void process.stdout.write(text);

/** What one command found; parts that were not asked for are null or empty. */
interface Found {
  readonly limiter: LimiterRuns | null;
  readonly played: readonly PlayedScenario[];
  readonly planner: PlannerRun | null;
}

/** @returns whether every figure met its goal and nothing was found that cannot be */
export async function simulate(what: string, file: string | undefined, options: SimulateOptions): Promise<boolean> {
  const startedAt = new Date();
  const scenarios = scenariosOf(what);
  const seeds = seedsOf(options, what === 'all' || what === 'limiter' ? 10 : 3);
  show(`seeds ${seeds.all.join(', ')}\n`);
  const planner =
    what === 'all' || what === 'plan' ? shown(runPlanner(file ?? null, seeds.first, tell), planTable) : null;
  const found = await withCrew(options.jobs ?? JOBS_UNSAID, tell, async (hire): Promise<Found> => {
    // The longest jobs first: a seed of the limiter is a minute or two, and none of them is to be left over for one thread.
    const limiter = what === 'all' || what === 'limiter' ? runLimiter(seeds.all, hire) : null;
    const played = scenarios.map((scenario) => playRuns(scenario, seeds.all, hire));
    return { planner, played: await Promise.all(played), limiter: await limiter };
  });
  for (const played of found.played) show(scenarioTable(played));
  if (found.limiter !== null) show(limiterTable(found.limiter));
  const figures = figuresOf(found);
  const violations = found.played.flatMap(beyondOracle);
  if (figures.length > 0) show(figureTable(figures));
  for (const { evidence } of violations)
    show(`better than a router that knows everything: ${JSON.stringify(evidence)}\n`);
  const ok = violations.length === 0 && figures.every(({ met }) => met);
  show(ok ? 'ok\n' : 'not ok\n');
  if (options.html !== undefined) {
    writeResult(options.html, renderFlowReport({ ...found, figures, seeds: seeds.all }));
    tell(`plots are in ${options.html}`);
  }
  if (options.pictures !== undefined) {
    const pictures = found.played.flatMap(flowPictures);
    for (const { name, svg } of pictures) writeResult(join(options.pictures, `${name}.svg`), svg);
    tell(`${pictures.length} pictures are in ${options.pictures}`);
  }
  if (options.json !== undefined) {
    const detail = detailOf(found, seeds.all);
    const outcome = { command: `simulate ${what}`, seed: seeds.first, startedAt, ok, figures, violations, detail };
    writeOutcome(options.json, completeOutcome(outcome));
  }
  return ok;
}

function shown<T>(value: T, table: (value: T) => string): T {
  show(table(value));
  return value;
}

function figuresOf({ limiter, played, planner }: Found): FlowFigure[] {
  return [
    ...(limiter?.figures ?? []),
    ...played.flatMap(({ scenario, sluice, withoutSuggestions }) =>
      scenarioFigures({ scenario: scenario.name, sluice, withoutSuggestions }),
    ),
    ...(planner === null ? [] : [planner.figure]),
  ];
}

/** An upper bound that is passed is no bound: then the measurement is wrong. Unless a contract was broken, which the all-knowing router never does. */
function beyondOracle({ scenario, sluice, others }: PlayedScenario): Violation[] {
  return [...sluice, ...others]
    .filter(({ onTimeOverOracle, rate }) => onTimeOverOracle > 1 && (rate?.exceededSeconds ?? 0) === 0)
    .map(({ control, load, seed, onTimeOverOracle }) => ({
      rule: 'oracle_is_upper_bound',
      evidence: { scenario: scenario.name, control, load, seed, on_time_over_oracle: onTimeOverOracle },
    }));
}

function detailOf({ limiter, played, planner }: Found, seeds: readonly number[]): Record<string, unknown> {
  return {
    seeds,
    scenarios: played.map(({ scenario, sluice, withoutSuggestions, others }) => ({
      scenario: scenario.name,
      runs: [...sluice, ...others],
      without_suggestions: withoutSuggestions.filter((run) => run !== null),
    })),
    limiter: limiter === null ? null : { figures: limiter.detail, others: limiter.others },
    plan: planner === null ? null : { shortfalls: planner.shortfalls, raise_first: planner.raises },
  };
}

/** @throws with what there is, or with what is wrong in the file */
function scenariosOf(what: string): readonly Scenario[] {
  if (what === 'all') return BUILT_IN_SCENARIOS;
  if (what === 'limiter' || what === 'plan') return [];
  const builtIn = BUILT_IN_SCENARIOS.find(({ name }) => name === what);
  if (builtIn !== undefined) return [builtIn];
  if (existsSync(what)) return [parseScenario(JSON.parse(readFileSync(what, 'utf8')))];
  const names = BUILT_IN_SCENARIOS.map(({ name }) => name).join(', ');
  throw new Error(`there is no scenario and no file called ${what}; there are ${names}, limiter, plan and all`);
}
