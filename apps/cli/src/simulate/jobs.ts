/**
 * What a run of `simulate` is made of: jobs that need nothing of each other, so that they may be played in any order and in several threads.
 * A job and what comes of it are plain data.
 */
import {
  AIMD,
  AIMD_LIMIT,
  BEST_LOOKING,
  type Control,
  type DrawnRun,
  drawnRun,
  FIXED_LIMIT,
  FIXED_LIMIT_BOUNDED,
  fixedLimit,
  GRADIENT2,
  GRADIENT2_LIMIT,
  type LimiterFor,
  limiterReadings,
  measure,
  NO_CONTROL,
  NO_LIMIT,
  playScenario,
  type RunMeasures,
  type Scenario,
  SCENARIOS_WITH_PROMISES,
  SCENARIOS_WITH_RECEIPTS,
  type SeedReadings,
  SLUICE,
  SLUICE_WITHOUT_SUGGESTIONS,
  sluiceLimiter,
} from '#simulation';
import { cpuUs } from './cpu-clock';

/** One run of a scenario. `control`: null is Sluice, and where it moved payers the same payers without suggestions as well. */
export interface PlayJob {
  readonly kind: 'play';
  readonly scenario: Scenario;
  readonly control: OtherControl | null;
  readonly load: number;
  readonly seed: number;
  /** Keep what is needed to draw it. */
  readonly draw: boolean;
}

/** All trials of a limiter on the banks of one seed; `limiter`: null is Sluice's, the others' are a quick look. */
export interface LimiterJob {
  readonly kind: 'limiter';
  readonly limiter: OtherLimiter | null;
  readonly seed: number;
}

export type Job = PlayJob | LimiterJob;

export interface Played {
  readonly measures: RunMeasures;
  /** Null where nobody was moved. */
  readonly withoutSuggestions: RunMeasures | null;
  readonly drawn: DrawnRun | null;
}

export interface JobResults {
  readonly play: Played;
  readonly limiter: SeedReadings;
}

/** What others would do, in the order of the tables. The first is for scenarios in which payers hold other instruments. */
const CONTROLS = {
  best_looking: BEST_LOOKING,
  fixed_bounded: FIXED_LIMIT_BOUNDED,
  gradient2: GRADIENT2,
  aimd: AIMD,
  fixed: FIXED_LIMIT,
  none: NO_CONTROL,
} as const;
export type OtherControl = keyof typeof CONTROLS;

const LIMITERS: Readonly<Record<string, LimiterFor>> = {
  Gradient2: () => GRADIENT2_LIMIT,
  AIMD: () => AIMD_LIMIT,
  'fixed limit': fixedLimit,
  'no control': () => NO_LIMIT,
};
export type OtherLimiter = string;
export const OTHER_LIMITERS: readonly OtherLimiter[] = Object.keys(LIMITERS);

/** The controls that a scenario is played with beside Sluice. */
export function othersFor({ demand }: Scenario): OtherControl[] {
  const mayMove = demand.some(({ alsoHold }) => alsoHold.length > 0);
  return (Object.keys(CONTROLS) as OtherControl[]).filter((name) => name !== 'best_looking' || mayMove);
}

export function work(job: Job): Played | SeedReadings {
  if (job.kind === 'play') return playOne(job);
  const { limiter, seed } = job;
  if (limiter === null) {
    const ours = sluiceLimiter();
    return limiterReadings(() => ours, seed);
  }
  const other = LIMITERS[limiter];
  if (other === undefined) throw new Error(`there is no limiter called ${limiter}`);
  return limiterReadings(other, seed, { quick: true });
}

/** In a few words, for a line of progress. */
export function nameOf(job: Job): string {
  if (job.kind === 'limiter') return `limiter ${job.limiter ?? 'Sluice'} seed ${job.seed}`;
  return `${job.scenario.name} ${job.load}× seed ${job.seed} ${job.control ?? 'Sluice'}`;
}

function playOne({ control, draw, load, scenario, seed }: PlayJob): Played {
  if (control !== null) {
    // The controls' words differ in type, which does not matter to a run.
    const result = play(scenario, CONTROLS[control] as Control<unknown>, load, seed);
    return { measures: measure(result), withoutSuggestions: null, drawn: draw ? drawnRun(result) : null };
  }
  const ours = play(scenario, SLUICE, load, seed);
  const measures = measure(ours);
  const paired = measures.moved > 0 ? measure(play(scenario, SLUICE_WITHOUT_SUGGESTIONS, load, seed)) : null;
  return { measures, withoutSuggestions: paired, drawn: draw ? drawnRun(ours) : null };
}

function play<W>(scenario: Scenario, control: Control<W>, load: number, seed: number) {
  return playScenario(scenario, control, {
    seed,
    load,
    keepPromises: SCENARIOS_WITH_PROMISES.includes(scenario.name),
    keepReceipts: SCENARIOS_WITH_RECEIPTS.includes(scenario.name),
    clockUs: cpuUs,
  });
}
