// A line chart as SVG text: axes with round ticks, bands behind, lines in front. Colours are CSS classes, so
// that the page decides them for light and dark. Nothing here knows about banks.

/** Words on a chart; of two languages the page shows one. */
export type ChartWords = string | { readonly 'zh-CN': string; readonly en: string };

/** One line; a null y is a gap. `area` fills down to the axis. */
export interface ChartSeries {
  className: string;
  /** Written beside the line's end, instead of a legend. */
  label?: ChartWords;
  points: readonly (readonly [x: number, y: number | null])[];
  area?: boolean;
}

/** A stretch of the x axis behind the lines. `low` draws a thin strip along the axis instead of the whole height. */
export interface ChartBand {
  from: number;
  to: number;
  className: string;
  label?: ChartWords;
  low?: boolean;
}

/** A chart; sizes in CSS pixels of the viewBox, which scales with the page. */
export interface LineChart {
  width: number;
  height: number;
  /** Said to screen readers. */
  title: string;
  x: { label: ChartWords; min: number; max: number };
  y: { label: ChartWords; min: number; max: number; log?: boolean };
  series: readonly ChartSeries[];
  bands?: readonly ChartBand[];
  /** A vertical line with a word at its top. */
  marks?: readonly { x: number; label: ChartWords; className: string }[];
}

const MARGIN = { top: 22, right: 14, bottom: 38, left: 56 };
/** Beside the lines, for their labels; and from one label to the next. */
const LABELS = { width: 128, apart: 14 };

/** Round tick values from min to max, about `count` of them (1, 2 or 5 times a power of ten apart). */
export function roundTicks(min: number, max: number, count: number): number[] {
  const rough = (max - min) / count;
  if (!(rough > 0)) return [min];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Draws the chart. Lines that leave the axes are cut off; a log axis takes values below its minimum as the minimum. */
export function lineChart(chart: LineChart): string {
  const { width, height, x, y } = chart;
  const beside = chart.series.some(({ label }) => label !== undefined) ? LABELS.width : 0;
  const inner = { width: width - MARGIN.left - MARGIN.right - beside, height: height - MARGIN.top - MARGIN.bottom };
  const scaleY = y.log === true ? Math.log10 : (value: number): number => value;
  const spanY = scaleY(y.max) - scaleY(y.min);
  const atX = (value: number): number =>
    MARGIN.left + (clamp(value, x.min, x.max) - x.min) * (inner.width / (x.max - x.min));
  const atY = (value: number): number =>
    MARGIN.top +
    inner.height -
    (scaleY(y.log === true ? Math.max(value, y.min) : value) - scaleY(y.min)) * (inner.height / spanY);
  const ticksY = y.log === true ? decades(y.min, y.max) : roundTicks(y.min, y.max, 4);
  const bottom = MARGIN.top + inner.height;
  const right = MARGIN.left + inner.width;

  const bands = (chart.bands ?? []).map(({ from, to, className, label, low }) => {
    const left = atX(from);
    const top = low === true ? bottom - 6 : MARGIN.top;
    const word = label === undefined ? '' : text(left + 6, MARGIN.top + 13, label, `band-label ${className}-label`);
    return `<rect class="${className}" x="${n(left)}" y="${n(top)}" width="${n(atX(to) - left)}" height="${n(bottom - top)}"/>${word}`;
  });
  const grid = ticksY.map(
    (tick) =>
      `<line class="grid" x1="${MARGIN.left}" x2="${n(right)}" y1="${n(atY(tick))}" y2="${n(atY(tick))}"/>` +
      text(MARGIN.left - 8, atY(tick) + 4, short(tick), 'tick end'),
  );
  const ticksX = roundTicks(x.min, x.max, 6).map((tick) => text(atX(tick), bottom + 16, short(tick), 'tick middle'));
  const marks = (chart.marks ?? []).map(
    (mark) =>
      `<line class="mark ${mark.className}" x1="${n(atX(mark.x))}" x2="${n(atX(mark.x))}" y1="${MARGIN.top}" y2="${n(bottom)}"/>` +
      text(atX(mark.x), MARGIN.top - 7, mark.label, `tick middle ${mark.className}-label`),
  );
  const lines = chart.series.map(({ className, points, area }) =>
    stretches(points)
      .map((stretch) => {
        const path = stretch.map(([px, py], i) => `${i === 0 ? 'M' : 'L'}${n(atX(px))} ${n(atY(py))}`).join('');
        const first = stretch[0];
        const last = stretch.at(-1);
        const fill =
          area === true && first !== undefined && last !== undefined
            ? `<path class="area ${className}" d="${path}L${n(atX(last[0]))} ${n(bottom)}L${n(atX(first[0]))} ${n(bottom)}Z"/>`
            : '';
        return `${fill}<path class="line ${className}" d="${path}"/>`;
      })
      .join(''),
  );
  return (
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(chart.title)}">` +
    bands.join('') +
    grid.join('') +
    `<line class="axis" x1="${MARGIN.left}" x2="${n(right)}" y1="${n(bottom)}" y2="${n(bottom)}"/>` +
    ticksX.join('') +
    text(MARGIN.left + inner.width / 2, height - 5, x.label, 'axis-label middle') +
    text(MARGIN.left - 48, MARGIN.top - 7, y.label, 'axis-label') +
    marks.join('') +
    endLabels(chart.series, right, atY, bottom) +
    // An inner viewport clips what runs off the scale; half a line's width of room keeps lines on the axis whole.
    `<svg x="${MARGIN.left}" y="${MARGIN.top - 2}" width="${inner.width}" height="${inner.height + 4}" viewBox="${MARGIN.left} ${MARGIN.top - 2} ${inner.width} ${inner.height + 4}">${lines.join('')}</svg>` +
    '</svg>'
  );
}

/** Labels at the heights of their lines' ends, moved apart where they would hide each other. */
function endLabels(
  series: readonly ChartSeries[],
  right: number,
  atY: (value: number) => number,
  bottom: number,
): string {
  const wanted = series
    .flatMap(({ className, label, points }) => {
      const last = points.findLast(([, y]) => y !== null)?.[1];
      return label === undefined || last === undefined || last === null ? [] : [{ className, label, y: atY(last) }];
    })
    .sort((a, b) => a.y - b.y);
  // From the lowest upwards, so that none falls below the axis; then downwards, for those that were pushed out at the top.
  let below = bottom + LABELS.apart;
  for (const one of [...wanted].reverse()) below = one.y = Math.min(Math.max(one.y, MARGIN.top), below - LABELS.apart);
  let above = MARGIN.top - LABELS.apart;
  for (const one of wanted) above = one.y = Math.max(one.y, above + LABELS.apart);
  return wanted
    .map(({ className, label, y }) => text(right + 8, y + 4, label, `line-label ${className}-label`))
    .join('');
}

/** Text that is safe between tags and inside attribute quotes. */
export function escapeHtml(raw: string): string {
  return raw.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

function stretches(points: ChartSeries['points']): [number, number][][] {
  const all: [number, number][][] = [[]];
  for (const [x, y] of points) {
    if (y === null) all.push([]);
    else all.at(-1)?.push([x, y]);
  }
  return all.filter((stretch) => stretch.length > 0);
}

function decades(min: number, max: number): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power += 1) {
    for (const factor of [1, 3]) {
      const tick = factor * 10 ** power;
      if (tick >= min && tick <= max) ticks.push(tick);
    }
  }
  return ticks;
}

function text(x: number, y: number, words: ChartWords, className: string): string {
  return `<text class="${className}" x="${n(x)}" y="${n(y)}">${spoken(words)}</text>`;
}

function spoken(words: ChartWords): string {
  if (typeof words === 'string') return escapeHtml(words);
  return (['zh-CN', 'en'] as const).map((lang) => `<tspan lang="${lang}">${escapeHtml(words[lang])}</tspan>`).join('');
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

/** Numbers in paths: a tenth of a pixel is enough. */
function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function short(value: number): string {
  return value >= 10_000 ? `${value / 1000}k` : String(value);
}
