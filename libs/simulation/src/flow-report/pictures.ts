// What of the page belongs into a document? Pictures that stand by themselves: SVG with its own style, light and dark, no script, no fonts.
// They have a ground of their own, since a page that shows one does not always follow the reader's light or dark.
import { CHART_CSS, PALETTE_CSS } from '../capacity-report-css';
import { escapeHtml } from '../line-chart';
import { barRows } from './bar-rows';
import { OTHERS_CSS } from './page-css';
import type { ReportedScenario } from './page';
import { channelChart, type DrawnChart, paidChart } from './scenario-charts';

/** A picture of a scenario: `name` is a file name without its ending. */
export interface FlowPicture {
  readonly name: string;
  readonly svg: string;
}

const WIDTH = 860;
const EDGE = 16;
/** The title above a chart, a line of its legend, and the stroke before a word of it. */
const HEAD = 44;
const LINE = 18;
const SIGN = 24;

const PICTURE_CSS = `${PALETTE_CSS}${CHART_CSS}${OTHERS_CSS}
svg{font-family:system-ui,-apple-system,"Segoe UI","PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif}
.ground{fill:var(--card)}
.title{font-size:15px;font-weight:600;fill:var(--ink)}
.group{font-weight:600;fill:var(--ink)}
.bar{fill:var(--ideal);opacity:.55}.bar.ours{fill:var(--served);opacity:1}.bar.waits{fill:var(--busy);opacity:.7}.bar.wasted{fill:var(--down);opacity:.7}
.line.ideal{stroke:var(--ink);stroke-width:1.6}
.strong{fill:var(--ink);font-weight:600}
`;

/** The controls side by side; and over time the limit, where there is one channel, or what was paid, where there are several. */
export function flowPictures({ scenario, sluice, others, drawn }: ReportedScenario): FlowPicture[] {
  const rows = barRows(scenario, sluice, others, WIDTH - 2 * EDGE);
  // A scenario of one's own may be called anything.
  const file = scenario.name.replace(/[^\p{L}\p{N}_-]+/gu, '-');
  const seeds = sluice.map(({ seed }) => seed);
  const runs = `seeds ${Math.min(...seeds)}–${Math.max(...seeds)}`;
  const controls: FlowPicture = {
    name: `${file}-controls`,
    svg: picture(`${scenario.name}, ${runs}`, rows),
  };
  const [ours, ...theirs] = drawn;
  if (ours === undefined) return [controls];
  const one = scenario.channels.length === 1;
  const chart = one ? channelChart(ours, 0, WIDTH - 2 * EDGE, 300) : paidChart(ours, theirs, WIDTH - 2 * EDGE);
  const title = `${scenario.name}, seed ${ours.options.seed}: ${chart.title}`;
  return [controls, { name: `${file}-${one ? 'limit' : 'paid'}`, svg: picture(title, chart) }];
}

function picture(title: string, { chart, height, legend }: Omit<DrawnChart, 'title'>): string {
  const keys = keysOf(legend);
  const top = HEAD + keys.lines * LINE;
  const whole = top + height + EDGE / 2;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${whole}" width="${WIDTH}" height="${whole}">
<style>${PICTURE_CSS}</style>
<rect class="ground" width="${WIDTH}" height="${whole}" rx="10"/>
<text class="title" x="${EDGE}" y="28">${escapeHtml(title)}</text>
${keys.svg}
<svg x="${EDGE}" y="${top}" width="${WIDTH - 2 * EDGE}" height="${height}">${chart}</svg>
</svg>
`;
}

/** The legend, in as many lines as it takes. */
function keysOf(legend: DrawnChart['legend']): { readonly svg: string; readonly lines: number } {
  let x = EDGE;
  let lines = Math.min(1, legend.length);
  const keys = legend.map(([className, words]) => {
    const width = SIGN + widthOf(words) + EDGE;
    if (x + width > WIDTH) [x, lines] = [EDGE, lines + 1];
    const at = x;
    const y = HEAD - 12 + lines * LINE;
    x += width;
    return `<path class="line ${className}" d="M${at} ${y - 4}h18"/><text x="${at + SIGN}" y="${y}">${escapeHtml(words)}</text>`;
  });
  return { svg: keys.join(''), lines };
}

/** About so wide at 12 pixels: a Chinese character is a square, a Latin letter half of one. */
function widthOf(words: string): number {
  return [...words].reduce((width, char) => width + (char > '\u2e80' ? 12 : 6.4), 0);
}
