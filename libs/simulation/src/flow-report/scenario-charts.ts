// How did it go over time? What was paid on time against what the banks could do, under Sluice and under others; and, under Sluice, each
// channel by itself: its limit, what was at the bank, what waited.
import { escapeHtml, lineChart } from '../line-chart';
import type { Series } from '../world/census';
import type { DrawnRun } from './drawn-run';

/** Points per line: more cannot be told apart on a screen. */
const POINTS = 300;
/** Channels drawn by themselves. */
const CHANNELS = 6;
/** Others drawn beside Sluice: more lines hide each other. */
const OTHERS = 3;

/** A chart and what its lines mean, for a page or a picture to set. */
export interface DrawnChart {
  readonly title: string;
  readonly chart: string;
  readonly height: number;
  readonly legend: readonly (readonly [className: string, words: string])[];
}

/** @param drawn runs of one load and seed, Sluice first */
export function scenarioCharts(drawn: readonly DrawnRun[]): string {
  const [ours, ...others] = drawn;
  if (ours === undefined) return '';
  const channels = ours.scenario.channels.slice(0, CHANNELS);
  const each = channels.map((_, channel) => figure(channelChart(ours, channel, channels.length > 1 ? 530 : 1080)));
  const paid = figure(paidChart(ours, others, 1080));
  return `${paid}<div class="${channels.length > 1 ? 'pair' : ''}">${each.join('')}</div>`;
}

function figure({ title, chart, legend }: DrawnChart): string {
  const keys = legend.map(([className, words]) => key(className, words)).join('');
  return `<figure><figcaption>${escapeHtml(title)} <span class="legend">${keys}</span></figcaption>${chart}</figure>`;
}

/** What was paid on time in each second, over all channels, under Sluice and the first of the others. */
export function paidChart(ours: DrawnRun, others: readonly DrawnRun[], width: number): DrawnChart {
  const shown = others.slice(0, OTHERS);
  const seconds = ours.scenario.seconds;
  const capacity = sumOver(ours, 'capacity');
  const top = Math.max(...capacity, ...sumOver(ours, 'on_time')) * 1.35;
  const height = 280;
  const chart = lineChart({
    width,
    height,
    title: 'Payments answered on time per second',
    x: { label: 'seconds 秒', min: 0, max: seconds },
    y: { label: 'per second 每秒', min: 0, max: top },
    series: [
      { className: 'offered', points: pointsOf(sumOver(ours, 'offered'), seconds) },
      { className: 'ideal', points: pointsOf(capacity, seconds) },
      { className: 'on-time', points: pointsOf(sumOver(ours, 'on_time'), seconds), area: true },
      ...shown.map((other, place) => ({
        className: `other-${place}`,
        points: pointsOf(sumOver(other, 'on_time'), seconds),
      })),
      { className: 'served', points: pointsOf(sumOver(ours, 'on_time'), seconds) },
    ],
  });
  const legend: DrawnChart['legend'] = [
    ['served', 'Sluice, on time 按时'],
    ['ideal', 'true capacity 真实能力'],
    ['offered', 'offered 需求'],
    ...shown.map(({ control }, place) => [`other-${place}`, control] as const),
  ];
  return { title: `Paid on time at ${ours.options.load}×`, chart, height, legend };
}

/** One channel under Sluice: its limit and its calls, beside the slots of the bank, which no policy sees. */
export function channelChart(ours: DrawnRun, channel: number, width: number, height = 210): DrawnChart {
  const seconds = ours.scenario.seconds;
  const of = (series: Series): readonly number[] => ours.census.series[channel]?.[series] ?? [];
  const { id = '', bank } = ours.scenario.channels[channel] ?? {};
  // Little's law: what is paid per second, times how long one takes, is how many are worked on.
  const slots = of('capacity').map((perSecond) => (perSecond * (bank?.service.meanMs ?? 0)) / 1_000);
  const top = Math.max(1, ...slots, ...of('in_flight'), ...of('limit').filter((limit) => limit < 1e5)) * 1.15;
  const chart = lineChart({
    width,
    height,
    title: `${id}: limit, calls at the bank, its slots and its own queue`,
    x: { label: 'seconds 秒', min: 0, max: seconds },
    y: { label: 'calls 请求', min: 0, max: top },
    series: [
      { className: 'busy', points: pointsOf(of('bank_waiting'), seconds), area: true },
      { className: 'ideal', points: pointsOf(slots, seconds) },
      { className: 'p99', points: pointsOf(of('in_flight'), seconds) },
      { className: 'p50', points: pointsOf(of('limit'), seconds) },
    ],
  });
  const legend: DrawnChart['legend'] = [
    ['p50', 'limit 限额'],
    ['p99', 'at the bank 在途'],
    ['ideal', "bank's true slots 银行真实并发"],
    ['busy', "bank's queue 银行排队"],
  ];
  return { title: id, chart, height, legend };
}

function sumOver({ census, scenario }: DrawnRun, series: Series): number[] {
  return Array.from({ length: Math.floor(scenario.seconds) }, (_, second) =>
    census.series.reduce((sum, of) => sum + (of[series][second] ?? 0), 0),
  );
}

/** Means over as many seconds as fit into a point. */
function pointsOf(values: readonly number[], seconds: number): (readonly [number, number])[] {
  const whole = Math.min(Math.floor(seconds), values.length);
  const span = Math.max(1, Math.ceil(whole / POINTS));
  const points: (readonly [number, number])[] = [];
  for (let from = 0; from < whole; from += span) {
    const part = values.slice(from, Math.min(whole, from + span));
    points.push([from + part.length / 2, part.reduce((sum, value) => sum + value, 0) / part.length]);
  }
  return points;
}

export function key(className: string, words: string): string {
  return `<span class="key"><svg viewBox="0 0 18 8" class="swatch"><path class="line ${className}" d="M1 4H17"/></svg>${escapeHtml(words)}</span>`;
}
