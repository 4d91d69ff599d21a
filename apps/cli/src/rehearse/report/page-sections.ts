/** The sections of the page, one function each, in the order in which they are read. */
import { arrivalsChart, channelCharts, lanes, processChart } from './page-charts';
import { figureWords, INVARIANTS_ZH, unitWords } from './figure-words';
import { type Cell, markup, said, section, table, wordsHead } from './markup';
import type { FigureChange } from './baseline';
import type { BankRow } from './bank-rows';
import type { Resource } from './bottleneck';
import type { LimitName, Recommendation } from './recommend';
import type { RehearsalReport } from './report-data';
import { LEVELS, type TimelineEvent } from './timeline';
import type { Check } from './validity';
import { duration, grouped, percent, same, type Words, words } from './words';

const DASH = '–';
const number = (value: number | null): string => (value === null ? DASH : grouped(value));
const tenth = (value: number | null): string => (value === null ? DASH : grouped(Math.round(value * 10) / 10));

export function curveSection(report: RehearsalReport): string {
  return section(
    'arrivals',
    words('计划与实际', 'Planned and achieved'),
    arrivalsChart(report),
    words(
      '付款人按计划到达，不因应答变慢而放慢。成功按付款人得知结果的时刻计。',
      'Payers come as planned, however slow the answers are. A payment counts in the second in which its payer knew of it.',
    ),
  );
}

const STATES: Readonly<Record<Check['state'], Cell>> = {
  good: { said: words('正常', 'fine'), className: 'good' },
  caution: { said: words('留意', 'mind this'), className: 'fair' },
  bad: { said: words('无效', 'void'), className: 'bad' },
  not_measured: { said: words('未测', 'not measured'), className: 'soft' },
};

export function validitySection({ validity }: RehearsalReport): string {
  const rows = validity.map(({ label, found, state, why }): Cell[] => [
    label,
    { said: found, className: 'words' },
    STATES[state],
    { said: why, className: 'words soft' },
  ]);
  return section('validity', words('有效性', 'Is it valid?'), table(['', '', '', ''], rows));
}

export function bankSection(report: RehearsalReport): string {
  const heads = [
    words('渠道', 'channel'),
    words('请求', 'offered'),
    words('受理', 'accepted'),
    words('成功', 'served'),
    words('拒绝', 'refused'),
    words('过期', 'expired'),
    words('有建议 / 换出 / 换入', 'suggested / switched away / here'),
    'p50 / p99',
    words('等级', 'level'),
    words('熔断器', 'breaker'),
    words('在途：峰值 / 限额 / 上限', 'in flight: peak / limit / ceiling'),
    words('速率：5 秒峰值 / 限额', 'rate: best 5 s / limit'),
    words('银行能力利用', 'bank used'),
  ];
  const note = words(
    '按付款人首选的卡归类。“成功”含按建议换到别处的付款；时长为首次请求到得知成功。在途为同时在银行内的请求数；限额由我们的限流器给出，上限由运营人员设定。',
    'By the card that a payer tried first. Served includes payers who were paid elsewhere after a suggestion; times run from the first POST until the payer knew. In flight: calls inside the bank at one time; the limit is our limiter’s, the ceiling the operator’s.',
  );
  return section(
    'banks',
    words('各银行', 'Banks'),
    `${table(heads, report.banks.map(bankCells), 'dense')}${channelCharts(report)}`,
    note,
  );
}

function bankCells(row: BankRow): Cell[] {
  const states = (all: Readonly<Record<string, number>>, calm: string, label: (state: string) => Words): Cell => {
    const others = Object.entries(all).filter(([state]) => state !== calm);
    if (Object.keys(all).length === 0) return DASH;
    if (others.length === 0) return { said: label(calm), className: 'soft' };
    return markup(others.map(([state, seconds]) => `${said(label(state))} ${seconds} s`).join('<br>'));
  };
  return [
    row.channel,
    number(row.offered),
    number(row.accepted),
    number(row.served),
    row.refused > 0 ? { said: number(row.refused), className: 'fair' } : '0',
    row.expired > 0 ? { said: number(row.expired), className: 'fair' } : '0',
    `${number(row.suggested)} / ${number(row.switched_away)} / ${number(row.switched_here)}`,
    `${duration(row.p50_ms)} / ${duration(row.p99_ms)}`,
    states(row.levels, 'normal', (level) => LEVELS[level] ?? same(level)),
    states(row.breakers, 'closed', (state) => BREAKER_STATES[state] ?? same(state)),
    `${tenth(row.inside_peak)} / ${tenth(row.limit_median)} / ${number(row.in_flight_max)}`,
    `${tenth(row.received_peak)} / ${number(row.rate_per_second)}`,
    row.capacity_used === null ? DASH : percent(row.capacity_used),
  ];
}

const BREAKER_STATES: Readonly<Record<string, Words>> = {
  closed: words('闭合', 'closed'),
  open: words('断开', 'open'),
  half_open: words('半开', 'half open'),
  ramping: words('爬升', 'ramping'),
  isolated: words('隔离', 'isolated'),
};

/** These are told by the audit and by the sections above. */
export function figureSection({ figures }: RehearsalReport): string {
  const row = ({ name, value, unit, goal, met }: RehearsalReport['figures'][number]): Cell[] => [
    markup(nameOf(name)),
    number(value),
    { said: unitWords(unit), className: 'soft' },
    { said: goal ?? '', className: 'soft' },
    met === null
      ? ''
      : met
        ? { said: words('达标', 'met'), className: 'good' }
        : { said: words('未达标', 'not met'), className: 'bad' },
  ];
  const heads = [words('指标', 'figure'), words('数值', 'value'), '', words('目标', 'goal'), ''];
  const judged = figures.filter(({ met }) => met !== null);
  const others = figures.filter(({ met }) => met === null);
  const missed = judged.filter(({ met }) => met === false).length;
  const note =
    missed === 0
      ? words(`${judged.length} 项目标全部达标。`, `All ${judged.length} goals are met.`)
      : words(`${judged.length} 项目标中 ${missed} 项未达标。`, `${missed} of ${judged.length} goals are not met.`);
  const more = words(`${others.length} 项没有目标的指标`, `${others.length} figures without a goal`);
  return section(
    'figures',
    words('指标', 'Figures'),
    `${table(heads, judged.map(row))}<details><summary>${said(more)}</summary>${table(heads, others.map(row))}</details>`,
    note,
  );
}

function nameOf(name: string): string {
  const label = figureWords(name);
  return label === null ? said(name) : `${said(label)} <span class="soft">${said(name)}</span>`;
}

export function moneySection({ money }: RehearsalReport): string {
  const title = words('资金核对', 'Money');
  if (money === null)
    return section('money', title, `<p class="bad">${said(words('未能核对。', 'There was no audit.'))}</p>`);
  const rows = money.verdicts.map(({ id, sentence, compared, breaches, notChecked }): Cell[] => [
    markup(`${id} <span class="plain">${said(words(INVARIANTS_ZH[id] ?? sentence, sentence))}</span>`),
    number(compared),
    number(breaches),
    notChecked !== null
      ? { said: words('未核对', 'not checked'), className: 'soft' }
      : breaches === 0
        ? { said: words('成立', 'holds'), className: 'good' }
        : { said: words('被破坏', 'broken'), className: 'bad' },
  ]);
  const examples = money.examples.map(
    ({ rule, evidence }) => `<li><b>${said(rule)}</b> <code>${said(JSON.stringify(evidence))}</code></li>`,
  );
  const note = words(
    `账本中 ${grouped(money.payments)} 笔付款，与银行账目 ${grouped(money.ledgerLines)} 行、客户端请求 ${grouped(money.clientRequests ?? 0)} 次全量核对，非抽样。`,
    `${grouped(money.payments)} payments of the journal against ${grouped(money.ledgerLines)} lines of the banks' ledgers and ${grouped(money.clientRequests ?? 0)} requests of clients: all of them, no sample.`,
  );
  const heads = [words('不变量', 'invariant'), words('核对数', 'compared'), words('违反', 'breaches'), ''];
  return section(
    'money',
    title,
    `${table(heads, rows)}${examples.length === 0 ? '' : `<ul>${examples.join('\n')}</ul>`}`,
    note,
  );
}

export function bottleneckSection(report: RehearsalReport): string {
  const { bottleneck } = report;
  const explained = bottleneck.explained.map(({ label, channel, payments, seconds }): Cell[] => [
    label,
    { said: channel, className: 'words' },
    number(payments),
    `${seconds} s`,
  ]);
  const causes =
    explained.length === 0
      ? ''
      : table(
          [
            words('原因', 'cause'),
            wordsHead(words('渠道', 'channel')),
            words('被拒或过期', 'turned away'),
            words('秒数', 'seconds'),
          ],
          explained,
        );
  const resources = table(
    [
      words('进程', 'process'),
      words('平均', 'mean'),
      words('峰值', 'peak'),
      words('可用', 'of'),
      words('峰值占用', 'used at its peak'),
      words('事件循环延迟', 'event loop delay'),
      words('用尽的秒数', 'seconds used up'),
    ],
    bottleneck.resources.map(resourceCells),
  );
  const note = words(
    '怎么判定：每名被拒或过期的付款人，归因于当时其渠道上用尽的那一项，先看银行一侧（合同速率达九成、银行应答达能力九成或位置占满、在途上限），再看进程（处理器达九成，或事件循环 p99 迟于 200 毫秒）；银行有余量而无人用尽时，归于我们自己的限流器。事件循环延迟为九成的秒都低于的 p99。',
    'How it was decided: each payer who was turned away or expired is laid to what was used up on the payer’s channel at that moment, the bank’s side first (nine tenths of the contract rate, nine tenths of its capacity or all its places taken, the in-flight ceiling), then processes (nine tenths of their processor, or an event loop 200 ms late at p99). Where the bank had room and nothing was used up, it is our own limiter’s. Event loop delay: the p99 that nine of ten seconds stayed below.',
  );
  return section(
    'bottleneck',
    words('瓶颈', 'Bottleneck'),
    `<p class="answer">${said(bottleneck.said)}</p>${causes}${resources}${processChart(report)}`,
    note,
  );
}

function resourceCells({ label, used_mean, used_peak, of, loop_delay_p99_ms, used_up_seconds }: Resource): Cell[] {
  const share = used_peak === null ? null : Math.min(1, used_peak / of);
  const cores = (value: number | null): Cell =>
    value === null ? DASH : words(`${value.toFixed(2)} 核`, `${value.toFixed(2)} cores`);
  return [
    label,
    cores(used_mean),
    cores(used_peak),
    String(of),
    share === null
      ? DASH
      : markup(`<span class="bar" style="width:${Math.round(share * 80)}px"></span>${said(percent(share))}`),
    duration(loop_delay_p99_ms),
    used_up_seconds > 0 ? { said: `${used_up_seconds} s`, className: 'fair' } : '0 s',
  ];
}

const LIMITS: Readonly<Record<LimitName, Words>> = {
  rate_per_second: words('合同速率（笔/秒）', 'contract rate, per second'),
  in_flight_max: words('在途上限', 'in-flight ceiling'),
  bank_capacity: words('银行能力（笔/秒）', 'bank capacity, per second'),
};

export function recommendationSection({ recommendations }: RehearsalReport): string {
  const telling = recommendations.filter(({ turned_away: payers }) => payers > 0);
  const quiet = recommendations.filter(({ turned_away: payers }) => payers === 0);
  const cells = ({ channel, limit, from, to, used_peak, bound_seconds, turned_away, why }: Recommendation): Cell[] => [
    channel,
    { said: LIMITS[limit], className: 'words' },
    number(from),
    to === null ? { said: words('不改', 'as it is'), className: 'soft' } : { said: number(to), className: 'good' },
    used_peak === null ? DASH : percent(used_peak),
    `${bound_seconds} s`,
    number(turned_away),
    { said: why, className: 'words wide' },
  ];
  const heads = [
    words('渠道', 'channel'),
    wordsHead(words('限额', 'limit')),
    words('现值', 'now'),
    words('建议', 'recommended'),
    words('峰值用量', 'peak use'),
    words('受限', 'bound for'),
    words('因此离开', 'turned away'),
    wordsHead(words('依据', 'why')),
  ];
  const more = words(`${quiet.length} 项限额没有拒绝任何人`, `${quiet.length} limits turned nobody away`);
  const none = words(
    '没有限额拒绝过付款人：数据不支持任何改动。',
    'No limit turned a payer away: the data support no change.',
  );
  return section(
    'capacity',
    words('容量建议', 'Capacity'),
    `${telling.length === 0 ? `<p>${said(none)}</p>` : table(heads, telling.map(cells))}${
      quiet.length === 0 ? '' : `<details><summary>${said(more)}</summary>${table(heads, quiet.map(cells))}</details>`
    }`,
  );
}

const KINDS: Readonly<Record<TimelineEvent['kind'], Words>> = {
  load: words('负载', 'load'),
  bank: words('银行', 'bank'),
  fault: words('故障', 'fault'),
  operator: words('运营', 'operator'),
  breaker: words('熔断', 'breaker'),
  level: words('等级', 'level'),
};
/** Rows that are shown at once; levels that flutter would bury the rest. */
const EVENTS_SHOWN = 40;

export function timelineSection(report: RehearsalReport): string {
  const main = report.timeline.filter(({ kind }) => kind !== 'level');
  const levels = report.timeline.filter(({ kind }) => kind === 'level');
  const cells = ({ at_s, until_s, kind, channel, said: text }: TimelineEvent): Cell[] => [
    until_s === null ? `${at_s.toFixed(1)} s` : `${at_s.toFixed(1)} – ${until_s.toFixed(1)} s`,
    { said: KINDS[kind], className: kind === 'fault' ? 'tag bad' : 'tag soft' },
    { said: channel ?? '', className: 'tag' },
    { said: text, className: 'words wide' },
  ];
  const heads = [words('时刻', 'at'), '', wordsHead(words('渠道', 'channel')), ''];
  const folded = [...main.slice(EVENTS_SHOWN), ...levels];
  const more = words(
    `另外 ${folded.length} 次变化（拥堵等级等）`,
    `${folded.length} more changes (levels and the rest)`,
  );
  return section(
    'timeline',
    words('时间线', 'Timeline'),
    `${report.channels.length === 0 ? '' : lanes(report)}${main.length === 0 ? '' : table(heads, main.slice(0, EVENTS_SHOWN).map(cells))}${
      folded.length === 0 ? '' : `<details><summary>${said(more)}</summary>${table(heads, folded.map(cells))}</details>`
    }`,
  );
}

const JUDGED: Readonly<Record<FigureChange['judged'], Cell>> = {
  noise: { said: words('噪声之内', 'noise'), className: 'soft' },
  better: { said: words('更好', 'better'), className: 'good' },
  worse: { said: words('更差', 'worse'), className: 'bad' },
  changed: { said: words('有变化', 'changed'), className: '' },
  other_machine: { said: words('机器不同，不评判', 'other machine, not judged'), className: 'soft' },
};

export function baselineSection({ baseline }: RehearsalReport): string {
  const title = words('与基线相比', 'Against the baseline');
  if (baseline === null) {
    const none = words(
      '没有基线。用 --save-baseline 把一次有效的演练存为基线。',
      'There is no baseline. --save-baseline keeps a valid run as one.',
    );
    return section('baseline', title, `<p>${said(none)}</p>`);
  }
  const cells = ({ name, unit, before, now, change, band, judged }: FigureChange): Cell[] => [
    markup(nameOf(name)),
    number(before),
    number(now),
    { said: unitWords(unit), className: 'soft' },
    change === null ? DASH : `${change > 0 ? '+' : ''}${percent(change)}`,
    `± ${grouped(Math.round(band * 1_000) / 1_000)}`,
    JUDGED[judged],
  ];
  const heads = [
    words('指标', 'figure'),
    words('基线', 'baseline'),
    words('本次', 'now'),
    '',
    words('变化', 'change'),
    words('噪声带', 'noise band'),
    '',
  ];
  const rank: readonly FigureChange['judged'][] = ['worse', 'better', 'changed', 'other_machine', 'noise'];
  const sorted = [...baseline.figures].sort((a, b) => rank.indexOf(a.judged) - rank.indexOf(b.judged));
  const note = words(
    `${baseline.file}：${baseline.runs} 次运行的中位数，最新为 ${baseline.started_at.slice(0, 10)}，提交 ${baseline.commit.slice(0, 12)}${baseline.same_machine ? '' : '，另一台机器'}。`,
    `${baseline.file}: ${baseline.runs === 1 ? 'one run' : `median of ${baseline.runs} runs, the newest`} of ${baseline.started_at.slice(0, 10)} at commit ${baseline.commit.slice(0, 12)}${baseline.same_machine ? '' : ', on another machine'}.`,
  );
  return section('baseline', title, table(heads, sorted.map(cells)), note);
}

export function originSection({ origin, profile }: RehearsalReport): string {
  const { machine } = origin;
  const dirty =
    origin.dirty === null
      ? words('是否有改动未知', 'whether files differed is not known')
      : origin.dirty
        ? words('工作区有未提交的改动', 'with changes that are not committed')
        : words('工作区干净', 'nothing uncommitted');
  const revisions = Object.entries(origin.config).map(([channel, revision]) => `${channel} ${revision}`);
  const rows: Cell[][] = [
    [
      words('提交', 'Commit'),
      { said: markup(`<code>${said(origin.commit)}</code>, ${said(dirty)}`), className: 'words' },
    ],
    [words('随机种子', 'Seed'), { said: String(origin.seed ?? DASH), className: 'words' }],
    [words('规模', 'Profile'), { said: `${profile.name}: ${profile.what}`, className: 'words' }],
    [
      words('机器', 'Machine'),
      {
        said: `${machine.cpus} × ${machine.cpu}, ${grouped(Math.round(machine.memory_mb / 102.4) / 10)} GB, ${machine.os}, Node ${machine.node}, k6 ${origin.k6}`,
        className: 'words',
      },
    ],
    [
      words('限额版本', 'Limit revisions'),
      { said: revisions.length === 0 ? DASH : revisions.join(' · '), className: 'words' },
    ],
    [words('客户端日志', "Client's log"), { said: origin.client_log, className: 'words' }],
    [words('用时', 'Took'), { said: duration(origin.seconds * 1_000), className: 'words' }],
  ];
  return section('origin', words('复现', 'Again'), `<pre>${said(origin.command)}</pre>${table(['', ''], rows)}`);
}
