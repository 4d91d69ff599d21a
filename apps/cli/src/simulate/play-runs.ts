/**
 * Plays one scenario: every load, every seed, under Sluice; where payers were moved also without suggestions, over the same payers, to see
 * what that cost the others; and what others would do on the first seed, since that is there to compare with.
 */
import {
  AIMD,
  BEST_LOOKING,
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
  SLUICE,
  SLUICE_WITHOUT_SUGGESTIONS,
} from '#simulation';
import { cpuUs } from './cpu-clock';

export interface PlayedScenario {
  readonly scenario: Scenario;
  /** By load, then by seed. */
  readonly sluice: readonly RunMeasures[];
  /** In the same order; null where nobody was moved. */
  readonly withoutSuggestions: readonly (RunMeasures | null)[];
  readonly others: readonly RunMeasures[];
  /** The runs that are drawn: each control on the highest load and the first seed, Sluice first. */
  readonly drawn: readonly PlayResult[];
}

const HAND_WRITTEN = [FIXED_LIMIT_BOUNDED, GRADIENT2, AIMD, FIXED_LIMIT, NO_CONTROL] as const;

/** @param tell progress, one line */
export function playRuns(scenario: Scenario, seeds: readonly number[], tell: (line: string) => void): PlayedScenario {
  const drawn: PlayResult[] = [];
  const sluice: RunMeasures[] = [];
  const withoutSuggestions: (RunMeasures | null)[] = [];
  const others: RunMeasures[] = [];
  const first = seeds[0] ?? 1;
  const run = <W>(control: Control<W>, load: number, seed: number): RunMeasures => {
    const startedMs = performance.now();
    const result = play(scenario, control, load, seed);
    if (seed === first && load === scenario.loads.at(-1)) drawn.push(result);
    const measured = measure(result);
    const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
    tell(`${scenario.name} ${load}× seed ${seed} ${control.name}: ${seconds} s, ${result.deeds} deeds`);
    return measured;
  };
  for (const load of scenario.loads) {
    for (const seed of seeds) {
      const ours = run(SLUICE, load, seed);
      sluice.push(ours);
      withoutSuggestions.push(ours.moved > 0 ? run(SLUICE_WITHOUT_SUGGESTIONS, load, seed) : null);
    }
    if (scenario.demand.some(({ alsoHold }) => alsoHold.length > 0)) others.push(run(BEST_LOOKING, load, first));
    others.push(...HAND_WRITTEN.map((control) => run(control, load, first)));
  }
  return { scenario, sluice, withoutSuggestions, others, drawn };
}

function play<W>(scenario: Scenario, control: Control<W>, load: number, seed: number): PlayResult {
  return playScenario(scenario, control, {
    seed,
    load,
    keepPromises: SCENARIOS_WITH_PROMISES.includes(scenario.name),
    keepReceipts: SCENARIOS_WITH_RECEIPTS.includes(scenario.name),
    clockUs: cpuUs,
  });
}
