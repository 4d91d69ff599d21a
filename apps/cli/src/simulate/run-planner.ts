/** The planner: what happens at midnight under these limits and this forecast, and which limit should be raised first. */
import { readFileSync } from 'node:fs';
import {
  doubleEleven,
  type FlowFigure,
  parsePlan,
  type Plan,
  type PlanResult,
  type Raise,
  raiseFirst,
  runPlan,
  type Shortfall,
  shortfalls,
} from '#simulation';
import { cpuUs } from './cpu-clock';

export interface PlannerRun {
  readonly result: PlanResult;
  readonly shortfalls: readonly Shortfall[];
  readonly raises: readonly Raise[];
  readonly figure: FlowFigure;
}

/** Payments a second of one core (issue 5); what other processes take of the core is not the planner's. */
const GOAL = 1_000_000;

/** @param file null: Double 11, drawn from the seed */
export function runPlanner(file: string | null, seed: number, tell: (line: string) => void): PlannerRun {
  const plan: Plan = file === null ? doubleEleven(seed) : parsePlan(JSON.parse(readFileSync(file, 'utf8')));
  tell(`planner ${plan.name}: ${plan.channels.length} channels, ${plan.seconds} s`);
  const startedMs = performance.now();
  const startedUs = cpuUs();
  const result = runPlan(plan);
  const wallS = ((performance.now() - startedMs) / 1_000).toFixed(1);
  const coreS = (cpuUs() - startedUs) / 1_000_000;
  tell(`planner: ${result.offered} payments in ${coreS.toFixed(1)} s of a core, ${wallS} s by the clock on the wall`);
  const perSecond = result.offered / coreS;
  const figure = {
    name: 'planner_payments_per_second',
    value: perSecond,
    median: perSecond,
    unit: 'payments/s',
    goal: `>= ${GOAL}`,
    met: perSecond >= GOAL,
    runs: 1,
  };
  return { result, shortfalls: shortfalls(result), raises: raiseFirst(result), figure };
}
