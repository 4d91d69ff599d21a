// The planner's answer as a part of the page: midnight over all channels, who is turned away, and which limit to raise first.
import { escapeHtml, lineChart } from '../line-chart';
import type { Raise, Shortfall } from '../planner/raise-first';
import type { PlannedSecond, PlanResult } from '../planner/run-plan';
import { key } from './scenario-charts';
import { dataTable, percent } from './tables';

/** Rows: what somebody reads before midnight. */
const LISTED = 12;

export function planSection(planned: {
  readonly result: PlanResult;
  readonly shortfalls: readonly Shortfall[];
  readonly raises: readonly Raise[];
}): string {
  const { plan, channels } = planned.result;
  const total = (of: (second: PlannedSecond) => number): number[] =>
    Array.from({ length: Math.floor(plan.seconds) }, (_, at) =>
      channels.reduce((sum, { seconds }) => sum + (seconds[at] === undefined ? 0 : of(seconds[at])), 0),
    );
  const offered = total((second) => second.offered);
  const points = (values: readonly number[]) => values.map((value, at) => [at + 0.5, value] as const);
  const chart = lineChart({
    width: 1080,
    height: 280,
    title: 'Payments a second over all channels',
    x: { label: 'seconds 秒', min: 0, max: plan.seconds },
    y: { label: 'per second 每秒', min: 0, max: Math.max(...offered) * 1.1 },
    series: [
      { className: 'offered', points: points(offered) },
      { className: 'on-time', points: points(total((second) => second.served)), area: true },
      { className: 'served', points: points(total((second) => second.served)) },
    ],
  });
  const away = planned.shortfalls
    .slice(0, LISTED)
    .map(({ channelId, refused, offered: asked, boundBy }) => [
      channelId,
      String(refused),
      percent(refused / asked),
      boundBy,
    ]);
  const raises = planned.raises
    .slice(0, LISTED)
    .map(({ channelId, limit, from, to, gained }) => [channelId, limit, String(from), String(to), `+${gained}`]);
  return `<section id="plan"><h2>Plan: ${escapeHtml(plan.name)} <span class="name">推演</span></h2>
<p class="character">${escapeHtml(plan.about.en)} <span lang="zh-CN">${escapeHtml(plan.about['zh-CN'])}</span></p>
<figure><figcaption>All channels <span class="legend">${key('offered', 'asked 需求')}${key('served', 'served 完成')}</span></figcaption>${chart}</figure>
<h3>Raise first <span class="name">应先提高</span></h3>
${raises.length === 0 ? '<p class="note">No limit that could be raised would help. 提高任何限额均无帮助。</p>' : dataTable(['channel 渠道', 'limit 限额', 'from 由', 'to 至', 'served more 多完成'], raises)}
<h3>Turned away <span class="name">被拒</span></h3>
${dataTable(['channel 渠道', 'payments 笔数', 'of asked 占需求', 'held back by 受限于'], away)}
</section>`;
}
