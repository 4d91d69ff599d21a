/** A row per channel: what payers asked of it and got, what state it was in, and how much of its limits was used. */
import { quantile } from '../statistics';
import { type ChannelRun, paidAt, peakOverFive, wasTurnedAway } from './channel-seconds';

export interface BankRow {
  readonly channel: string;
  /** Payers whose first card it was, of them let in and paid, here or elsewhere after a suggestion. */
  readonly offered: number;
  readonly accepted: number;
  readonly served: number;
  readonly refused: number;
  readonly expired: number;
  /** Offered another way; went elsewhere; came from elsewhere and paid here. */
  readonly suggested: number;
  readonly switched_away: number;
  readonly switched_here: number;
  /** From the first POST to the success the payer learnt of, ms. */
  readonly p50_ms: number | null;
  readonly p99_ms: number | null;
  /** Seconds in each level and breaker state. */
  readonly levels: Readonly<Record<string, number>>;
  readonly breakers: Readonly<Record<string, number>>;
  /** Calls at the bank: most that the operator allows, what the limiter gave (median), most that were there. */
  readonly in_flight_max: number | null;
  readonly limit_median: number | null;
  readonly inside_peak: number | null;
  /** Payments per second: the limit, and what reached the bank in its best five seconds. */
  readonly rate_per_second: number | null;
  readonly received_peak: number | null;
  /** What the bank answered over what it could have, while payers came. */
  readonly capacity_used: number | null;
  readonly revision: number | null;
}

export function bankRows(runs: readonly ChannelRun[]): BankRow[] {
  const moved = runs.flatMap(({ payers }) => payers.filter((payer) => payer.moved));
  return runs.map((run) =>
    rowOf(
      run,
      moved.filter((payer) => paidAt(payer) === run.channel && payer.channel !== run.channel),
    ),
  );
}

function rowOf({ channel, payers, seconds, glimpses }: ChannelRun, came: ChannelRun['payers']): BankRow {
  const paid = payers.filter(({ state }) => state === 'succeeded');
  const took = paid.flatMap(({ postedMs, endMs }) => (endMs === null ? [] : [endMs - postedMs]));
  const known = (of: (second: ChannelRun['seconds'][number]) => number | null): number[] =>
    seconds.map(of).filter((value) => value !== null);
  const most = (values: readonly number[]): number | null =>
    values.length === 0 ? null : Math.round(Math.max(...values) * 10) / 10;
  const could = seconds.filter(
    ({ capacity, answered, offered }) => capacity !== null && answered !== null && offered > 0,
  );
  const sum = (of: 'answered' | 'capacity'): number => could.reduce((total, second) => total + (second[of] ?? 0), 0);
  return {
    channel,
    offered: payers.length,
    accepted: payers.filter(({ acceptedMs }) => acceptedMs !== null).length,
    served: paid.length,
    refused: payers.filter((payer) => wasTurnedAway(payer) && payer.state !== 'expired').length,
    expired: payers.filter(({ state }) => state === 'expired').length,
    suggested: payers.filter(({ offered }) => offered).length,
    switched_away: payers.filter(({ moved }) => moved).length,
    switched_here: came.filter(({ state }) => state === 'succeeded').length,
    p50_ms: quantile(took, 0.5),
    p99_ms: quantile(took, 0.99),
    levels: lengths(seconds.map(({ level }) => level)),
    breakers: lengths(seconds.map(({ breaker }) => breaker)),
    in_flight_max: seconds.findLast(({ ceiling }) => ceiling !== null)?.ceiling ?? null,
    limit_median: rounded(
      quantile(
        known(({ limit }) => limit),
        0.5,
      ),
    ),
    inside_peak: most(known(({ inside }) => inside)),
    rate_per_second: seconds.findLast(({ ratePerSecond }) => ratePerSecond !== null)?.ratePerSecond ?? null,
    received_peak: rounded(peakOverFive(seconds, ({ received }) => received)),
    capacity_used: sum('capacity') === 0 ? null : Math.round((1_000 * sum('answered')) / sum('capacity')) / 1_000,
    revision: glimpses.findLast(({ router }) => router !== null)?.router?.revision ?? null,
  };
}

function lengths(states: readonly (string | null)[]): Record<string, number> {
  const seconds: Record<string, number> = {};
  for (const state of states) if (state !== null) seconds[state] = (seconds[state] ?? 0) + 1;
  return seconds;
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10) / 10;
}
