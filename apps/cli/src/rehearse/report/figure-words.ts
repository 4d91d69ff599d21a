/** What a figure is called, for whoever meets its name for the first time. docs/rehearsals.md says how each is measured. */
import { type Words, words } from './words';

const NAMES: readonly (readonly [pattern: RegExp, zh: string, en: string])[] = [
  [/^payments_posted$/, '发出的付款', 'payments posted'],
  [/^accepted$/, '受理', 'let in'],
  [/^succeeded$/, '付款成功', 'paid'],
  [/^failed$/, '银行拒绝', 'declined'],
  [/^canceled$/, '已撤销', 'canceled'],
  [/^expired$/, '过期未发送', 'expired unsent'],
  [/^refused$/, '当场拒绝', 'refused at once'],
  [/^not_final$/, '没有终态', 'without a final state'],
  [/^posts_repeated$/, '同键重发', 'repeated under the same key'],
  [/^ack_p(\d+)_ms$/, '受理应答 p$1', 'acknowledgement, p$1'],
  [/^end_to_end_p(\d+)_ms$/, '到终态 p$1', 'until final, p$1'],
  [/^end_to_end_ordinary_p(\d+)_ms$/, '普通卡到终态 p$1', 'until final, ordinary cards, p$1'],
  [/^dropped_iterations$/, '丢弃的到达', 'dropped arrivals'],
  [/^faults_not_happened$/, '未发生的故障', 'faults that did not happen'],
  [/^charged_twice$/, '重复扣款', 'charged twice'],
  [/^accepted_lost$/, '受理后丢失', 'accepted and lost'],
  [/^violations$/, '资金不变量违反', 'breaches of money invariants'],
  [/^goodput_over_capacity$/, '按时成功占银行能力', 'paid on time over what banks could do'],
  [/^goodput_(\d+)x$/, '$1 倍请求时按时成功占能力', 'on time over capacity at $1 × load'],
  [/^goodput_while_(\w+)$/, '其间按时成功占能力（$1）', 'on time over capacity while $1'],
  [/^goodput_hot$/, '热点银行按时成功占能力', "on time over the hot bank's capacity"],
  [/^bank_busy_share_(.+)$/, '银行答“忙”的比例（$1）', 'share of busy answers at $1'],
  [/^bank_queue_(.+)$/, '银行内排队（$1）', "bank's own queue, $1"],
  [/^refusal_p99_ms$/, '拒绝应答 p99', 'a refusal, p99'],
  [/^eta_promises$/, '给出的等待承诺', 'waits that were promised'],
  [/^eta_p90_coverage$/, '九成承诺兑现率', 'promises (90 %) that were kept'],
  [/^eta_median_error$/, '承诺的中位误差', 'median error of a promise'],
  [/^rate_exceeded_seconds$/, '超出合同速率的秒数', 'seconds above the contract rate'],
  [/^rate_used$/, '合同速率利用率', 'contract rate used'],
  [/^settle_after_cut_s$/, '能力骤降后稳定用时', 'settled after the cut'],
  [/^recover_after_restore_s$/, '恢复后回到九成用时', 'back to 90 % after the restore'],
  [/^back_to_90_s$/, '恢复后回到九成用时', 'back to 90 % after the restore'],
  [/^cascade_on_time_over_oracle$/, '按时成功占全知上界', 'on time over an all-knowing bound'],
  [/^offers_made$/, '收到建议的付款人', 'payers offered another way'],
  [/^offers_followed$/, '采纳建议的付款人', 'payers who took it'],
  [/^moved_then_failed$/, '换卡后仍失败', 'moved and then failed'],
  [/^own_customers_on_time$/, '未受累银行自己的客户按时', 'own customers on time'],
  [/^redis_gone_goodput$/, 'Redis 失联时按时成功占能力', 'on time over capacity without Redis'],
  [/^redis_gone_overcommit$/, 'Redis 失联时超出限额', 'above the limit without Redis'],
  [/^limit_change_acknowledged_ms$/, '改限额到全部确认', 'limit change until all act on it'],
  [/^limit_change_workers$/, '已生效的工作进程', 'workers acting on it'],
  [/^on_time_share$/, '按时成功占全部付款人', 'paid on time, of all payers'],
  [/^told_to_wait_share$/, '被告知等待的比例', 'told to wait'],
  [/^breaker_open_s$/, '多久熔断', 'until the breaker opened'],
  [/^refused_with_suggestion$/, '被拒时有建议', 'refused with a suggestion'],
  [/^others_on_time$/, '其他银行按时', 'other banks on time'],
  [/^others_slower_ms$/, '其他银行变慢', 'other banks slower by'],
  [/^jain_fairness$/, '银行间公平度', 'fairness over banks (Jain)'],
  [/^recovery_s$/, '打击后恢复用时', 'recovered after a blow'],
  [/^struck_settled_s$/, '在途付款全部了结用时', 'payments under way settled'],
  [/^knee_per_second$/, '拐点', 'the knee'],
  [/^memory_growth$/, '内存增长', 'memory growth'],
  [/^p99_drift$/, 'p99 漂移', 'drift of p99'],
];

/** Null: its name has to do. */
export function figureWords(name: string): Words | null {
  for (const [pattern, zh, en] of NAMES)
    if (pattern.test(name)) return words(name.replace(pattern, zh), name.replace(pattern, en));
  return null;
}

const UNITS: Readonly<Record<string, string>> = {
  ...{ payments: '笔', requests: '次', faults: '个', breaches: '处', workers: '个', ratio: '比值', slots: '倍并发位' },
  ...{ s: '秒', ms: '毫秒' },
};

export function unitWords(unit: string): Words {
  return words(UNITS[unit] ?? unit, unit);
}

/** What the audit's invariants say, in Chinese; the English is the audit's own. */
export const INVARIANTS_ZH: Readonly<Record<string, string>> = {
  I0: '每本账都完整',
  I1: '受理的不丢失，拒绝的不执行',
  I2: '没有一笔付款被扣两次',
  I3: '每笔付款在有限时间内到达唯一终态',
  I4: '每笔付款的历史都合法、无缺口',
  I5: '账本与银行账目一致',
  I6: '按渠道与币种的总额相等',
  I7: '同一个键总得到同一个应答',
  I8: '没有先行提交的尝试，就没有资金移动',
  I9: '接收方按序收到全部通知，无遗漏',
  I10: '任何渠道每秒与同时的请求都不超合同',
  I13: '人的操作都有记录，未被改动，完整无缺',
};
