// Which figures does a scenario give? Names and goals are those of issue 5; over several seeds and loads the value is the worst, with the
// median beside it. A figure below its goal is reported as not met, never dropped.
import type { RunMeasures } from './measures';

export interface FlowFigure {
  readonly name: string;
  readonly value: number | null;
  readonly median: number | null;
  readonly unit: string;
  readonly goal: string;
  readonly met: boolean;
  /** From how many runs. */
  readonly runs: number;
}

/** The runs of one scenario: Sluice's own, and Sluice's without suggestions over the same payers, in the same order. */
export interface ScenarioRuns {
  readonly scenario: string;
  readonly sluice: readonly RunMeasures[];
  readonly withoutSuggestions: readonly (RunMeasures | null)[];
}

/** `undefined`: the figure is not about this run; `null`: it is, and could not be read. */
type Reading = (run: RunMeasures, paired: RunMeasures | null) => number | null | undefined;

interface FigureRule {
  readonly name: string;
  readonly scenario: string;
  readonly unit: string;
  readonly goal: { readonly least?: number; readonly most?: number };
  readonly read: Reading;
}

/** Fewer accepted offers say nothing about one in a hundred. */
const OFFERS_ENOUGH = 1_000;
/** The largest fair error of a mean over a hundred thousand payments; beyond it an upper bound was passed, and the run is wrong. */
const BOUND_SLACK = 1.0;

const RULES: readonly FigureRule[] = [
  {
    name: 'cascade_on_time_over_oracle',
    scenario: 'banks-in-turn',
    unit: 'ratio',
    goal: { least: 0.95, most: BOUND_SLACK },
    read: (run) => run.onTimeOverOracle,
  },
  {
    name: 'moved_then_failed',
    scenario: 'banks-in-turn',
    unit: 'ratio',
    goal: { most: 0.01 },
    // Where no bank has room nobody is moved, and there is nothing to read.
    read: ({ moved, movedThenFailed }) =>
      moved === 0 ? undefined : moved < OFFERS_ENOUGH ? null : movedThenFailed / moved,
  },
  {
    name: 'own_customers_lost',
    scenario: 'banks-in-turn',
    unit: 'ratio',
    goal: { most: 0.005 },
    read: ownCustomersLost,
  },
  {
    name: 'eta_p90_coverage',
    scenario: 'drift',
    unit: 'ratio',
    goal: { least: 0.88, most: 0.92 },
    read: (run) => run.eta?.coverage ?? null,
  },
  {
    name: 'eta_median_error',
    scenario: 'drift',
    unit: 'ratio',
    goal: { most: 0.15 },
    read: (run) => run.eta?.medianError ?? null,
  },
  {
    name: 'top_tier_success',
    scenario: 'bulk-spike',
    unit: 'ratio',
    goal: { least: 0.999 },
    read: (run) => run.topTierShare,
  },
  {
    name: 'rate_exceeded_seconds',
    scenario: 'contract-rate',
    unit: 's',
    goal: { most: 0 },
    read: (run) => run.rate?.exceededSeconds ?? null,
  },
  {
    name: 'rate_used',
    scenario: 'contract-rate',
    unit: 'ratio',
    goal: { least: 0.95 },
    read: (run) => run.rate?.used ?? null,
  },
  { name: 'decision_cpu_us', scenario: 'steady', unit: 'µs', goal: { most: 20 }, read: (run) => run.decisionUs },
  {
    name: 'redis_gone_goodput',
    scenario: 'redis-gone',
    unit: 'ratio',
    goal: { least: 0.7 },
    read: (run) => run.redisGone?.goodput ?? null,
  },
  {
    name: 'redis_gone_overcommit',
    scenario: 'redis-gone',
    unit: 'ratio',
    goal: { most: 0.1 },
    read: (run) => run.redisGone?.overcommit ?? null,
  },
  {
    name: 'jain_fairness',
    scenario: 'unequal-merchants',
    unit: 'ratio',
    goal: { least: 0.95 },
    read: (run) => run.jain,
  },
];

/** What has to be kept of a run for its figures; it is not kept where it is not needed, for it is large. */
export const SCENARIOS_WITH_PROMISES: readonly string[] = ['drift'];
export const SCENARIOS_WITH_RECEIPTS: readonly string[] = ['contract-rate'];

/** All figures that come out of these runs. */
export function scenarioFigures(runs: ScenarioRuns): FlowFigure[] {
  return RULES.filter(({ scenario }) => scenario === runs.scenario).map((rule) =>
    figureOf(
      rule,
      runs.sluice.map((run, i) => rule.read(run, runs.withoutSuggestions[i] ?? null)),
    ),
  );
}

/** Worst and median of readings against a goal. A reading that could not be made has not met it. */
export function figureOf(
  rule: Pick<FigureRule, 'name' | 'unit' | 'goal'>,
  all: readonly (number | null | undefined)[],
): FlowFigure {
  const { least, most } = rule.goal;
  const readings = all.filter((reading) => reading !== undefined);
  const known = readings.filter((reading) => reading !== null).sort((a, b) => a - b);
  const missing = known.length < readings.length || known.length === 0;
  const beyond = (value: number): number => Math.max((least ?? -Infinity) - value, value - (most ?? Infinity));
  const worst = known.reduce<number | null>(
    (bad, value) => (bad === null || beyond(value) > beyond(bad) ? value : bad),
    null,
  );
  return {
    name: rule.name,
    value: missing ? null : worst,
    median: known[Math.floor(known.length / 2)] ?? null,
    unit: rule.unit,
    goal: goalText(least, most),
    met: !missing && worst !== null && beyond(worst) <= 0,
    runs: readings.length,
  };
}

function goalText(least: number | undefined, most: number | undefined): string {
  if (least !== undefined && most !== undefined) return `${least} to ${most}`;
  return least !== undefined ? `>= ${least}` : `<= ${most ?? 0}`;
}

/** Points that a channel's own customers lose by those who are sent to it: the worst channel, against the same payers without suggestions. */
function ownCustomersLost(run: RunMeasures, paired: RunMeasures | null): number | undefined {
  if (paired === null) return undefined;
  const lost = run.servedByHome.map((share, home) => (paired.servedByHome[home] ?? 0) - (share ?? 0));
  return Math.max(0, ...lost);
}
