/** Why a channel, a door or a limit is as it is: for payers, and for the people in the command centre. */
import type { MessageResponse } from './message.response';

export const FLOW_REASON_WORDS: Readonly<Record<string, MessageResponse>> = {
  // How a channel is doing.
  channel_normal: { 'zh-CN': '银行通道正常', en: 'The channel is normal.' },
  channel_busy: { 'zh-CN': '银行通道繁忙，需短暂排队', en: 'The channel is busy: payments wait a little.' },
  channel_congested: { 'zh-CN': '银行通道拥堵，排队时间较长', en: 'The channel is congested: payments wait long.' },

  // Why somebody was not let in.
  wait_beyond_patience: {
    'zh-CN': '预计排队时间超出可等待时间',
    en: 'The expected wait is longer than the payer’s patience.',
  },
  beyond_fair_share: {
    'zh-CN': '请求超出通道能力，本次未轮到该付款人',
    en: 'More ask than the channel can serve; this payer is not among those let in now.',
  },
  queue_full: { 'zh-CN': '通道队列已满', en: 'The channel’s queue is as long as it may be.' },
  door_budget_spent: {
    'zh-CN': '此入口在下一次更新前可受理的数量已用完',
    en: 'This door has let in all it may until it hears from the controller again.',
  },
  static_limit: {
    'zh-CN': '控制器暂不可用，按静态限额受理，已达上限',
    en: 'No controller has spoken yet; the static limits hold, and they are reached.',
  },
  held_by_operator: { 'zh-CN': '运营人员已暂停该通道', en: 'An operator holds the channel.' },
  channel_disabled: { 'zh-CN': '该通道未启用', en: 'The channel is switched off.' },
  rerouted_at_admission: {
    'zh-CN': '首选通道暂不可用，已自动改用其他支付方式',
    en: 'The first choice could not take it; another of the payer’s instruments did.',
  },
  rerouted: { 'zh-CN': '已自动改用其他支付方式', en: 'It goes over another of the payer’s instruments.' },
  routed: { 'zh-CN': '已选择成功率最高的通道', en: 'The channel that works best was chosen.' },

  // The breaker.
  breaker_open: { 'zh-CN': '银行无响应，通道已熔断', en: 'The bank does not answer; the breaker is open.' },
  breaker_closed: { 'zh-CN': '通道畅通', en: 'The bank answers; the breaker is closed.' },
  breaker_isolated: { 'zh-CN': '运营人员已隔离该通道', en: 'An operator has isolated the channel.' },
  breaker_silent: { 'zh-CN': '银行在规定时间内没有任何应答', en: 'The bank has been silent for too long.' },
  breaker_no_life: { 'zh-CN': '银行没有任何存活迹象', en: 'The bank shows no sign of life.' },
  breaker_mostly_dead: { 'zh-CN': '银行绝大多数请求没有应答', en: 'The bank leaves nearly all calls unanswered.' },
  breaker_probing: { 'zh-CN': '正在试探银行是否恢复', en: 'A few payments probe whether the bank is back.' },
  breaker_probe_failed: { 'zh-CN': '试探失败，银行尚未恢复', en: 'A probe failed; the bank is not back.' },
  breaker_ramping: { 'zh-CN': '银行已恢复，正逐步放量', en: 'The bank is back; what it gets is raised step by step.' },
  breaker_ramp_failed: { 'zh-CN': '放量过程中银行再次无响应', en: 'The bank fell silent again while it got more.' },
  breaker_recovered: { 'zh-CN': '银行已恢复', en: 'The bank has recovered.' },

  // The adaptive limit.
  limit_starting: { 'zh-CN': '刚开始学习银行的处理能力', en: 'The bank’s capacity is being learnt from the start.' },
  limit_raised: { 'zh-CN': '未见排队，已提高并发', en: 'No queue shows; the limit was raised.' },
  limit_not_needed: { 'zh-CN': '流量未用满，并发保持不变', en: 'It is not used up; the limit stays.' },
  limit_cut_delay: { 'zh-CN': '银行变慢，已降低并发', en: 'The bank queues; the limit was cut.' },
  limit_cut_busy: { 'zh-CN': '银行返回繁忙，已降低并发', en: 'The bank says that it is busy; the limit was cut.' },
  limit_tracked: { 'zh-CN': '并发跟随银行的处理能力', en: 'The limit follows what the bank can do.' },
  limit_excess_seen: {
    'zh-CN': '发现变慢，等待确认',
    en: 'The bank seems slower; one more look before the limit is cut.',
  },
  limit_restored: {
    'zh-CN': '变慢并非排队所致，已恢复并发',
    en: 'The delay did not follow the last cut, so it was no queue; the cut was undone.',
  },
  limit_settled: { 'zh-CN': '降低并发后延迟已恢复', en: 'The delay followed the cut; the limit has settled.' },
  limit_probe_down: {
    'zh-CN': '短暂降低并发以测量基准延迟',
    en: 'Lowered for a moment, to measure the bank without a queue.',
  },
  limit_probed_down: { 'zh-CN': '基准延迟已测量', en: 'The bank without a queue has been measured.' },
  limit_probe_up: { 'zh-CN': '短暂提高并发以试探余量', en: 'Raised for a moment, to see whether there is more.' },
  limit_probed_up: { 'zh-CN': '没有更多余量，已恢复并发', en: 'There was no more; the limit is back.' },
  limit_frozen: {
    'zh-CN': '银行暂时停顿，并发保持不变',
    en: 'The bank stands still for a moment; the limit is frozen.',
  },
  limit_thawed: { 'zh-CN': '银行停顿已结束', en: 'The bank moves again; the limit is no longer frozen.' },

  // What holds in the end.
  payers_turned_away: {
    'zh-CN': '请求超出通道能力，部分付款人未被受理',
    en: 'More ask than the channel can serve; a part of the payers is turned away.',
  },
  bulk_turned_away: {
    'zh-CN': '通道优先服务付款人，部分批量支付未被受理',
    en: 'Paying customers come first; a part of the bulk payments is turned away.',
  },
  contract_rate_reached: { 'zh-CN': '已达合同速率', en: 'The contract’s rate is reached; payments wait for it.' },
  operator_ceiling: { 'zh-CN': '已达运营人员设定的上限', en: 'The operator’s ceiling holds.' },
  slots_held_by_unknown: {
    'zh-CN': '部分并发被结果未知的交易占用',
    en: 'Payments whose fate is unknown hold part of the limit.',
  },
  reserved_share: { 'zh-CN': '为查询与撤销保留的并发', en: 'Reserved for inquiries and for money that goes back.' },
};
