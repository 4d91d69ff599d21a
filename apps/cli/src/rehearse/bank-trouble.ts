/** A bank is in trouble: how soon was it left alone, what were its payers told, who else noticed, and how soon was it back? */
import { atLeast, atMost, described, type Figure } from '../outcome';
import { recoveredAfterS } from './capacity-change';
import { couldServe, type Glimpse } from './channel-watch';
import type { PayerOutcome } from './client-outcomes';
import { isOnTime } from './on-time';
import type { Span } from './phase-spans';
import { mean, quantile, ratio, rounded } from './statistics';

export interface TroubleSeen {
  readonly channel: string;
  readonly outcomes: readonly PayerOutcome[];
  readonly glimpses: readonly Glimpse[];
  readonly before: Span;
  readonly trouble: Span;
  /** Until the last arrival. */
  readonly after: Span;
  readonly onTimeMs: number;
}

/** A bank that hangs is known to after ten of its round trips and three seconds at least (signs-of-life.ts); a look and a report more. */
const OPEN_MOST_S = 5;
/** Looks at a dead bank are up to half of the outage apart, and one that finds it back is followed by probes and a ramp. */
const BACK_FROM_OUTAGE_MOST_S = 15;
/** As after any other change of a bank's capacity. */
const BACK_MOST_S = 5;
const OFFERED_LEAST = 0.9;

/** Breaker, offers, and the way back. */
export function outageFigures(seen: TroubleSeen): Figure[] {
  const { after, channel, glimpses, outcomes, trouble } = seen;
  const openS = breakerOpenedAfterS(glimpses, trouble);
  // Before the breaker opens nobody knows; then whoever is turned away and has another card should hear of it.
  const openMs = trouble.fromMs + (openS ?? 0) * 1_000;
  const refused = outcomes.filter(
    (one) =>
      one.channel === channel &&
      one.channels.length > 1 &&
      one.refusedInMs !== null &&
      one.postedMs >= openMs &&
      one.postedMs < trouble.toMs,
  );
  const offered = refused.filter((one) => one.offered).length;
  const states = new Set(glimpses.filter(({ atMs }) => atMs >= trouble.toMs).map(({ router }) => router?.breaker));
  return [
    atMost('breaker_open_s', openS, OPEN_MOST_S, 's'),
    described('refused_while_open', refused.length, 'payments'),
    atLeast('refused_with_suggestion', ratio(offered, refused.length), OFFERED_LEAST, 'ratio'),
    atMost('back_to_90_s', backS(seen, after), BACK_FROM_OUTAGE_MOST_S, 's'),
    described('came_back_by_ramp', states.has('ramping') ? 1 : 0, 'yes = 1'),
  ];
}

/** What a bank that is slow, and not broken, still does. */
export function slowFigures(seen: TroubleSeen): Figure[] {
  const { after, glimpses, trouble } = seen;
  const inside = glimpses.filter(({ atMs }) => atMs >= trouble.fromMs && atMs < trouble.toMs);
  // The way down is over by the middle; what holds then is what it settled at.
  const later = inside.slice(inside.length >> 1);
  const limit = quantile(
    later.flatMap((one) => (one.limit === null ? [] : [one.limit / one.slots])),
    0.5,
  );
  const queue = mean(later.map(({ slots, waiting }) => waiting / slots));
  return [
    atLeast('goodput_while_slow', goodputIn(seen, trouble), 0.9, 'ratio'),
    described('limit_over_slots_while_slow', rounded(limit), 'ratio'),
    atMost('bank_queue_while_slow', rounded(queue), 1, 'slots'),
    atMost('recover_after_restore_s', backS(seen, after), BACK_MOST_S, 's'),
  ];
}

/** One bank has most of the load: does it do what it can, and does nobody else pay for it? */
export function hotFigures(seen: TroubleSeen, others: readonly Pick<TroubleSeen, 'channel' | 'glimpses'>[]): Figure[] {
  const { outcomes, trouble } = seen;
  const came = outcomes.filter(({ postedMs }) => postedMs >= trouble.fromMs && postedMs < trouble.toMs);
  const shares = [seen, ...others].map(({ channel, glimpses }) => {
    const mine = came.filter((one) => one.channel === channel);
    const could = couldServe(glimpses, trouble.fromMs, trouble.toMs);
    const paid = mine.filter((one) => isOnTime(one, seen.onTimeMs)).length;
    // Whoever was paid by another bank is served too; more than its due nobody can have.
    return Math.min(1, paid / Math.max(1, Math.min(mine.length, could)));
  });
  const hot = came.filter(({ channel }) => channel === seen.channel).length;
  const moved = outcomes.filter((one) => one.moved);
  const failed = moved.filter(({ state }) => state !== 'succeeded').length;
  return [
    described('hot_share_of_load', ratio(hot, came.length), 'ratio'),
    atLeast('goodput_hot', goodputIn(seen, trouble), 0.9, 'ratio'),
    atLeast('jain_fairness', rounded(jain(shares)), 0.95, 'ratio'),
    described('offers_followed', moved.length, 'payments'),
    atMost('moved_then_failed', ratio(failed, moved.length), 0.01, 'ratio'),
  ];
}

/** Payers of other banks: paid on time, and about as quickly as before. */
export function othersFigures({ before, channel, onTimeMs, outcomes, trouble }: TroubleSeen): Figure[] {
  const others = outcomes.filter((one) => one.channel !== channel);
  const within = ({ fromMs, toMs }: Span): readonly PayerOutcome[] =>
    others.filter(({ postedMs }) => postedMs >= fromMs && postedMs < toMs);
  const during = within(trouble);
  const [p99Before, p99During] = [p99Ms(within(before)), p99Ms(during)];
  const onTime = during.filter((one) => isOnTime(one, onTimeMs)).length;
  return [
    atLeast('others_on_time', ratio(onTime, during.length), 0.99, 'ratio'),
    // A quarter of a second more is what nobody notices (as in libs/simulation).
    atMost('others_slower_ms', p99Before === null || p99During === null ? null : p99During - p99Before, 250, 'ms'),
  ];
}

/** From the trouble's begin to the first look at a breaker that is not closed, s. */
export function breakerOpenedAfterS(glimpses: readonly Glimpse[], { fromMs, toMs }: Span): number | null {
  const open = glimpses.find(
    ({ atMs, router }) => atMs >= fromMs && atMs < toMs && (router?.breaker ?? 'closed') !== 'closed',
  );
  return open === undefined ? null : Math.round((open.atMs - fromMs) / 100) / 10;
}

/** Until the bank answers nine tenths of what it did before again, or of what it can, whichever is less. */
function backS({ before, glimpses }: TroubleSeen, after: Span): number | null {
  const early = glimpses.filter(({ atMs }) => atMs >= before.fromMs && atMs < before.toMs);
  const [first, last] = [early[0], early.at(-1)];
  if (first === undefined || last === undefined || first === last) return null;
  const perSecond = ((last.served - first.served) * 1_000) / (last.atMs - first.atMs);
  return recoveredAfterS(glimpses, after.fromMs, after.toMs, ({ capacityPerSecond }) =>
    Math.min(perSecond, capacityPerSecond),
  );
}

/** What the bank itself did for its payers, over what it could. */
function goodputIn({ channel, glimpses, onTimeMs, outcomes }: TroubleSeen, { fromMs, toMs }: Span): number | null {
  const could = couldServe(glimpses, fromMs, toMs);
  const done = outcomes.filter(
    (one) =>
      one.channel === channel &&
      one.paidOn === channel &&
      isOnTime(one, onTimeMs) &&
      (one.endMs ?? 0) >= fromMs &&
      (one.endMs ?? 0) < toMs,
  );
  return ratio(done.length, could);
}

/** Jain's index: 1 if all have the same share, 1/n if one has everything. */
export function jain(shares: readonly number[]): number | null {
  const sum = shares.reduce((all, one) => all + one, 0);
  const squares = shares.reduce((all, one) => all + one * one, 0);
  return squares === 0 ? null : (sum * sum) / (shares.length * squares);
}

function p99Ms(payers: readonly PayerOutcome[]): number | null {
  return quantile(
    payers.flatMap(({ endMs, postedMs }) => (endMs === null ? [] : [endMs - postedMs])),
    0.99,
  );
}
