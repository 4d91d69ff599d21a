/** The page's pictures: what came and what was paid, each channel by itself, the processes, and the states of channels as lanes. */
import { type ChartSeries, escapeHtml, type LineChart, lineChart, roundTicks } from '#simulation';
import { PROCESS_WORDS } from './machine-seconds';
import { figure, said } from './markup';
import type { ChannelCurves, RehearsalReport } from './report-data';
import { LEVELS, type TimelineEvent } from './timeline';
import { same, type Words, words } from './words';

const WIDE = 1_120;
const HALF = 550;
/** Channels drawn at once; the others are folded away. */
const SHOWN = 6;
/** Beyond so many times what a bank can do nothing is drawn. */
const FAR = 2.2;
const SECONDS = words('秒', 'seconds');
const PER_SECOND = words('笔/秒', 'per second');

type Points = ChartSeries['points'];

/** A point stands in the middle of the seconds it is about. */
function points(values: readonly (number | null)[], stepS: number): Points {
  return values.map((value, at) => [(at + 0.5) * stepS, value] as const);
}

/** Without the zeros behind the last that counts: a line ends where its story does. */
function trimmed(values: readonly (number | null)[]): readonly (number | null)[] {
  return values.slice(0, values.findLastIndex((value) => (value ?? 0) > 0) + 1);
}

function highest(...all: readonly (readonly (number | null)[])[]): number {
  return all.reduce((most, values) => values.reduce<number>((high, value) => Math.max(high, value ?? 0), most), 1);
}

/** Faults as bands where they lasted, as lines where they struck. */
function faultMarks(timeline: readonly TimelineEvent[]): Pick<LineChart, 'bands' | 'marks'> {
  const faults = timeline.filter(({ kind }) => kind === 'fault');
  const name = ({ said: text }: TimelineEvent): string => text.en.split(':')[0] ?? '';
  return {
    bands: faults.flatMap((event) =>
      event.until_s === null
        ? []
        : [{ from: event.at_s, to: event.until_s, className: 'fault-band', label: name(event) }],
    ),
    marks: faults
      .filter(({ until_s: until }) => until === null)
      .map((event) => ({ x: event.at_s, label: name(event), className: 'fault' })),
  };
}

export function lastSecond({ arrivals, step_s: stepS }: RehearsalReport): number {
  return Math.max(1, arrivals.succeeded.length, arrivals.target.length) * stepS;
}

export function arrivalsChart(report: RehearsalReport): string {
  const { arrivals, step_s: stepS, timeline } = report;
  const { posted, succeeded, target, turned_away: away } = arrivals;
  const phases = timeline.filter(({ kind }) => kind === 'load');
  const { bands = [], marks = [] } = faultMarks(timeline);
  const lines: readonly (readonly [string, Words, readonly (number | null)[]])[] = [
    ['ideal', words('计划到达', 'planned'), target],
    ['posted', words('实际到达', 'came'), trimmed(posted)],
    ['away', words('被拒或过期', 'turned away'), trimmed(away)],
    ['succeeded', words('付款成功', 'paid'), trimmed(succeeded)],
  ];
  const shown = lines.filter(([, , values]) => values.length > 0);
  const chart = lineChart({
    ...{ width: WIDE, height: 310, title: 'Payments per second: planned, posted, paid and turned away' },
    x: { label: SECONDS, min: 0, max: lastSecond(report) },
    // The caption says what is counted; a word here would meet those of the load's parts.
    y: { label: '', min: 0, max: highest(target, posted, succeeded) * 1.12 },
    bands,
    // A part of the load begins at its line; where they would hide each other, only the lines stay.
    marks: [
      ...phases.map(({ at_s: x, said: text }, at) => ({
        ...{ x: Math.max(0, x), className: 'phase' },
        label: far(phases[at - 1]?.at_s, x, report) ? text.en : '',
      })),
      ...marks,
    ],
    series: shown.map(([className, label, values]) => ({ className, label, points: points(values, stepS) })),
  });
  return figure(words('每秒付款数', 'Payments per second'), chart, []);
}

/** Whether two labels stand apart. */
function far(before: number | undefined, x: number, report: RehearsalReport): boolean {
  return before === undefined || x - before > lastSecond(report) / 16;
}

/** Two charts for each channel: what it did over what it could, and calls under way over the limit. */
export function channelCharts(report: RehearsalReport): string {
  const all = report.channels.map((channel) => channelPair(report, channel));
  const [first, rest] = [all.slice(0, SHOWN), all.slice(SHOWN)];
  const more = words(`另外 ${rest.length} 条渠道`, `${rest.length} more channels`);
  return `${first.join('')}${rest.length === 0 ? '' : `<details><summary>${said(more)}</summary>${rest.join('')}</details>`}`;
}

function channelPair(report: RehearsalReport, curves: ChannelCurves): string {
  const { step_s: stepS, timeline } = report;
  const { answered, capacity, ceiling, channel, inside, limit, offered, rate } = curves;
  const x = { label: SECONDS, min: 0, max: lastSecond(report) };
  const faults = faultMarks(timeline.filter((event) => event.channel === null));
  // Ten times what a bank can do would press all else to the ground: what is asked for may leave the chart.
  const could = highest(capacity, answered);
  const nearRate = rate.some((value) => value !== null) && highest(rate) <= FAR * could;
  const flow = lineChart({
    ...{
      width: HALF,
      height: 220,
      title: `${channel}: asked for, answered, and what the bank could do, per second`,
      x,
    },
    y: { label: PER_SECOND, min: 0, max: Math.min(FAR * could, 1.1 * highest(capacity, answered, offered)) },
    ...faults,
    series: [
      { className: 'offered', points: points(trimmed(offered), stepS) },
      { className: 'ideal', points: points(capacity, stepS) },
      ...(nearRate ? [{ className: 'limit', points: points(rate, stepS) }] : []),
      { className: 'succeeded', points: points(answered, stepS) },
    ],
  });
  // A ceiling far above everything would press the other lines to the ground.
  const high = highest(limit, inside) * 1.15;
  const nearCeiling = highest(ceiling) <= 2 * high;
  const calls = lineChart({
    ...{ width: HALF, height: 220, title: `${channel}: calls inside the bank, our limit, the operator's ceiling`, x },
    y: { label: words('请求', 'calls'), min: 0, max: nearCeiling ? Math.max(high, highest(ceiling) * 1.05) : high },
    ...faults,
    series: [
      ...(nearCeiling ? [{ className: 'ideal', points: points(ceiling, stepS) }] : []),
      { className: 'inside', points: points(inside, stepS) },
      { className: 'limit', points: points(limit, stepS) },
    ],
  });
  const top = Math.round(highest(ceiling));
  return `<h3>${escapeHtml(channel)}</h3><div class="pair">${figure('', flow, [
    ['offered', words('请求', 'asked for')],
    ['ideal', words('银行真实能力', 'what the bank could do')],
    ['succeeded', words('银行应答', 'what it answered')],
    ...(nearRate ? [['limit', words('合同速率', 'contract rate')] as const] : []),
  ])}${figure('', calls, [
    ['limit', words('我们的限额', 'our limit')],
    ['inside', words('在银行内', 'inside the bank')],
    ...(nearCeiling
      ? [['ideal', words(`运营上限 ${top}`, `operator's ceiling ${top}`)] as const]
      : [['none', words(`运营上限 ${top} 在图外`, `operator's ceiling, ${top}, is above the chart`)] as const]),
  ])}</div>`;
}

export function processChart(report: RehearsalReport): string {
  const { processes, step_s: stepS } = report;
  const shown = processes.filter(({ cores }) => cores.some((used) => used !== null));
  if (shown.length === 0) return '';
  const chart = lineChart({
    ...{ width: WIDE, height: 270, title: 'Processor cores used by each process' },
    x: { label: SECONDS, min: 0, max: lastSecond(report) },
    y: { label: words('核', 'cores'), min: 0, max: highest(...shown.map(({ cores }) => cores)) * 1.1 },
    series: shown.map(({ name, cores }) => ({
      className: `process-${Object.keys(PROCESS_WORDS).indexOf(name)}`,
      label: PROCESS_WORDS[name] ?? same(name),
      points: points(smoothed(cores), stepS),
    })),
  });
  return figure(words('各进程占用的处理器核', 'Processor cores used'), chart, []);
}

/** Over three points: a second of a process is all or nothing. */
function smoothed(values: readonly (number | null)[]): (number | null)[] {
  return values.map((value, at) => {
    const around = values.slice(Math.max(0, at - 1), at + 2).filter((one) => one !== null);
    return value === null ? null : around.reduce((sum, one) => sum + one, 0) / around.length;
  });
}

const LANE = { names: 130, height: 26, right: 14, top: 6, axis: 26 };

/** Levels as a strip for each channel, its breaker as a thin one below, over time. */
export function lanes(report: RehearsalReport): string {
  const { channels, step_s: stepS } = report;
  const last = lastSecond(report);
  const x = (second: number): number => LANE.names + (second / last) * (WIDE - LANE.names - LANE.right);
  const rows = channels.map(({ channel, levels, breakers }, row) => {
    const y = LANE.top + row * LANE.height;
    const name = `<text class="lane-name" x="0" y="${y + 14}">${escapeHtml(channel)}</text>`;
    return name + strip(levels, 'level', y + 3, 12) + strip(breakers, 'breaker', y + 17, 4);
  });
  const height = LANE.top + channels.length * LANE.height + LANE.axis;
  const ticks = roundTicks(0, last, 8).map(
    (tick) => `<text class="tick middle" x="${Math.round(x(tick))}" y="${height - 8}">${tick} s</text>`,
  );
  const key = (className: string, label: Words): string =>
    `<span class="key"><i class="chip ${className}"></i>${said(label)}</span>`;
  const legend = [
    ...Object.entries(LEVELS).map(([level, label]) => key(`level-${level}`, label)),
    key('breaker-open', words('熔断器断开', 'breaker open')),
    key('breaker-ramping', words('试探或爬升', 'probing, ramping')),
  ];
  return `<figure><figcaption>${said(words('各渠道的拥堵等级', 'Level of each channel'))} <span class="legend">${legend.join('')}</span></figcaption>
<svg viewBox="0 0 ${WIDE} ${height}" role="img" aria-label="levels and breakers of the channels over time">${rows.join('')}${ticks.join('')}</svg></figure>`;

  function strip(states: readonly (string | null)[], kind: string, y: number, tall: number): string {
    const parts: string[] = [];
    for (let from = 0, to = 0; from < states.length; from = to) {
      while (to < states.length && states[to] === states[from]) to += 1;
      const state = states[from];
      if (state === null || state === undefined) continue;
      const [left, right] = [x(from * stepS), x(Math.min(last, to * stepS))];
      parts.push(
        `<rect class="${kind}-${escapeHtml(state)}" x="${left.toFixed(1)}" y="${y}" width="${(right - left).toFixed(1)}" height="${tall}"/>`,
      );
    }
    return parts.join('');
  }
}
