// How did it go over time? What was paid on time against what the banks could do, under Sluice and under others; and, under Sluice, each
// channel by itself: its limit, what was at the bank, what waited.
import { escapeHtml, lineChart } from '../line-chart';
import type { Series } from '../world/census';
import type { PlayResult } from '../world/play';

/** Points per line: more cannot be told apart on a screen. */
const POINTS = 300;
/** Channels drawn by themselves. */
const CHANNELS = 6;
/** Others drawn beside Sluice: more lines hide each other. */
const OTHERS = 3;

/** @param drawn runs of one load and seed, Sluice first */
export function scenarioCharts(drawn: readonly PlayResult[]): string {
  const [ours, ...others] = drawn;
  if (ours === undefined) return '';
  const shown = others.slice(0, OTHERS);
  const channels = ours.scenario.channels.slice(0, CHANNELS);
  const each = channels.map(({ id }, channel) => channelFigure(ours, id, channel, channels.length > 1 ? 530 : 1080));
  return `${paidFigure(ours, shown)}<div class="${channels.length > 1 ? 'pair' : ''}">${each.join('')}</div>`;
}

function paidFigure(ours: PlayResult, others: readonly PlayResult[]): string {
  const seconds = ours.scenario.seconds;
  const capacity = sumOver(ours, 'capacity');
  const top = Math.max(...capacity, ...sumOver(ours, 'on_time')) * 1.35;
  const chart = lineChart({
    width: 1080,
    height: 280,
    title: 'Payments answered on time per second',
    x: { label: 'seconds 秒', min: 0, max: seconds },
    y: { label: 'per second 每秒', min: 0, max: top },
    series: [
      { className: 'offered', points: pointsOf(sumOver(ours, 'offered'), seconds) },
      { className: 'ideal', points: pointsOf(capacity, seconds) },
      { className: 'on-time', points: pointsOf(sumOver(ours, 'on_time'), seconds), area: true },
      ...others.map((other, place) => ({
        className: `other-${place}`,
        points: pointsOf(sumOver(other, 'on_time'), seconds),
      })),
      { className: 'served', points: pointsOf(sumOver(ours, 'on_time'), seconds) },
    ],
  });
  const legend = [
    key('served', 'Sluice, on time 按时'),
    key('ideal', 'true capacity 真实能力'),
    key('offered', 'offered 需求'),
    ...others.map(({ control }, place) => key(`other-${place}`, control)),
  ].join('');
  return `<figure><figcaption>Paid on time at ${ours.options.load}× <span class="legend">${legend}</span></figcaption>${chart}</figure>`;
}

function channelFigure(ours: PlayResult, id: string, channel: number, width: number): string {
  const seconds = ours.scenario.seconds;
  const of = (series: Series): readonly number[] => ours.census.series[channel]?.[series] ?? [];
  const top = Math.max(1, ...of('in_flight'), ...of('limit').filter((limit) => limit < 1e5)) * 1.15;
  const chart = lineChart({
    width,
    height: 210,
    title: `${id}: limit, calls at the bank, the bank's own queue`,
    x: { label: 'seconds 秒', min: 0, max: seconds },
    y: { label: 'calls 请求', min: 0, max: top },
    series: [
      { className: 'busy', points: pointsOf(of('bank_waiting'), seconds), area: true },
      { className: 'p99', points: pointsOf(of('in_flight'), seconds) },
      { className: 'p50', points: pointsOf(of('limit'), seconds) },
    ],
  });
  const legend = `${key('p50', 'limit 限额')}${key('p99', 'at the bank 在途')}${key('busy', "bank's queue 银行排队")}`;
  return `<figure><figcaption>${escapeHtml(id)} <span class="legend">${legend}</span></figcaption>${chart}</figure>`;
}

function sumOver({ census, scenario }: PlayResult, series: Series): number[] {
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
