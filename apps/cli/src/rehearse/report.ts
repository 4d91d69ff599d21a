// One page about one rehearsal: the verdict first, then what it rests on. Self-contained HTML, no script, no network, both languages
// side by side, so it can be mailed and archived.
import type { AuditReport } from '#audit';
import type { Outcome } from '../outcome';
import type { CheckoutView } from './checkout-view';
import type { Watched } from './channel-watch';
import { congestionCharts } from './congestion-charts';
import type { FaultReport } from './faults';
import type { Profile } from './profile';
import { REPORT_CSS } from './report-css';
import type { RehearsalVerdict } from './verdict';

export interface ReportInput {
  readonly scenario: string;
  readonly profile: Profile;
  readonly verdict: RehearsalVerdict;
  readonly view: CheckoutView;
  readonly faults: readonly FaultReport[];
  /** What went on at the banks; null: nobody watched. */
  readonly watched: Watched | null;
  readonly audit: AuditReport | null;
  readonly outcome: Outcome;
  readonly reproduce: string;
}

const VERDICTS = {
  passed: ['通过', 'Passed'],
  failed: ['未通过', 'Failed'],
  void: ['无效', 'Void'],
} as const;

export function renderReport(input: ReportInput): string {
  const { scenario, profile, verdict, outcome, reproduce } = input;
  const [zh, en] = VERDICTS[verdict.word];
  const why =
    verdict.reasons.length === 0
      ? 'Every payment ended in one final state that its bank agrees with. 每笔支付都有唯一终态，且与银行账目一致。'
      : verdict.reasons.join('; ');
  const { machine } = outcome;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(scenario)}: ${en} ${zh}</title>
<style>${REPORT_CSS}</style>
</head>
<body>
<header class="${verdict.word}">
<p class="what">Rehearsal 压测演练 · ${escape(scenario)}</p>
<h1>${en} <span>${zh}</span></h1>
<p>${escape(why)}</p>
<p class="note">${profile.payments} payments at ${profile.rate_per_second}/s, seed ${outcome.seed ?? '–'} · ${escape(outcome.started_at)} ·
${Math.round(outcome.seconds)} s in all · commit ${escape(outcome.commit.slice(0, 12))} · ${machine.cpus} × ${escape(machine.cpu)}</p>
</header>
<section><h2>Arrivals and endings <span>到达与完结</span></h2>${flowChart(input)}</section>
<section><h2>Figures <span>指标</span></h2>${figures(verdict)}</section>
${congestionCharts(input.watched)}
<section><h2>By bank <span>各银行</span></h2>${banks(input.view)}</section>
<section><h2>Money <span>资金核对</span></h2>${money(input.audit)}</section>
${faults(input.faults)}
<section><h2>Again <span>复现</span></h2><pre>${escape(reproduce)}</pre></section>
</body>
</html>
`;
}

function figures({ figures: all }: RehearsalVerdict): string {
  const rows = all.map(({ name, value, unit, goal, met }) => {
    const result =
      met === null ? '<td></td>' : met ? '<td class="good">met 达标</td>' : '<td class="bad">not met 未达标</td>';
    return `<tr><th>${name}</th><td>${value === null ? '–' : grouped(value)}</td><td class="soft">${unit}</td><td class="soft">${escape(goal ?? '')}</td>${result}</tr>`;
  });
  return table(['figure 指标', 'value 数值', '', 'goal 目标', ''], rows);
}

function banks({ banks: all }: CheckoutView): string {
  const rows = all.map(
    ({ bank, posted, accepted, succeeded, endedOtherwise, p50Ms, p99Ms }) =>
      `<tr><th>${escape(bank.toUpperCase())}</th><td>${grouped(posted)}</td><td>${grouped(accepted)}</td><td>${grouped(succeeded)}</td>` +
      `<td>${grouped(endedOtherwise)}</td><td>${milliseconds(p50Ms)}</td><td>${milliseconds(p99Ms)}</td></tr>`,
  );
  const heads = [
    'bank 银行',
    'offered 请求',
    'accepted 受理',
    'succeeded 成功',
    'otherwise 其他终态',
    'p50 中位',
    'p99',
  ];
  return `${table(heads, rows)}<p class="note">Times run from the first POST to the final state, as the payer sees it.
Cards whose bank never answers are among them on purpose. 时间为首次请求到终态；含刻意安排的“银行不应答”卡。</p>`;
}

function money(audit: AuditReport | null): string {
  if (audit === null) return '<p class="bad">There was no audit. 未能核对。</p>';
  const rows = audit.verdicts.map(({ id, sentence, compared, breaches, notChecked }) => {
    const result =
      notChecked !== null
        ? `<td class="soft">not checked 未核对</td>`
        : breaches === 0
          ? '<td class="good">holds 成立</td>'
          : '<td class="bad">broken 被破坏</td>';
    return `<tr><th>${id} <span class="sentence">${escape(sentence)}</span></th><td>${grouped(compared)}</td><td>${grouped(breaches)}</td>${result}</tr>`;
  });
  const examples = audit.examples.map(
    ({ rule, evidence }) => `<li><b>${escape(rule)}</b> <code>${escape(JSON.stringify(evidence))}</code></li>`,
  );
  return `${table(['invariant 不变量', 'compared 核对数', 'breaches 违反', ''], rows)}
<p class="note">${grouped(audit.payments)} payments of the journal against ${grouped(audit.ledgerLines)} lines of the banks' ledgers and
${grouped(audit.clientRequests ?? 0)} requests of clients, all of them. 全量核对，非抽样。</p>
${examples.length === 0 ? '' : `<ul>${examples.join('\n')}</ul>`}`;
}

function faults(all: readonly FaultReport[]): string {
  if (all.length === 0) return '';
  const rows = all.map(
    ({ name, atS, happened, seen }) =>
      `<tr><th>${escape(name)}</th><td>${atS} s</td><td class="${happened ? '' : 'bad'}">${escape(seen)}</td></tr>`,
  );
  return `<section><h2>Faults <span>注入的故障</span></h2>${table(['fault 故障', 'at 时刻', 'seen 所见'], rows)}</section>`;
}

const CHART = { width: 1060, height: 240, left: 44, right: 12, top: 12, bottom: 28 };

/** Payments posted and payments that became final, per second, with the faults where they struck. */
function flowChart({ view: { seconds }, faults: all, profile }: ReportInput): string {
  const { width, height, left, right, top, bottom } = CHART;
  const most = Math.max(profile.rate_per_second, ...seconds.flatMap(({ posted, final }) => [posted, final])) * 1.1;
  const x = (second: number): number => left + (second / Math.max(1, seconds.length - 1)) * (width - left - right);
  const y = (count: number): number => height - bottom - (count / most) * (height - top - bottom);
  const path = (of: 'posted' | 'final'): string =>
    seconds
      .map((counts, second) => `${second === 0 ? 'M' : 'L'}${x(second).toFixed(1)} ${y(counts[of]).toFixed(1)}`)
      .join('');
  const ticks = [0, 0.5, 1].map((share) => {
    const count = Math.round(profile.rate_per_second * share);
    return `<line class="grid" x1="${left}" x2="${width - right}" y1="${y(count)}" y2="${y(count)}"/><text class="end" x="${left - 6}" y="${y(count) + 4}">${count}</text>`;
  });
  const step = Math.max(1, Math.ceil(seconds.length / 12));
  const times = seconds.flatMap((_counts, second) =>
    second % step === 0 ? [`<text class="middle" x="${x(second)}" y="${height - 8}">${second} s</text>`] : [],
  );
  const marks = all.map(
    ({ name, atS }, index) =>
      `<line class="fault" x1="${x(atS)}" x2="${x(atS)}" y1="${top}" y2="${height - bottom}"/><text class="fault" x="${x(atS) + 4}" y="${top + 12 + 15 * index}">${escape(name)}</text>`,
  );
  return `<p class="legend"><i class="posted"></i>posted per second 每秒请求 <i class="final"></i>final per second 每秒完结</p>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="posted and final payments per second">${ticks.join('')}${times.join('')}
<path class="posted" d="${path('posted')}"/><path class="final" d="${path('final')}"/>${marks.join('')}</svg>`;
}

function table(heads: readonly string[], rows: readonly string[]): string {
  const [first, ...others] = heads;
  const head = `<tr><th>${first ?? ''}</th>${others.map((text) => `<td>${text}</td>`).join('')}</tr>`;
  return `<div class="scroll"><table><thead>${head}</thead><tbody>${rows.join('\n')}</tbody></table></div>`;
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

function milliseconds(ms: number | null): string {
  return ms === null ? '–' : ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
