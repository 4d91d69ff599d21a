/** The limit of one channel by itself: figures of libs/simulation/src/limiter, for Sluice's limiter and for others in the same trials. */
import {
  AIMD_LIMIT,
  fixedLimit,
  type FlowFigure,
  GRADIENT2_LIMIT,
  type LimiterFigure,
  limiterFigures,
  type LimiterFor,
  NO_LIMIT,
  sluiceLimiter,
} from '#simulation';

export interface LimiterRuns {
  readonly figures: readonly FlowFigure[];
  /** By limiter: the same figures, on the first seed only. */
  readonly others: Readonly<Record<string, readonly LimiterFigure[]>>;
  readonly detail: readonly LimiterFigure[];
}

const OTHERS: Readonly<Record<string, LimiterFor>> = {
  Gradient2: () => GRADIENT2_LIMIT,
  AIMD: () => AIMD_LIMIT,
  'fixed limit': fixedLimit,
  'no control': () => NO_LIMIT,
};

/** @param tell progress, one line */
export function runLimiter(seeds: readonly number[], tell: (line: string) => void): LimiterRuns {
  const whole = sluiceLimiter();
  const detail = limiterFigures(() => whole, seeds, {
    progress: (done, of, what) => tell(`limiter ${done}/${of} ${what}`),
  });
  const others = Object.entries(OTHERS).map(([name, limiter]): [string, LimiterFigure[]] => {
    tell(`limiter ${name}`);
    return [name, limiterFigures(limiter, seeds.slice(0, 1), { quick: true })];
  });
  const figures = detail.map(({ name, value, median, unit, goal, met }): FlowFigure => {
    return { name, value, median, unit, goal, met, runs: seeds.length };
  });
  return { figures, others: Object.fromEntries(others), detail };
}
