/** From what was asked to a verdict: which scenarios, their runs, the table, the files. */
import { existsSync, readFileSync } from 'node:fs';
import { BUILT_IN_SCENARIOS, parseScenario, type Scenario, scenarioFigures } from '#simulation';
import { completeOutcome, writeOutcome } from '../outcome';
import { type SimulateOptions, seedsOf } from './options';
import { playRuns } from './play-runs';
import { figureTable, scenarioTable } from './present';

const tell = (line: string): void => void process.stderr.write(`${line}\n`);

/** @returns whether every figure met its goal and nothing was found that cannot be */
export async function simulate(what: string, options: SimulateOptions): Promise<boolean> {
  const startedAt = new Date();
  const scenarios = scenariosOf(what);
  const seeds = seedsOf(options, what === 'all' ? 10 : 3);
  tell(`seeds ${seeds.all.join(', ')}`);
  const played = scenarios.map((scenario) => {
    const runs = playRuns(scenario, seeds.all, tell);
    process.stdout.write(scenarioTable(runs));
    return runs;
  });
  const figures = played.flatMap(({ scenario, sluice, withoutSuggestions }) =>
    scenarioFigures({ scenario: scenario.name, sluice, withoutSuggestions }),
  );
  if (figures.length > 0) process.stdout.write(figureTable(figures));
  const ok = figures.every(({ met }) => met);
  if (options.json !== undefined) {
    const runs = played.map(({ scenario, sluice, others }) => ({
      scenario: scenario.name,
      runs: [...sluice, ...others],
    }));
    const found = { command: `simulate ${what}`, seed: seeds.first, startedAt, ok, figures, violations: [] };
    writeOutcome(options.json, completeOutcome({ ...found, detail: { seeds: seeds.all, scenarios: runs } }));
  }
  return ok;
}

/** @throws with what there is, or with what is wrong in the file */
function scenariosOf(what: string): readonly Scenario[] {
  if (what === 'all') return BUILT_IN_SCENARIOS;
  const builtIn = BUILT_IN_SCENARIOS.find(({ name }) => name === what);
  if (builtIn !== undefined) return [builtIn];
  if (existsSync(what)) return [parseScenario(JSON.parse(readFileSync(what, 'utf8')))];
  const names = BUILT_IN_SCENARIOS.map(({ name }) => name).join(', ');
  throw new Error(`there is no scenario and no file called ${what}; there are ${names}, and all`);
}
