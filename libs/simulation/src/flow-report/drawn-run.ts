// What is kept of a run to draw it: plain data, so that a run may be played in another thread.
import type { Scenario } from '../scenarios/scenario';
import type { Series } from '../world/census';
import type { PlayResult } from '../world/play';

export interface DrawnRun {
  readonly control: string;
  readonly scenario: Scenario;
  readonly options: { readonly seed: number; readonly load: number };
  /** By channel, counts and levels of each second. */
  readonly census: { readonly series: readonly Readonly<Record<Series, readonly number[]>>[] };
}

export function drawnRun({ census, control, options, scenario }: PlayResult): DrawnRun {
  const { load, seed } = options;
  return { control, scenario, options: { seed, load }, census: { series: census.series } };
}
