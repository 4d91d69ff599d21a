// What does one run say? Every number that a figure or a table needs, taken from a play's census; null where a scenario cannot say.
import { TIER } from '#domain';
import { oracleOnTime } from '../world/oracle';
import type { PayerKind, Series } from '../world/census';
import type { PlayResult } from '../world/play';
import { fairnessOf } from './fairness';
import { type EtaMeasures, etaOf } from './eta';
import { type RateMeasures, rateOf } from './rate';

export interface RunMeasures {
  readonly control: string;
  readonly load: number;
  readonly seed: number;
  /** Payers counted. */
  readonly came: number;
  /** Share of them that paid on time. */
  readonly onTimeShare: number;
  /** Against what an all-knowing router could have served. */
  readonly onTimeOverOracle: number;
  /** On-time answers over the true capacity while payers came. */
  readonly goodput: number;
  /** Busy answers, timeouts and late answers, over requests to the banks. */
  readonly busyShare: number;
  readonly unknowns: number;
  readonly lateShare: number;
  /** Payments inside the banks beyond their slots, mean. */
  readonly bankQueue: number;
  readonly moved: number;
  readonly movedThenFailed: number;
  /** Share served on time of the payers who first chose each channel. */
  readonly servedByHome: readonly (number | null)[];
  readonly topTierShare: number | null;
  readonly jain: number | null;
  readonly eta: EtaMeasures | null;
  readonly rate: RateMeasures | null;
  /** While Redis was gone: on-time answers over capacity, and calls under way beyond the last limit. */
  readonly redisGone: { readonly goodput: number; readonly overcommit: number } | null;
  /** Of a decision at the door, µs; null where it was not timed. */
  readonly decisionUs: number | null;
}

export function measure(result: PlayResult): RunMeasures {
  const { census, scenario, options, decisions } = result;
  const kinds = [...census.kinds.values()];
  const came = sum(kinds, ({ came: payers }) => payers);
  const served = sum(kinds, ({ served: payers }) => payers);
  const from = scenario.countFromS;
  const to = Math.floor(scenario.seconds);
  const total = (series: Series): number =>
    sum(result.census.series, (of) => sum(of[series].slice(from, to), (x) => x));
  const requests = Math.max(1, total('on_time') + total('late') + total('busy') + total('dropped'));
  return {
    control: result.control,
    load: options.load,
    seed: options.seed,
    came,
    onTimeShare: served / Math.max(1, came),
    onTimeOverOracle: sum(kinds, ({ servedByEnd }) => servedByEnd) / Math.max(1, oracleOnTime(result)),
    goodput: total('on_time') / Math.max(1e-9, total('capacity')),
    busyShare: total('busy') / requests,
    unknowns: total('dropped'),
    lateShare: total('late') / requests,
    bankQueue: total('bank_waiting') / (to - from),
    moved: sum(kinds, ({ moved }) => moved),
    movedThenFailed: sum(kinds, ({ movedThenFailed }) => movedThenFailed),
    servedByHome: scenario.channels.map((_, home) => servedShare(kinds.filter((kind) => kind.home === home))),
    topTierShare: new Set(kinds.map(({ tier }) => tier)).size < 2 ? null : servedShare(kinds.filter(isPaying)),
    jain: fairnessOf(kinds),
    eta: etaOf(census.promises),
    rate: rateOf(result),
    redisGone: whileRedisWasGone(result),
    decisionUs: decisions.totalUs > 0 ? decisions.totalUs / decisions.count : null,
  };
}

/** What was in force before Redis went: the highest limit of so many seconds. */
const BEFORE_S = 3;

function whileRedisWasGone({ scenario, census }: PlayResult): RunMeasures['redisGone'] {
  const gone = scenario.events.find((event) => event.do === 'redis_gone');
  if (gone === undefined) return null;
  const [from, to] = [Math.floor(gone.atS), Math.floor(gone.untilS)];
  const total = (series: Series): number => sum(census.series, (of) => sum(of[series].slice(from, to), (x) => x));
  const overcommit = census.series.map((of) => {
    // Not the last one alone: in the middle of a probe that is half of what everybody had been told.
    const limit = Math.max(...of.limit.slice(Math.max(0, from - BEFORE_S), from));
    return Math.max(...of.in_flight.slice(from + 1, to)) / Math.max(1, limit) - 1;
  });
  return { goodput: total('on_time') / Math.max(1e-9, total('capacity')), overcommit: Math.max(0, ...overcommit) };
}

const isPaying = ({ tier }: PayerKind): boolean => tier === TIER.paying;

function servedShare(kinds: readonly PayerKind[]): number | null {
  const came = sum(kinds, (kind) => kind.came);
  return came === 0 ? null : sum(kinds, (kind) => kind.served) / came;
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}
