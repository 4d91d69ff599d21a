/**
 * Which limit should be another one? For each limit of each channel: how much of it was used, whom it turned away, and what number would
 * have served them, as far as the bank could have followed. Where the data say nothing, nothing is recommended.
 */
import { type ChannelRun, type ChannelSecond, peakOverFive } from './channel-seconds';
import type { TurnedAway } from './bottleneck';
import { grouped, percent, type Words, words } from './words';

/** A bank is not planned to its last place: beyond this part of its capacity its queue grows. */
const OF_CAPACITY = 0.9;

export type LimitName = 'rate_per_second' | 'in_flight_max' | 'bank_capacity';

export interface Recommendation {
  readonly channel: string;
  readonly limit: LimitName;
  /** In force at the end; for a bank, what it could do on average while it was used up. */
  readonly from: number;
  /** Null: no change is recommended. */
  readonly to: number | null;
  /** Most that was used in five seconds, over the limit. */
  readonly used_peak: number | null;
  /** Seconds in which it turned payers away, and how many. */
  readonly bound_seconds: number;
  readonly turned_away: number;
  /** Payers it would have served more. */
  readonly gained: number;
  readonly why: Words;
}

/** All limits that were seen; those with something to do first. */
export function recommend(runs: readonly ChannelRun[], away: readonly TurnedAway[]): Recommendation[] {
  const all = runs.flatMap((run) => {
    const of = (cause: TurnedAway['cause']): TurnedAway | null =>
      away.find((one) => one.channel === run.channel && one.cause === cause) ?? null;
    const bank = of('bank');
    return [
      rateLimit(run, of('contract_rate')),
      inFlightLimit(run, of('in_flight_max')),
      ...(bank === null ? [] : [bankItself(run, bank)]),
    ].filter((one) => one !== null);
  });
  const rank = ({ limit, to, turned_away: payers }: Recommendation): number =>
    payers + (to === null ? 0 : limit === 'bank_capacity' ? 1e6 : 1e9);
  return all.sort((a, b) => rank(b) - rank(a));
}

function rateLimit({ channel, seconds, glimpses }: ChannelRun, bound: TurnedAway | null): Recommendation | null {
  const router = glimpses.findLast((glimpse) => glimpse.router !== null)?.router;
  const rate = seconds.findLast(({ ratePerSecond }) => ratePerSecond !== null)?.ratePerSecond ?? null;
  if (rate === null || router === undefined || router === null) return null;
  const used = ratio(
    peakOverFive(seconds, ({ received }) => received),
    rate,
  );
  const base = { channel, limit: 'rate_per_second' as const, from: rate, used_peak: used };
  if (bound === null) return { ...base, ...unbound(used) };
  const times = secondsOf(seconds, bound);
  const wanted = Math.ceil(nineOfTen(times.map(({ offered }) => offered)));
  const possible = Math.floor(OF_CAPACITY * least(times, ({ capacity }) => capacity));
  const to = Math.min(wanted, possible);
  const facts = { ...base, bound_seconds: bound.seconds.size, turned_away: bound.payments };
  if (to <= rate)
    return {
      ...facts,
      to: null,
      gained: 0,
      why: words(
        `拒绝 ${grouped(bound.payments)} 名，但银行能力（九成为 ${possible}/s）并不高于限额，提高无益。`,
        `It turned ${grouped(bound.payments)} payers away, but nine tenths of what the bank can do are ${possible}/s: no more than the limit.`,
      ),
    };
  const gained = Math.min(bound.payments, served(times, to));
  const within = to <= router.contract.ratePerSecond;
  return {
    ...facts,
    to,
    gained,
    why: words(
      `限额在 ${bound.seconds.size} 秒里用到 ${percent(used ?? 0)}；由 ${rate}/s 提高到 ${to}/s，被拒的 ${grouped(bound.payments)} 名中约可多完成 ${grouped(gained)} 名。` +
        (within ? '仍在银行合同之内。' : `须先与银行商定：合同为 ${grouped(router.contract.ratePerSecond)}/s。`),
      `It was ${percent(used ?? 0)} used and turned payers away in ${bound.seconds.size} s; raising it from ${rate}/s to ${to}/s would have served about ${grouped(gained)} of the ${grouped(bound.payments)} refused. ` +
        (within
          ? "That is within the bank's contract."
          : `The bank has to agree first: its contract says ${grouped(router.contract.ratePerSecond)}/s.`),
    ),
  };
}

function inFlightLimit({ channel, seconds }: ChannelRun, bound: TurnedAway | null): Recommendation | null {
  const ceiling = seconds.findLast((second) => second.ceiling !== null)?.ceiling ?? null;
  if (ceiling === null) return null;
  const used = ratio(
    peakOverFive(seconds, ({ inside }) => inside),
    ceiling,
  );
  const base = { channel, limit: 'in_flight_max' as const, from: ceiling, used_peak: used };
  if (bound === null) return { ...base, ...unbound(used) };
  const times = secondsOf(seconds, bound);
  const answered = Math.max(
    1,
    least(times, (second) => second.answered),
  );
  const wanted = Math.ceil((ceiling * nineOfTen(times.map(({ offered }) => offered))) / answered);
  const to = Math.min(wanted, Math.floor(least(times, ({ slots }) => slots)));
  const facts = { ...base, bound_seconds: bound.seconds.size, turned_away: bound.payments };
  if (to <= ceiling)
    return {
      ...facts,
      to: null,
      gained: 0,
      why: words(
        `拒绝 ${grouped(bound.payments)} 名，但银行的并发位置也只有这么多，提高无益。`,
        `It turned ${grouped(bound.payments)} payers away, but the bank has no more places than that.`,
      ),
    };
  const gained = Math.min(bound.payments, served(times, (answered * to) / ceiling));
  return {
    ...facts,
    to,
    gained,
    why: words(
      `在途上限在 ${bound.seconds.size} 秒里用满；由 ${ceiling} 提高到 ${to}，被拒的 ${grouped(bound.payments)} 名中约可多完成 ${grouped(gained)} 名：银行还有空位。`,
      `The ceiling was used up in ${bound.seconds.size} s while the bank had room; raising it from ${ceiling} to ${to} would have served about ${grouped(gained)} of the ${grouped(bound.payments)} refused.`,
    ),
  };
}

/** Where the bank is the bound no limit of ours helps; what it would have to do is worth a call. */
function bankItself({ channel, seconds }: ChannelRun, bound: TurnedAway): Recommendation {
  const times = secondsOf(seconds, bound);
  const capacity = meanOf(times, (second) => second.capacity);
  const answered = meanOf(times, (second) => second.answered);
  const wanted = Math.ceil(nineOfTen(times.map(({ offered }) => offered)));
  const could = Math.round(capacity * 10) / 10;
  const used = ratio(answered, capacity);
  const to = wanted > capacity ? wanted : null;
  const facts = {
    ...{ channel, limit: 'bank_capacity' as const, from: could, to, used_peak: used },
    ...{ bound_seconds: bound.seconds.size, turned_away: bound.payments, gained: 0 },
  };
  if (used !== null && used < 0.5)
    return {
      ...facts,
      to: null,
      why: words(
        `银行在这 ${bound.seconds.size} 秒里大多不应答（熔断），拒绝 ${grouped(bound.payments)} 名：这是故障，不是限额问题。`,
        `For most of these ${bound.seconds.size} s the bank did not answer (breaker open); ${grouped(bound.payments)} payers were turned away. That is an outage, no limit's doing.`,
      ),
    };
  return {
    ...facts,
    why: words(
      `银行已答到其能力的 ${percent(used ?? 0)}（${could}/s），没有限额能帮上 ${grouped(bound.payments)} 名被拒者；要全部接住，银行需约 ${wanted}/s。`,
      `The bank answered ${percent(used ?? 0)} of what it could (${could}/s): no limit would have helped the ${grouped(bound.payments)} turned away. To take them all it would have to do about ${wanted}/s.`,
    ),
  };
}

function unbound(used: number | null): Omit<Recommendation, 'channel' | 'limit' | 'from' | 'used_peak'> {
  return {
    to: null,
    bound_seconds: 0,
    turned_away: 0,
    gained: 0,
    why:
      used === null
        ? words('未观测到用量。', 'Its use was not seen.')
        : words(
            `峰值用到 ${percent(used)}，未拒绝任何人：无需改动。`,
            `${percent(used)} used at its peak and nobody turned away: no change.`,
          ),
  };
}

function secondsOf(seconds: readonly ChannelSecond[], bound: TurnedAway): ChannelSecond[] {
  return seconds.filter((_, second) => bound.seconds.has(second));
}

/** Of those turned away in these seconds, for whatever cause, who would have fitted below a rate. */
function served(times: readonly ChannelSecond[], perSecond: number): number {
  return Math.round(
    times.reduce(
      (sum, { turnedAway, answered }) => sum + Math.min(turnedAway, Math.max(0, perSecond - (answered ?? perSecond))),
      0,
    ),
  );
}

function nineOfTen(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(0.9 * (sorted.length - 1))] ?? 0;
}

function known(times: readonly ChannelSecond[], of: (second: ChannelSecond) => number | null): number[] {
  return times.map(of).filter((value) => value !== null);
}

function meanOf(times: readonly ChannelSecond[], of: (second: ChannelSecond) => number | null): number {
  const values = known(times, of);
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A low second of many, not the lowest: one look that came late is no bank. */
function least(times: readonly ChannelSecond[], of: (second: ChannelSecond) => number | null): number {
  const sorted = known(times, of).sort((a, b) => a - b);
  return sorted[Math.floor(0.1 * (sorted.length - 1))] ?? 0;
}

function ratio(part: number | null, whole: number): number | null {
  return part === null || whole === 0 ? null : Math.round((part / whole) * 1_000) / 1_000;
}
