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

export interface PlannerRun {
  readonly result: PlanResult;
  readonly shortfalls: readonly Shortfall[];
  readonly raises: readonly Raise[];
  readonly figure: FlowFigure;
}

/** Payments a second of wall time on one core (issue 5). */
const GOAL = 1_000_000;

/** @param file null: Double 11, drawn from the seed */
export function runPlanner(file: string | null, seed: number, tell: (line: string) => void): PlannerRun {
  const plan: Plan = file === null ? doubleEleven(seed) : parsePlan(JSON.parse(readFileSync(file, 'utf8')));
  tell(`planner ${plan.name}: ${plan.channels.length} channels, ${plan.seconds} s`);
  const startedMs = performance.now();
  const result = runPlan(plan);
  const seconds = (performance.now() - startedMs) / 1_000;
  tell(`planner: ${result.offered} payments in ${seconds.toFixed(1)} s; trying which limit to raise first`);
  const perSecond = result.offered / seconds;
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
