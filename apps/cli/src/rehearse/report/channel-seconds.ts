/** What happened on each channel in each second: what payers asked of it, what the bank did, and what the router knew of it. */
import type { Glimpse, Watched } from '../channel-watch';
import type { PayerOutcome } from '../client-outcomes';

/** One second of one channel. What nobody could see in it is null. */
export interface ChannelSecond {
  /** Payers whose first card it was, and those of them who were turned away: refused for good, or expired unsent. */
  readonly offered: number;
  readonly turnedAway: number;
  /** Payers who learnt in it that they had paid here. */
  readonly served: number;
  /** What the bank received, answered, and could have answered: payments. */
  readonly received: number | null;
  readonly answered: number | null;
  readonly capacity: number | null;
  /** Payments inside the bank, and its places for them. */
  readonly inside: number | null;
  readonly slots: number | null;
  readonly limit: number | null;
  readonly ceiling: number | null;
  readonly ratePerSecond: number | null;
  readonly roundTripMs: number | null;
  readonly backlog: number | null;
  readonly level: string | null;
  readonly breaker: string | null;
}

export interface ChannelRun {
  readonly channel: string;
  readonly seconds: readonly ChannelSecond[];
  readonly payers: readonly PayerOutcome[];
  readonly glimpses: readonly Glimpse[];
}

/** A payer who went away unpaid because somebody had no room: a refusal, or an order that expired while it waited. */
export function wasTurnedAway({ acceptedMs, refusedWith, state }: PayerOutcome): boolean {
  return state === 'expired' || (acceptedMs === null && refusedWith !== null);
}

/** Where a payer's payment ended. */
export function paidAt({ channel, paidOn }: PayerOutcome): string {
  return paidOn ?? channel;
}

/** @param beginMs the first POST of all; second 0 begins with it */
export function channelRuns(outcomes: readonly PayerOutcome[], watched: Watched, beginMs: number): ChannelRun[] {
  const lastMs = outcomes.reduce((most, { postedMs, endMs }) => Math.max(most, endMs ?? 0, postedMs), beginMs);
  const length = Math.floor((lastMs - beginMs) / 1_000) + 1;
  const byFirst = grouped(outcomes, ({ channel }) => channel);
  const bySuccess = grouped(
    outcomes.filter(({ state }) => state === 'succeeded'),
    paidAt,
  );
  return [...new Set([...byFirst.keys(), ...bySuccess.keys()])]
    .map((channel): ChannelRun => {
      const payers = byFirst.get(channel) ?? [];
      const glimpses = watched.get(channel) ?? [];
      const offered = counted(payers, ({ postedMs }) => postedMs, beginMs, length);
      const away = counted(payers.filter(wasTurnedAway), ({ postedMs }) => postedMs, beginMs, length);
      const served = counted(bySuccess.get(channel) ?? [], ({ endMs }) => endMs ?? 0, beginMs, length);
      const seconds = Array.from({ length }, (_, second) => ({
        offered: offered[second] ?? 0,
        turnedAway: away[second] ?? 0,
        served: served[second] ?? 0,
        ...seenIn(glimpses, beginMs + second * 1_000),
      }));
      return { channel, seconds, payers, glimpses };
    })
    .sort((a, b) => b.payers.length - a.payers.length);
}

/** Most of something over five seconds, each: between two looks a count is guessed, and one second of it may be too high. */
export function peakOverFive(
  seconds: readonly ChannelSecond[],
  of: (second: ChannelSecond) => number | null,
): number | null {
  let most: number | null = null;
  for (let at = 0; at + 5 <= seconds.length; at += 1) {
    const values = seconds.slice(at, at + 5).map(of);
    if (values.some((value) => value === null)) continue;
    const mean = values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / 5;
    most = most === null ? mean : Math.max(most, mean);
  }
  return most;
}

/** A bank that was not looked at for so long may have done anything. */
const BLIND_MS = 3_000;

type Seen = Omit<ChannelSecond, 'offered' | 'turnedAway' | 'served'>;

function seenIn(glimpses: readonly Glimpse[], fromMs: number): Seen {
  const toMs = fromMs + 1_000;
  const last = lastBefore(glimpses, toMs);
  const within = glimpses.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  const shown = within.length > 0 ? within : last !== null && toMs - last.atMs < BLIND_MS ? [last] : [];
  const mean = (of: (glimpse: Glimpse) => number | null | undefined): number | null => {
    const values = shown.flatMap((glimpse) => of(glimpse) ?? []);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const rose = (of: (glimpse: Glimpse) => number): number | null => {
    const [from, to] = [countAt(glimpses, fromMs, of), countAt(glimpses, toMs, of)];
    return from === null || to === null ? null : to - from;
  };
  const end = shown.at(-1);
  return {
    received: rose(({ offered }) => offered),
    answered: rose(({ served }) => served),
    capacity: mean(({ capacityPerSecond }) => capacityPerSecond),
    inside: mean(({ inService, waiting }) => inService + waiting),
    slots: mean(({ slots }) => slots),
    limit: mean(({ limit }) => limit),
    ceiling: mean(({ router }) => router?.ceiling),
    ratePerSecond: mean(({ router }) => router?.ratePerSecond),
    roundTripMs: mean(({ router }) => router?.roundTripMs),
    backlog: mean(({ router }) => router?.backlog),
    level: end?.level ?? null,
    breaker: end?.router?.breaker ?? null,
  };
}

/** A count between two looks is on the straight line between them; beyond the last look nothing is known. */
function countAt(glimpses: readonly Glimpse[], atMs: number, of: (glimpse: Glimpse) => number): number | null {
  const before = lastBefore(glimpses, atMs);
  const after = glimpses[before === null ? 0 : glimpses.indexOf(before) + 1];
  if (after === undefined || (before !== null && after.atMs - before.atMs > BLIND_MS)) return null;
  if (before === null) return after.atMs - atMs > BLIND_MS ? null : of(after);
  return of(before) + ((of(after) - of(before)) * (atMs - before.atMs)) / (after.atMs - before.atMs);
}

/** The last look before a moment; looks are in the order of time. */
function lastBefore(glimpses: readonly Glimpse[], atMs: number): Glimpse | null {
  let [low, high] = [0, glimpses.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (glimpses[middle]!.atMs < atMs) low = middle + 1;
    else high = middle;
  }
  return glimpses[low - 1] ?? null;
}

function counted<One>(all: readonly One[], atMs: (one: One) => number, beginMs: number, length: number): number[] {
  const seconds = Array.from({ length }, () => 0);
  for (const one of all) {
    const second = Math.floor((atMs(one) - beginMs) / 1_000);
    if (second >= 0 && second < length) seconds[second] = (seconds[second] ?? 0) + 1;
  }
  return seconds;
}

function grouped<One>(all: readonly One[], by: (one: One) => string): Map<string, One[]> {
  const groups = new Map<string, One[]>();
  for (const one of all) {
    const group = groups.get(by(one));
    if (group === undefined) groups.set(by(one), [one]);
    else group.push(one);
  }
  return groups;
}
