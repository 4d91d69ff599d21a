/** Plays one scenario: every load, every seed, Sluice first and then the others on the first seed, since they are there to compare with. */
import {
  AIMD,
  type Control,
  FIXED_LIMIT,
  FIXED_LIMIT_BOUNDED,
  GRADIENT2,
  measure,
  NO_CONTROL,
  playScenario,
  type PlayResult,
  type RunMeasures,
  type Scenario,
  SCENARIOS_WITH_PROMISES,
  SCENARIOS_WITH_RECEIPTS,
} from '#simulation';

export interface PlayedScenario {
  readonly scenario: Scenario;
  readonly sluice: readonly RunMeasures[];
  readonly withoutSuggestions: readonly RunMeasures[];
  readonly others: readonly RunMeasures[];
  /** The runs that are drawn: the highest load on the first seed. */
  readonly drawn: readonly PlayResult[];
}

const BASELINES = [NO_CONTROL, FIXED_LIMIT, FIXED_LIMIT_BOUNDED, AIMD, GRADIENT2] as const;

/** @param tell progress, one line */
export function playRuns(scenario: Scenario, seeds: readonly number[], tell: (line: string) => void): PlayedScenario {
  const drawn: PlayResult[] = [];
  const others: RunMeasures[] = [];
  for (const load of scenario.loads) {
    for (const control of BASELINES) {
      tell(`${scenario.name} ${load}× ${control.name}`);
      const result = play(scenario, control, load, seeds[0] ?? 1);
      others.push(measure(result));
      if (load === scenario.loads.at(-1)) drawn.push(result);
    }
  }
  return { scenario, sluice: [], withoutSuggestions: [], others, drawn };
}

function play<W>(scenario: Scenario, control: Control<W>, load: number, seed: number): PlayResult {
  return playScenario(scenario, control, {
    seed,
    load,
    keepPromises: SCENARIOS_WITH_PROMISES.includes(scenario.name),
    keepReceipts: SCENARIOS_WITH_RECEIPTS.includes(scenario.name),
    clockUs: () => performance.now() * 1_000,
  });
}
