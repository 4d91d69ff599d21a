// What came of it, on one page a person can read, in both languages? Self-contained HTML with inline SVG: no script, no fonts, no network,
// so it can be mailed, archived and compared.
import type { LimiterFigure } from '../limiter';
import { escapeHtml } from '../line-chart';
import type { Raise, Shortfall } from '../planner/raise-first';
import type { PlanResult } from '../planner/run-plan';
import type { Scenario } from '../scenarios/scenario';
import type { DrawnRun } from './drawn-run';
import type { FlowFigure } from './figures';
import type { RunMeasures } from './measures';
import { medianOf } from './median';
import { FLOW_REPORT_CSS } from './page-css';
import { planSection } from './plan-section';
import { scenarioCharts } from './scenario-charts';
import { dataTable, percent, short } from './tables';

export interface ReportedScenario {
  readonly scenario: Scenario;
  readonly sluice: readonly RunMeasures[];
  readonly others: readonly RunMeasures[];
  readonly drawn: readonly DrawnRun[];
}

export interface FlowReport {
  readonly seeds: readonly number[];
  readonly figures: readonly FlowFigure[];
  readonly played: readonly ReportedScenario[];
  readonly limiter: { readonly detail: readonly LimiterFigure[]; readonly others: Others } | null;
  readonly planner: {
    readonly result: PlanResult;
    readonly shortfalls: readonly Shortfall[];
    readonly raises: readonly Raise[];
  } | null;
}

type Others = Readonly<Record<string, readonly LimiterFigure[]>>;

/** Renders the page; equal runs give equal bytes. */
export function renderFlowReport(report: FlowReport): string {
  const { figures, limiter, planner, played, seeds } = report;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sluice in simulated time · 模拟时间中的 Sluice</title>
<style>${FLOW_REPORT_CSS}</style>
</head>
<body>
<header>
<h1>Sluice in simulated time <span class="name">模拟时间中的 Sluice</span></h1>
<p>The same policy functions as the live service, against banks whose true capacity no policy sees. Seeds ${seeds.join(', ')}.</p>
<p lang="zh-CN">与线上服务相同的策略函数，面对真实能力不为任何策略所知的银行。随机种子 ${seeds.join('、')}。</p>
</header>
${figures.length > 0 ? figureSection(figures) : ''}
${planner === null ? '' : planSection(planner)}
${played.map(scenarioSection).join('\n')}
${limiter === null ? '' : limiterSection(limiter.detail, limiter.others)}
</body>
</html>
`;
}

function figureSection(figures: readonly FlowFigure[]): string {
  const missed = figures.filter(({ met }) => !met).length;
  const verdict =
    missed === 0
      ? 'Every figure meets its goal. 全部指标达标。'
      : `${missed} of ${figures.length} below their goals. ${figures.length} 项指标中 ${missed} 项未达标。`;
  const rows = figures.map(({ name, value, median, unit, goal, met, runs }) => [
    name,
    short(value),
    short(median),
    `${goal} ${unit}`,
    met ? 'yes 是' : { text: 'no 否', bad: true },
    String(runs),
  ]);
  return `<section class="wide" id="figures"><h2>Figures <span class="name">指标</span></h2><p class="note">${verdict}</p>
${dataTable(['figure 指标', 'worst 最差', 'median 中位', 'goal 目标', 'met 达标', 'runs 次数'], rows)}</section>`;
}

function scenarioSection({ scenario, sluice, others, drawn }: ReportedScenario): string {
  const rows = scenario.loads.flatMap((load) => {
    const ours = sluice.filter((run) => run.load === load);
    const theirs = others.filter((run) => run.load === load);
    return [...ours.slice(0, 1), ...theirs].map((run) =>
      controlRow(run, run.control === ours[0]?.control ? ours : [run]),
    );
  });
  const head = ['control 控制', 'load 负载', 'on time 按时', 'of all-knowing 比全知', 'of capacity 比能力', 'busy 忙'];
  return `<section id="${escapeHtml(scenario.name)}">
<h2>${escapeHtml(scenario.name)}</h2>
<p class="character">${escapeHtml(scenario.about.en)} <span lang="zh-CN">${escapeHtml(scenario.about['zh-CN'])}</span></p>
${scenarioCharts(drawn)}
${dataTable([...head, 'unknown 未知', 'moved 改道', 'then failed 改道后失败'], rows)}
</section>`;
}

/** Medians over the runs of one control under one load. */
function controlRow(first: RunMeasures, runs: readonly RunMeasures[]): string[] {
  const median = (of: (run: RunMeasures) => number): number => medianOf(runs, of);
  const moved = median((run) => run.moved);
  return [
    first.control,
    `${first.load}×`,
    percent(median((run) => run.onTimeShare)),
    median((run) => run.onTimeOverOracle).toFixed(3),
    median((run) => run.goodput).toFixed(3),
    percent(median((run) => run.busyShare)),
    String(median((run) => run.unknowns)),
    String(moved),
    moved === 0 ? '–' : percent(median((run) => run.movedThenFailed / Math.max(1, run.moved))),
  ];
}

function limiterSection(detail: readonly LimiterFigure[], others: Others): string {
  const names = Object.keys(others);
  const rows = detail.map(({ name, value, median }) => {
    const of = (limiter: string): string =>
      short(others[limiter]?.find((figure) => figure.name === name)?.median ?? null);
    return [name, short(value), short(median), ...names.map(of)];
  });
  return `<section id="limiter"><h2>The limit of one channel <span class="name">单渠道限流</span></h2>
<p class="note">Drawn banks, one at a time; others on the first seed. 随机抽取的银行，逐一测试；其他方案仅用首个种子。</p>
${dataTable(['figure 指标', 'Sluice worst 最差', 'Sluice median 中位', ...names.map((name) => `${name} median 中位`)], rows)}</section>`;
}
