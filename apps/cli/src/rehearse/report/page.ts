/**
 * One page about one rehearsal, drawn from its data alone: the verdict first, then what it rests on. No script, no network; both languages
 * are in it and the reader chooses, light or dark follows the reader's system. So it can be mailed and archived.
 */
import { escapeHtml } from '#simulation';
import { said } from './markup';
import { PAGE_CSS } from './page-css';
import {
  bankSection,
  baselineSection,
  bottleneckSection,
  curveSection,
  figureSection,
  moneySection,
  originSection,
  recommendationSection,
  timelineSection,
  validitySection,
} from './page-sections';
import type { RehearsalReport } from './report-data';
import { joined, same, type Words, words } from './words';

const VERDICTS: Readonly<Record<RehearsalReport['verdict']['word'], Words>> = {
  passed: words('通过', 'Passed'),
  failed: words('未通过', 'Failed'),
  void: words('无效', 'Void'),
};
const ALL_WELL = words(
  '每笔付款都有唯一终态且与银行账目一致，全部目标达标。',
  'Every payment ended in one final state that its bank agrees with, and every goal was met.',
);

export function renderPage(report: RehearsalReport): string {
  const { scenario, verdict, summary, origin, profile } = report;
  const word = VERDICTS[verdict.word];
  const reasons = verdict.reasons.length === 0 ? ALL_WELL : joined(verdict.reasons, words('；', '; '));
  const when = same(`${profile.name} · ${origin.started_at.slice(0, 19).replace('T', ' ')} UTC`);
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(`${scenario}: ${word.en} ${word['zh-CN']}`)}</title>
<style>${PAGE_CSS}</style>
</head>
<body>
<nav><input type="radio" name="lang" id="lang-zh" checked><label for="lang-zh">中文</label><input type="radio" name="lang" id="lang-en"><label for="lang-en">English</label></nav>
<header class="${verdict.word}">
<p class="what">${said(words('压测演练', 'Rehearsal'))} · ${escapeHtml(scenario)} · ${said(when)}</p>
<h1>${said(word)}</h1>
<p class="reason">${said(reasons)}</p>
<p>${said(summary)}</p>
<p class="what">${escapeHtml(report.question)}</p>
</header>
${[
  curveSection(report),
  validitySection(report),
  bankSection(report),
  figureSection(report),
  moneySection(report),
  bottleneckSection(report),
  recommendationSection(report),
  timelineSection(report),
  baselineSection(report),
  originSection(report),
].join('\n')}
</body>
</html>
`;
}
