// What does a planner ask? With these limits and this forecast, what happens at midnight, and which limit should be raised first? A plan is
// data; its file is described in docs/simulation.md.
import type { ScenarioLimits } from '../scenarios/scenario';
import type { CurvePoint, Words } from '../scenarios/scenario';

/** What is believed of a bank: rehearsals, last year, its own word. */
export interface PlannedBank {
  /** Payments a second that it can answer. */
  readonly perSecond: number;
  /** Mean time of an answer when it is not crowded, ms. */
  readonly roundTripMs: number;
}

/** Payments a second that will ask for a channel, over time. */
export interface Forecast {
  readonly paying: readonly CurvePoint[];
  /** Bulk debits, which yield first. */
  readonly bulk: readonly CurvePoint[];
}

export interface PlannedChannel {
  readonly id: string;
  readonly bank: PlannedBank;
  readonly limits: ScenarioLimits;
  readonly forecast: Forecast;
}

export interface Plan {
  readonly name: string;
  readonly about: Words;
  readonly seconds: number;
  /** What is counted begins here: before it the limiters are still finding their way. */
  readonly countFromS: number;
  readonly channels: readonly PlannedChannel[];
}
