// What is played in the second world? A scenario is data: which banks, who pays through them, what happens when. The format of its file
// is described field by field in docs/simulation.md; this is the same thing after reading, with every default filled in.
import type { Tier } from '#domain';
import type { BankCapacityConfig } from '../bank-capacity-config';

/** A word about a scenario in both languages. */
export interface Words {
  readonly en: string;
  readonly 'zh-CN': string;
}

/** A channel, the bank behind it, and the numbers an operator owns. */
export interface ScenarioChannel {
  readonly id: string;
  /** The truth, which no policy sees. */
  readonly bank: BankCapacityConfig;
  readonly limits: ScenarioLimits;
}

/** As `ChannelLimits` of the domain; see there. */
export interface ScenarioLimits {
  readonly ratePerSecond: number;
  readonly burst: number;
  readonly inFlightMax: number;
  readonly longestWaitMs: number;
  readonly timeoutMs: number;
}

/** A point of a curve: from this second on the value moves in a straight line to the next point's; two points at one second are a step. */
export type CurvePoint = readonly [atS: number, value: number];

/** Payers who first choose one channel. Arrivals are a Poisson stream whose rate follows the curve. */
export interface DemandStream {
  readonly channel: string;
  readonly tier: Tier;
  readonly merchant: string;
  /** What is multiplied by the curve, payments a second: 1, or the channel's true capacity at the start. */
  readonly unitPerSecond: number;
  readonly curve: readonly CurvePoint[];
  /** Other channels that these payers have an instrument for, each with the share of payers who have it. */
  readonly alsoHold: readonly { readonly channel: string; readonly share: number }[];
}

/** What payers do; human times are drawn evenly from the range. */
export interface PayerHabits {
  /** A payment that succeeds later than this after it was posted is no longer wanted. */
  readonly patienceMs: number;
  /** Share that follows a suggestion. */
  readonly followShare: number;
  readonly answerMs: readonly [number, number];
  /** Share of those left without a payment who try again, and how often at most. */
  readonly retryShare: number;
  readonly retriesMax: number;
  readonly retryAfterMs: readonly [number, number];
}

/** Something that happens to the world. `untilS` is the end of what has one. */
export type ScenarioEvent =
  | {
      readonly do: 'bank';
      readonly atS: number;
      readonly channel: string;
      readonly change: Readonly<Record<string, unknown>>;
    }
  | {
      readonly do: 'drift';
      readonly atS: number;
      readonly untilS: number;
      readonly channel: string;
      readonly slots: number;
    }
  | { readonly do: 'redis_gone'; readonly atS: number; readonly untilS: number }
  | { readonly do: 'controller_dies'; readonly atS: number };

/** The processes of the site and the roads between them. */
export interface ScenarioSite {
  /** API processes. */
  readonly doors: number;
  readonly workers: number;
  /** How long a message between two processes takes, drawn evenly from the range. */
  readonly messageMs: readonly [number, number];
  /** From the death of a controller to its successor's first step, ms: the election. */
  readonly electionMs: number;
}

export interface Scenario {
  readonly name: string;
  readonly about: Words;
  readonly seconds: number;
  /** Nothing is counted before this second: the limiter is still finding the capacity. */
  readonly countFromS: number;
  readonly site: ScenarioSite;
  readonly channels: readonly ScenarioChannel[];
  readonly payers: PayerHabits;
  readonly demand: readonly DemandStream[];
  readonly events: readonly ScenarioEvent[];
  /** The whole demand is multiplied by each of these in turn: one run per load and seed. */
  readonly loads: readonly number[];
}
