/** The limit of one channel by itself: figures of libs/simulation/src/limiter, for Sluice's limiter and for others in the same trials. */
import { figuresOfSeeds, type FlowFigure, type LimiterFigure } from '#simulation';
import { OTHER_LIMITERS } from './jobs';
import type { Hire } from './work-crew';

export interface LimiterRuns {
  readonly figures: readonly FlowFigure[];
  /** By limiter: the same figures, on the first seed only. */
  readonly others: Readonly<Record<string, readonly LimiterFigure[]>>;
  readonly detail: readonly LimiterFigure[];
}

export async function runLimiter(seeds: readonly number[], hire: Hire): Promise<LimiterRuns> {
  const [ours, others] = await Promise.all([
    Promise.all(seeds.map((seed) => hire({ kind: 'limiter', limiter: null, seed }))),
    Promise.all(OTHER_LIMITERS.map((limiter) => hire({ kind: 'limiter', limiter, seed: seeds[0] ?? 1 }))),
  ]);
  const detail = figuresOfSeeds(ours);
  const figures = detail.map(({ name, value, median, unit, goal, met }): FlowFigure => {
    return { name, value, median, unit, goal, met, runs: seeds.length };
  });
  const named = OTHER_LIMITERS.map((name, place) => [name, figuresOfSeeds(others.slice(place, place + 1))] as const);
  return { figures, others: Object.fromEntries(named), detail };
}
