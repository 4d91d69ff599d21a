// How does each bank take load, on one page a person can read? Self-contained HTML with inline SVG: no
// script, no fonts, no network, so it can be mailed, archived and diffed.
import { BANK_PRESETS } from './banks';
import type { BankCapacityConfig } from './bank-capacity-config';
import { CAPACITY_REPORT_CSS } from './capacity-report-css';
import type { CapacityRun, TimePoint } from './capacity-sweep';
import { type ChartBand, escapeHtml, lineChart } from './line-chart';

/** A run with the name its reader knows it by. */
export interface NamedCapacityRun {
  channel: string;
  run: CapacityRun;
}

/** So many lines can still be told apart in one chart; more banks get only their own sections. */
const COMPARABLE = 8;

/** Renders the page; equal runs give equal bytes. */
export function renderCapacityReport(runs: readonly NamedCapacityRun[]): string {
  const seeds = [...new Set(runs.map(({ run }) => run.seed))].join(', ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>How the banks take load</title>
<style>${CAPACITY_REPORT_CSS}</style>
</head>
<body>
<header>
<h1>How the banks take load</h1>
<p>Each bank channel was offered a steady open stream at ${runs[0]?.run.curve.length ?? 0} loads, then ${overloadWords(runs)}.
<em>Load 1</em> is the true capacity: slots over mean service time, less pauses, not above a hidden rate.
Simulated time, seed ${seeds}.</p>
</header>
${runs.length > 1 ? comparison(runs) : ''}
${findingsTable(runs)}
${runs.map(section).join('\n')}
</body>
</html>
`;
}

function overloadWords(runs: readonly NamedCapacityRun[]): string {
  const overload = runs[0]?.run.overload;
  if (overload === undefined) return 'nothing';
  return `${overload.toS - overload.fromS} seconds at ${overload.load} × its capacity out of a calm ${overload.calmLoad} ×`;
}

function comparison(runs: readonly NamedCapacityRun[]): string {
  if (runs.length > COMPARABLE) return '';
  const chart = lineChart({
    width: 1080,
    height: 330,
    title: 'Share of the true capacity served, by load',
    x: { label: 'offered load, in true capacities', min: 0, max: 3 },
    y: { label: 'served, share of true capacity', min: 0, max: 1.1 },
    marks: [{ x: 1, label: 'capacity', className: 'ideal' }],
    series: [
      {
        className: 'ideal',
        points: [
          [0, 0],
          [1, 1],
          [3, 1],
        ],
      },
      ...runs.map(({ run }, i) => ({
        className: `bank-${i}`,
        points: run.curve.map((point) => [point.load, point.servedPerSecond / run.findings.truePerSecond] as const),
      })),
    ],
  });
  const legend = runs.map(({ channel }, i) => key(`bank-${i}`, channel)).join('');
  return `<section class="wide"><h2>All in one</h2><p class="legend">${key('ideal', 'an ideal bank')}${legend}</p>${chart}</section>`;
}

function findingsTable(runs: readonly NamedCapacityRun[]): string {
  const rows = runs.map(({ channel, run }) => {
    const { findings } = run;
    const recovery =
      findings.recoveryS === null
        ? `<td class="bad">not within ${run.timeline.length - run.overload.toS} s</td>`
        : `<td>${findings.recoveryS} s</td>`;
    return (
      `<tr><th><a href="#${escapeHtml(channel)}">${escapeHtml(channel)}</a></th><td>${whole(findings.truePerSecond)}/s</td>` +
      `<td>${whole(findings.kneePerSecond)}/s</td>${share(findings.servedShareAt2x)}${share(findings.servedShareAt3x)}` +
      `${share(findings.worstServedShare)}<td${findings.collapses > 0 ? ' class="bad"' : ''}>${findings.collapses}</td>${recovery}</tr>`
    );
  });
  return `<section class="wide"><h2>Findings</h2><div class="scroll"><table>
<thead><tr><th>channel</th><td>true capacity</td><td>knee</td><td>served at 2 ×</td><td>served at 3 ×</td><td>worst second of overload</td><td>collapses</td><td>back to normal after</td></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>
<p class="note">Knee: highest load with 97 % served and the median at most 1.5 × the idle one. Served shares are of the true capacity. Back to normal: three seconds in a row as before the overload.</p></section>`;
}

function section({ channel, run }: NamedCapacityRun): string {
  const preset = BANK_PRESETS.find((known) => known.channel === channel);
  const name = preset === undefined ? '' : `<span class="name">${preset.nameZh} · ${escapeHtml(preset.nameEn)}</span>`;
  const character = preset === undefined ? '' : `<p class="character">${escapeHtml(sentence(preset.character))}</p>`;
  return `<section id="${escapeHtml(channel)}">
<h2>${escapeHtml(channel)} ${name}</h2>
${character}
<p class="note">${escapeHtml(settingsInWords(run.config))}</p>
<div class="pair">
<figure><figcaption>Throughput <span class="legend">${key('ideal', 'ideal')}${key('served', 'served')}${key('on-time', `answered within ${run.patienceMs / 1000} s`)}${key('busy', 'busy answers')}</span></figcaption>${throughputChart(run)}</figure>
<figure><figcaption>Latency <span class="legend">${key('p50', 'median')}${key('p99', 'p99')}</span></figcaption>${latencyChart(run)}</figure>
</div>
<figure><figcaption>Overload and recovery <span class="legend">${key('offered', 'offered')}${key('served', 'served')}${key('on-time', `answered within ${run.patienceMs / 1000} s`)}${run.findings.collapses > 0 ? key('down', 'collapsed') : ''}</span></figcaption>${timeChart(run)}</figure>
</section>`;
}

function throughputChart({ curve, findings }: CapacityRun): string {
  const truth = findings.truePerSecond;
  return lineChart({
    width: 530,
    height: 270,
    title: 'Served against offered payments per second',
    x: { label: 'offered per second', min: 0, max: 3 * truth },
    y: { label: 'per second', min: 0, max: 1.25 * truth },
    marks: [{ x: findings.kneePerSecond, label: `knee ${whole(findings.kneePerSecond)}/s`, className: 'knee' }],
    series: [
      {
        className: 'ideal',
        points: [
          [0, 0],
          [truth, truth],
          [3 * truth, truth],
        ],
      },
      { className: 'busy', points: curve.map((point) => [point.load * truth, point.busyPerSecond] as const) },
      {
        className: 'on-time',
        points: curve.map((point) => [point.load * truth, point.onTimePerSecond] as const),
        area: true,
      },
      { className: 'served', points: curve.map((point) => [point.load * truth, point.servedPerSecond] as const) },
    ],
  });
}

function latencyChart({ curve, findings }: CapacityRun): string {
  const values = curve
    .flatMap(({ latencyMsP50, latencyMsP99 }) => [latencyMsP50, latencyMsP99])
    .filter((ms) => ms !== null);
  return lineChart({
    width: 530,
    height: 270,
    title: 'Latency against load, logarithmic',
    x: { label: 'offered load, in true capacities', min: 0, max: 3 },
    y: { label: 'ms, logarithmic', min: Math.min(...values) * 0.7, max: Math.max(...values) * 1.4, log: true },
    marks: [{ x: findings.kneePerSecond / findings.truePerSecond, label: 'knee', className: 'knee' }],
    series: [
      { className: 'p99', points: curve.map((point) => [point.load, point.latencyMsP99] as const) },
      { className: 'p50', points: curve.map((point) => [point.load, point.latencyMsP50] as const) },
    ],
  });
}

function timeChart({ timeline, overload, findings }: CapacityRun): string {
  const end = (timeline.at(-1)?.atS ?? 0) + 1;
  const backAtS = findings.recoveryS === null ? null : overload.toS + findings.recoveryS;
  const middle = (of: (point: TimePoint) => number): (readonly [number, number])[] =>
    timeline.map((point) => [point.atS + 0.5, of(point)] as const);
  return lineChart({
    width: 1080,
    height: 250,
    title: 'Offered and served payments per second over time',
    x: { label: 'seconds', min: 0, max: end },
    y: { label: 'per second', min: 0, max: (overload.load + 0.25) * findings.truePerSecond },
    bands: [
      { from: overload.fromS, to: overload.toS, className: 'overload', label: 'overload' },
      ...downBands(timeline),
    ],
    marks: backAtS === null ? [] : [{ x: backAtS, label: 'back to normal', className: 'back' }],
    series: [
      { className: 'offered', points: middle((point) => point.offeredPerSecond) },
      { className: 'on-time', points: middle((point) => point.onTimePerSecond), area: true },
      { className: 'served', points: middle((point) => point.servedPerSecond) },
    ],
  });
}

function downBands(timeline: readonly TimePoint[]): ChartBand[] {
  const bands: ChartBand[] = [];
  for (const point of timeline) {
    if (!point.collapsed) continue;
    const last = bands.at(-1);
    if (last !== undefined && last.to === point.atS) last.to = point.atS + 1;
    else bands.push({ from: point.atS, to: point.atS + 1, className: 'down', low: true });
  }
  return bands;
}

function settingsInWords(config: BankCapacityConfig): string {
  const { service, degradation, collapse, rateCap, pauses } = config;
  return [
    `${config.slots} slots`,
    `mean ${service.meanMs} ms ${service.shape}${service.shape === 'lognormal' ? ` σ ${service.sigma}` : ''}`,
    config.discipline === 'fifo' ? 'first in, first out' : 'processor sharing',
    `queue ${config.queueLimit}${config.busyFromQueue < config.queueLimit ? `, busy answers from ${config.busyFromQueue}` : ''}`,
    degradation.slope > 0
      ? `degradation slope ${degradation.slope} from load ${degradation.kneeLoad}, floor ${degradation.floor}`
      : 'no degradation',
    collapse === null
      ? null
      : `collapses at load ${collapse.atLoad}, down ≥ ${collapse.downMs / 1000} s and until load ${collapse.recoverAtLoad}, ${collapse.refuses ? 'refusing' : 'hanging'}`,
    rateCap === null ? null : `hidden rate ${rateCap.perSecond}/s, ${rateCap.beyond} beyond`,
    pauses === null ? null : `pauses ${pauses.forMs} ms every ${pauses.everyMs / 1000} s`,
  ]
    .filter((words) => words !== null)
    .join(' · ');
}

function key(className: string, words: string): string {
  return `<span class="key"><svg viewBox="0 0 18 8" class="swatch"><path class="line ${className}" d="M1 4H17"/></svg>${escapeHtml(words)}</span>`;
}

function share(value: number): string {
  const tone = value < 0.5 ? ' class="bad"' : value < 0.9 ? ' class="fair"' : '';
  return `<td${tone}>${Math.round(value * 100)} %</td>`;
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** Thousands apart by a thin space, as the page has no locale of its own. */
function whole(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ' ');
}
