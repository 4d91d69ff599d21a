/** What happened when: parts of the load, changes at the banks, faults, what operators did, and what the router answered with. */
import type { FaultReport } from '../faults';
import type { PhaseSpan } from '../phase-spans';
import type { CongestionStage } from '../stage';
import type { ChannelRun } from './channel-seconds';
import { same, type Words, words } from './words';

export interface TimelineEvent {
  readonly at_s: number;
  /** Null: it is over at once. */
  readonly until_s: number | null;
  readonly kind: 'load' | 'bank' | 'fault' | 'operator' | 'breaker' | 'level';
  readonly channel: string | null;
  readonly said: Words;
}

export function timelineOf(
  stage: CongestionStage | null,
  phases: readonly PhaseSpan[],
  faults: readonly FaultReport[],
  runs: readonly ChannelRun[],
  beginMs: number,
): TimelineEvent[] {
  const second = (ms: number): number => Math.round((ms - beginMs) / 100) / 10;
  return [
    ...phases.map(({ name, fromMs, toMs }): TimelineEvent => ({
      ...{ at_s: second(fromMs), until_s: second(toMs), kind: 'load', channel: null },
      said: same(name),
    })),
    ...(stage?.timeline ?? []).map(bankEvent),
    ...faults.map(({ name, atS, fromMs, untilMs, happened, seen }): TimelineEvent => ({
      at_s: fromMs === undefined ? atS : second(fromMs),
      until_s: untilMs === undefined ? null : second(untilMs),
      ...{ kind: 'fault', channel: null },
      said: happened ? same(`${name}: ${seen}`) : words(`${name} 没有发生：${seen}`, `${name} did not happen: ${seen}`),
    })),
    ...runs.flatMap((run) => [...limitEvents(run, second), ...changesOf(run, second)]),
  ].sort((a, b) => a.at_s - b.at_s);
}

/** As the stage has it: the banks' own clock plays it. */
function bankEvent(event: CongestionStage['timeline'][number]): TimelineEvent {
  const { at_ms: atMs, channel, ...change } = event;
  const restored = 'restore' in change;
  const text = JSON.stringify(change.patch ?? change);
  return {
    ...{ at_s: atMs / 1_000, until_s: null, kind: 'bank', channel },
    said: restored
      ? words('银行恢复', 'the bank is restored')
      : words(`银行改变：${text}`, `the bank changes: ${text}`),
  };
}

function limitEvents({ channel, glimpses }: ChannelRun, second: (ms: number) => number): TimelineEvent[] {
  return glimpses.flatMap(({ atMs, router }, index): TimelineEvent[] => {
    const before = glimpses[index - 1]?.router ?? null;
    if (router === null || before === null || router.revision === before.revision) return [];
    const change = (name: string, from: number, to: number): string[] =>
      from === to ? [] : [`${name} ${from} → ${to}`];
    const changes = [
      ...change('in_flight_max', before.ceiling, router.ceiling),
      ...change('rate_per_second', before.ratePerSecond, router.ratePerSecond),
    ].join(', ');
    return [
      {
        ...{ at_s: second(atMs), until_s: null, kind: 'operator', channel },
        said: words(`限额改为第 ${router.revision} 版：${changes}`, `limits, revision ${router.revision}: ${changes}`),
      },
    ];
  });
}

const BREAKER: Readonly<Record<string, Words>> = {
  closed: words('熔断器闭合', 'breaker closed'),
  open: words('熔断器断开', 'breaker open'),
  half_open: words('熔断器半开：试探', 'breaker half open: probes'),
  ramping: words('熔断器爬升', 'breaker ramping'),
  isolated: words('被隔离', 'isolated'),
};
export const LEVELS: Readonly<Record<string, Words>> = {
  normal: words('正常', 'normal'),
  busy: words('繁忙', 'busy'),
  congested: words('拥堵', 'congested'),
  closed: words('关闭', 'closed'),
};

function changesOf({ channel, glimpses }: ChannelRun, second: (ms: number) => number): TimelineEvent[] {
  const events: TimelineEvent[] = [];
  let breaker: string | null = null;
  let level: string | null = null;
  for (const { atMs, level: newLevel, router } of glimpses) {
    const at = { at_s: second(atMs), until_s: null, channel };
    const state = router?.breaker ?? null;
    if (state !== null && state !== breaker) {
      if (breaker !== null) {
        const said = withReason(
          BREAKER[state] ?? same(state),
          state === 'closed' ? null : (router?.breakerWhy ?? null),
        );
        events.push({ ...at, kind: 'breaker', said });
      }
      breaker = state;
    }
    if (newLevel !== null && newLevel !== level) {
      if (level !== null) {
        const name = LEVELS[newLevel] ?? same(newLevel);
        const said = words(`拥堵等级：${name['zh-CN']}`, `level: ${name.en}`);
        events.push({
          ...at,
          kind: 'level',
          said: withReason(said, newLevel === 'normal' ? null : (router?.why ?? null)),
        });
      }
      level = newLevel;
    }
  }
  return events;
}

function withReason(said: Words, why: Words | null): Words {
  return why === null ? said : words(`${said['zh-CN']}（${why['zh-CN']}）`, `${said.en} (${why.en})`);
}
