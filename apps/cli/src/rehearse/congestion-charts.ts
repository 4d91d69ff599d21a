// What each bank could do, what it did, and where the router's limit was: two small plots per channel, as SVG.
import type { Glimpse, Watched } from './channel-watch';

const CHART = { width: 1060, height: 150, left: 44, right: 12, top: 10, bottom: 22 };

interface Line {
  readonly className: 'truth' | 'final' | 'posted';
  readonly points: readonly (readonly [second: number, value: number])[];
}

/** A section of the report; empty where no channel was watched. */
export function congestionCharts(watched: Watched | null): string {
  const charts = [...(watched ?? [])]
    .filter(([, glimpses]) => glimpses.length > 1)
    .map(([id, all]) => channelCharts(id, all));
  return charts.length === 0
    ? ''
    : `<section><h2>Banks and limits <span>银行能力与限额</span></h2>
<p class="legend"><i class="truth"></i>what the bank can do per second 银行真实能力 <i class="final"></i>what it answered 实际应答
· below 下图： <i class="posted"></i>inside the bank 银行内在途 <i class="final"></i>our limit 我们的限额</p>${charts.join('\n')}</section>`;
}

function channelCharts(id: string, glimpses: readonly Glimpse[]): string {
  const begunMs = glimpses[0]!.atMs;
  const second = ({ atMs }: Glimpse): number => (atMs - begunMs) / 1_000;
  const line = (className: Line['className'], value: (glimpse: Glimpse) => number | null): Line => ({
    className,
    points: glimpses.flatMap((glimpse) => {
      const found = value(glimpse);
      return found === null ? [] : [[second(glimpse), found] as const];
    }),
  });
  return `<h3>${id}</h3>${plot(`${id}: capacity and answers per second`, [
    line('truth', ({ capacityPerSecond }) => capacityPerSecond),
    { className: 'final', points: answeredPerSecond(glimpses, second) },
  ])}${plot(`${id}: calls inside the bank and the limit`, [
    line('posted', ({ inService, waiting }) => inService + waiting),
    line('final', ({ limit }) => limit),
  ])}`;
}

/** Over the last second at each glimpse. */
function answeredPerSecond(glimpses: readonly Glimpse[], second: (glimpse: Glimpse) => number): Line['points'] {
  let first = 0;
  return glimpses.flatMap((glimpse, index) => {
    while (first < index && glimpses[first]!.atMs < glimpse.atMs - 1_000) first += 1;
    const from = glimpses[first]!;
    const ms = glimpse.atMs - from.atMs;
    return ms < 500 ? [] : [[second(glimpse), ((glimpse.served - from.served) * 1_000) / ms] as const];
  });
}

function plot(label: string, lines: readonly Line[]): string {
  const { width, height, left, right, top, bottom } = CHART;
  const points = lines.flatMap((line) => line.points);
  const most = Math.max(1, ...points.map(([, value]) => value)) * 1.1;
  const last = Math.max(1, ...points.map(([second]) => second));
  const x = (second: number): number => left + (second / last) * (width - left - right);
  const y = (value: number): number => height - bottom - (value / most) * (height - top - bottom);
  const paths = lines.map(
    (line) =>
      `<path class="${line.className}" d="${line.points
        .map(([second, value], index) => `${index === 0 ? 'M' : 'L'}${x(second).toFixed(1)} ${y(value).toFixed(1)}`)
        .join('')}"/>`,
  );
  const grid = [0, most / 1.1].map(
    (value) =>
      `<line class="grid" x1="${left}" x2="${width - right}" y1="${y(value)}" y2="${y(value)}"/><text class="end" x="${left - 6}" y="${y(value) + 4}">${Math.round(value)}</text>`,
  );
  const times = Array.from({ length: 11 }, (_, index) => Math.round((last * index) / 10)).map(
    (second) => `<text class="middle" x="${x(second)}" y="${height - 6}">${second} s</text>`,
  );
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${grid.join('')}${times.join('')}${paths.join('')}</svg>`;
}
