/**
 * Who or what was the bottleneck? Each payer who was turned away is laid to the one thing that was used up on the payer's channel at that
 * moment, the bank's side first: while a bank answers all it can, nothing of ours could have helped. What is left when a bank had room and
 * nobody was used up is our own limiter's, and is called so.
 */
import type { FaultReport } from '../faults';
import type { PayerOutcome } from '../client-outcomes';
import { type ChannelRun, type ChannelSecond, wasTurnedAway } from './channel-seconds';
import { LOOP_LATE_MS, PROCESS_WORDS, type ProcessRun } from './machine-seconds';
import { duration, grouped, percent, type Words, words } from './words';

/** A limit or a bank is used up from this share on: what is left of it does not fill a second evenly. */
const USED_UP = 0.9;
/** Over so many seconds: arrivals are not even, and a refusal follows what was seen a moment before. */
const AROUND_S = 2;

/** Whoever has nothing left because of others is not to blame, so they come first. */
const PROCESSES = ['others', 'generator', 'orchestrator', 'worker', 'redis', 'postgres', 'machine'] as const;

export type Cause =
  | 'contract_rate'
  | 'in_flight_max'
  | 'bank'
  | 'fault'
  | 'operator'
  | 'limiter'
  | 'not_seen'
  | (typeof PROCESSES)[number];

/** How many payers were turned away on a channel for one cause. */
export interface TurnedAway {
  readonly cause: Cause;
  readonly channel: string;
  readonly payments: number;
  /** The seconds in which that was. */
  readonly seconds: ReadonlySet<number>;
}

/** What had been used up, by how it was refused. */
const BY_CODE: Readonly<Record<string, Cause>> = {
  router_overloaded: 'orchestrator',
  storage_unavailable: 'postgres',
  channel_breaker_open: 'bank',
  channel_maintenance: 'operator',
  channel_draining: 'operator',
};

export function layToCauses(
  runs: readonly ChannelRun[],
  processes: readonly ProcessRun[],
  faults: readonly FaultReport[],
  beginMs: number,
): TurnedAway[] {
  const found = new Map<string, { cause: Cause; channel: string; payments: number; seconds: Set<number> }>();
  for (const { channel, payers, seconds } of runs) {
    for (const payer of payers.filter(wasTurnedAway)) {
      const second = Math.floor((payer.postedMs - beginMs) / 1_000);
      const cause = causeOf(payer, second, seconds, processes, faults);
      const key = `${cause} ${channel}`;
      const entry = found.get(key) ?? { cause, channel, payments: 0, seconds: new Set<number>() };
      entry.payments += 1;
      entry.seconds.add(second);
      found.set(key, entry);
    }
  }
  return [...found.values()].sort((a, b) => b.payments - a.payments);
}

function causeOf(
  { postedMs, refusedWith, state }: PayerOutcome,
  second: number,
  seconds: readonly ChannelSecond[],
  processes: readonly ProcessRun[],
  faults: readonly FaultReport[],
): Cause {
  const used = (name: string): boolean =>
    processes.some((one) => one.name === name && one.full.slice(Math.max(0, second - 1), second + 2).some(Boolean));
  const told = state === 'expired' ? undefined : BY_CODE[refusedWith ?? ''];
  if (told !== undefined) return told === 'orchestrator' && used('others') ? 'others' : told;
  const around = seconds.slice(Math.max(0, second - AROUND_S), second + AROUND_S + 1);
  const bound = boundOf(around);
  if (bound !== null) return bound;
  const struck = faults.some(
    ({ fromMs, untilMs }) => fromMs !== undefined && postedMs >= fromMs && postedMs <= (untilMs ?? fromMs) + 5_000,
  );
  if (struck) return 'fault';
  const full = PROCESSES.find(used);
  if (full !== undefined) return full;
  return around.some(({ capacity }) => capacity !== null) ? 'limiter' : 'not_seen';
}

/** What of a channel's own was used up in these seconds; null: nothing. */
export function boundOf(around: readonly ChannelSecond[]): 'contract_rate' | 'in_flight_max' | 'bank' | null {
  const sum = (of: (second: ChannelSecond) => number | null): number | null => {
    const values = around.map(of).filter((value) => value !== null);
    return values.length === 0 ? null : values.reduce((total, value) => total + value, 0) / values.length;
  };
  const [capacity, answered, received] = [
    sum((one) => one.capacity),
    sum((one) => one.answered),
    sum((one) => one.received),
  ];
  const [rate, ceiling, limit, inside] = [
    sum((one) => one.ratePerSecond),
    sum((one) => one.ceiling),
    sum((one) => one.limit),
    sum((one) => one.inside),
  ];
  const down = around.some(({ breaker }) => breaker === 'open' || breaker === 'half_open');
  if (down || (capacity !== null && capacity === 0)) return 'bank';
  if (rate !== null && received !== null && received >= USED_UP * rate && (capacity === null || rate < capacity))
    return 'contract_rate';
  if (capacity !== null && answered !== null && answered >= USED_UP * capacity) return 'bank';
  // Few answers are no even stream; a bank whose places are all taken does what it can, too.
  const slots = sum((one) => one.slots);
  if (slots !== null && inside !== null && inside >= slots) return 'bank';
  // The limiter would give more and the operator does not let it.
  const atCeiling = ceiling !== null && limit !== null && limit >= USED_UP * ceiling;
  if (atCeiling && inside !== null && inside >= USED_UP * ceiling) return 'in_flight_max';
  return null;
}

export function causeWords(cause: Cause): Words {
  const own: Partial<Record<Cause, Words>> = {
    contract_rate: words('合同速率', 'contract rate'),
    in_flight_max: words('在途上限', 'in-flight ceiling'),
    bank: words('银行自身能力', "the bank's own capacity"),
    fault: words('注入的故障', 'a fault that was injected'),
    operator: words('运营指令', "an operator's order"),
    limiter: words('我们的限流器低于银行能力', 'our limiter, below what the bank could do'),
    not_seen: words('未观测到', 'not seen'),
  };
  return own[cause] ?? PROCESS_WORDS[cause] ?? words(cause, cause);
}

/** One thing that may be used up, and how far it was. */
export interface Resource {
  readonly name: string;
  readonly label: Words;
  readonly used_mean: number | null;
  readonly used_peak: number | null;
  readonly of: number;
  readonly unit: 'cores' | 'per_second';
  readonly loop_delay_p99_ms: number | null;
  readonly used_up_seconds: number;
}

export interface Bottleneck {
  /** `none`: nobody was turned away. */
  readonly cause: Cause | 'none';
  readonly channel: string | null;
  readonly said: Words;
  readonly turned_away: number;
  readonly explained: readonly {
    readonly cause: Cause;
    readonly channel: string;
    readonly label: Words;
    readonly payments: number;
    readonly seconds: number;
  }[];
  readonly resources: readonly Resource[];
}

export function findBottleneck(away: readonly TurnedAway[], processes: readonly ProcessRun[]): Bottleneck {
  const turnedAway = away.reduce((sum, { payments }) => sum + payments, 0);
  const byCause = new Map<Cause, number>();
  for (const { cause, payments } of away) byCause.set(cause, (byCause.get(cause) ?? 0) + payments);
  const [top] = [...byCause].sort((a, b) => b[1] - a[1]);
  const first = away.find(({ cause }) => cause === top?.[0]) ?? null;
  const resources = processes.map(resourceOf);
  return {
    cause: top?.[0] ?? 'none',
    channel: first?.channel ?? null,
    said: top === undefined ? nothingWords(resources) : bottleneckWords(top, first, turnedAway, resources),
    turned_away: turnedAway,
    explained: away.map(({ cause, channel, payments, seconds }) => ({
      cause,
      channel,
      label: causeWords(cause),
      payments,
      seconds: seconds.size,
    })),
    resources,
  };
}

function resourceOf({ name, cores, ofCores, loopDelayMs, full }: ProcessRun): Resource {
  const used = cores.filter((one) => one !== null);
  const delays = (loopDelayMs ?? []).filter((one) => one !== null).sort((a, b) => a - b);
  return {
    name,
    label: PROCESS_WORDS[name] ?? words(name, name),
    used_mean: used.length === 0 ? null : used.reduce((sum, one) => sum + one, 0) / used.length,
    used_peak: used.length === 0 ? null : Math.max(...used),
    of: ofCores,
    unit: 'cores',
    // Of the seconds' own p99: what nine of ten seconds stayed below.
    loop_delay_p99_ms: delays[Math.floor(0.9 * (delays.length - 1))] ?? null,
    used_up_seconds: full.filter(Boolean).length,
  };
}

function nothingWords(resources: readonly Resource[]): Words {
  const [busiest] = nearest(resources);
  if (busiest === undefined)
    return words('无人被拒，也未测到任何资源用尽。', 'Nobody was turned away, and nothing was seen to be used up.');
  const share = percent((busiest.used_peak ?? 0) / busiest.of);
  return words(
    `无人被拒：没有瓶颈。最接近用尽的是${busiest.label['zh-CN']}，峰值 ${share}。`,
    `Nobody was turned away: there was no bottleneck. Nearest to it: ${busiest.label.en}, ${share} at its peak.`,
  );
}

function nearest(resources: readonly Resource[]): Resource[] {
  const part = ({ used_peak: peak, of }: Resource): number => (peak ?? 0) / of;
  return resources.filter(({ name }) => name !== 'machine' && name !== 'others').sort((a, b) => part(b) - part(a));
}

function bottleneckWords(
  [cause, payments]: readonly [Cause, number],
  first: TurnedAway | null,
  turnedAway: number,
  resources: readonly Resource[],
): Words {
  const label = causeWords(cause);
  const share = percent(payments / turnedAway);
  const channel = first?.channel ?? '';
  const strained = resources.filter(
    (one) => one.used_up_seconds > 0 && one.name !== 'bank_simulator' && one.name !== cause,
  );
  const list = (lang: keyof Words): string =>
    strained.map(({ label: name, used_up_seconds: s }) => `${name[lang]} ${s} s`).join(lang === 'en' ? ', ' : '、');
  const ours: Words =
    strained.length === 0
      ? words('其余都有余量。', 'Nothing else was used up.')
      : words(
          `另有用尽的时刻（处理器或事件循环迟 ${duration(LOOP_LATE_MS)}）：${list('zh-CN')}。`,
          `Used up for a while (processor, or event loop ${duration(LOOP_LATE_MS)} late): ${list('en')}.`,
        );
  return words(
    `瓶颈是${label['zh-CN']}：${grouped(turnedAway)} 名被拒或超时的付款人中，${grouped(payments)} 名（${share}）因此离开，最多在 ${channel}。${ours['zh-CN']}`,
    `The bottleneck was ${label.en}: of ${grouped(turnedAway)} payers turned away, ${grouped(payments)} (${share}) were so for it, most on ${channel}. ${ours.en}`,
  );
}
