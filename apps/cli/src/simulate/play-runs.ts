/**
 * Plays one scenario: every load, every seed, under Sluice; where payers were moved also without suggestions, over the same payers, to see
 * what that cost the others; and what others would do on the first seed, since that is there to compare with.
 */
import type { DrawnRun, RunMeasures, Scenario } from '#simulation';
import { othersFor, type PlayJob } from './jobs';
import type { Hire } from './work-crew';

export interface PlayedScenario {
  readonly scenario: Scenario;
  /** By load, then by seed. */
  readonly sluice: readonly RunMeasures[];
  /** In the same order; null where nobody was moved. */
  readonly withoutSuggestions: readonly (RunMeasures | null)[];
  readonly others: readonly RunMeasures[];
  /** The runs that are drawn: each control on the highest load and the first seed, Sluice first. */
  readonly drawn: readonly DrawnRun[];
}

export async function playRuns(scenario: Scenario, seeds: readonly number[], hire: Hire): Promise<PlayedScenario> {
  const first = seeds[0] ?? 1;
  const jobOf = (control: PlayJob['control'], load: number, seed: number): PlayJob => {
    const draw = seed === first && load === scenario.loads.at(-1);
    return { kind: 'play', scenario, control, load, seed, draw };
  };
  const [ours, others] = await Promise.all([
    Promise.all(scenario.loads.flatMap((load) => seeds.map((seed) => hire(jobOf(null, load, seed))))),
    Promise.all(scenario.loads.flatMap((load) => othersFor(scenario).map((name) => hire(jobOf(name, load, first))))),
  ]);
  return {
    scenario,
    sluice: ours.map(({ measures }) => measures),
    withoutSuggestions: ours.map(({ withoutSuggestions }) => withoutSuggestions),
    others: others.map(({ measures }) => measures),
    drawn: [...ours, ...others].flatMap(({ drawn }) => drawn ?? []),
  };
}
