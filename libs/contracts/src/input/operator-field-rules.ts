/** What may be wrong with a field of an operator's request: a part of the table in field-rules.ts. */
export const OPERATOR_FIELD_RULES = {
  rate_per_second: {
    'zh-CN': '每秒笔数应为 1 至 1000000 的整数',
    en: 'A rate is an integer from 1 to 1000000, payments in any second. To stop a channel, give an order.',
  },
  burst: {
    'zh-CN': '突发笔数应为 1 至 1000000 的整数',
    en: 'A burst is an integer from 1 to 1000000.',
  },
  in_flight_max: {
    'zh-CN': '在途上限应为 1 至 100000 的整数；如需停用渠道，请下达指令（暂停、隔离）',
    en: 'An in-flight ceiling is an integer from 1 to 100000. To stop a channel, give an order (pause, isolate).',
  },
  longest_wait_ms: {
    'zh-CN': '最长排队时间应为 0 至 3600000 的整数（毫秒）',
    en: 'A longest wait is an integer from 0 to 3600000, in ms.',
  },
  timeout_ms: {
    'zh-CN': '银行应答时限应为 100 至 120000 的整数（毫秒）',
    en: 'A bank’s deadline is an integer from 100 to 120000, in ms.',
  },
  no_limits: { 'zh-CN': '至少给出一项限额', en: 'Give at least one limit to change.' },
  amounts_crossed: {
    'zh-CN': 'amount_min 不得大于 amount_max（含已排期的变更）',
    en: 'amount_min would be above amount_max, now or once a scheduled change begins.',
  },
  schedule_time: {
    'zh-CN': '生效时间应晚于现在，且在 366 天之内；立即生效请省略',
    en: 'A scheduled change begins in the future, within 366 days; leave it out to change at once.',
  },
  override_end: {
    'zh-CN': '结束时间应晚于生效时间，且在其后 30 天之内；长期生效请省略',
    en: 'An override ends after it begins, within 30 days; leave it out to change for good.',
  },
  why: {
    'zh-CN': '请说明原因：1 至 128 个字符，须为 NFC，且不含控制字符或双向文字控制符',
    en: 'Say why: 1 to 128 characters in Unicode NFC, without control or bidirectional-control characters.',
  },
  limit_revision: { 'zh-CN': '应为限额版本号（正整数）', en: 'A revision is a whole number from 1.' },
  order_target: {
    'zh-CN': '应为渠道编号（icbc.quickpay）、银行编号（icbc）或 everything（全部）',
    en: 'Name a channel (icbc.quickpay), a bank (icbc), or everything.',
  },
  hold: { 'zh-CN': '应为 drain、pause、isolate 或 kill', en: 'Use drain, pause, isolate or kill.' },
  holds: {
    'zh-CN': '应为互不相同的 drain、pause、isolate、kill',
    en: 'Give different ones of drain, pause, isolate, kill.',
  },
  order_end: {
    'zh-CN': '结束时间应晚于现在，且在 30 天之内；由人工解除请省略',
    en: 'An order ends in the future, within 30 days; leave it out to release it by hand.',
  },
  window_start: {
    'zh-CN': '维护开始时间不得早于现在，且应在 366 天之内',
    en: 'A window begins in the future, within 366 days. To stop a channel now, give an order.',
  },
  window_end: {
    'zh-CN': '维护结束时间应晚于开始时间，且在其后 30 天之内',
    en: 'A window ends after it begins, within 30 days.',
  },
  drain_minutes: {
    'zh-CN': '应为 0 至 1440 的整数（分钟）',
    en: 'A drain before a window takes an integer from 0 to 1440 minutes.',
  },
  order_id: {
    'zh-CN': '应为指令编号（ord_…）',
    en: 'Give the id of an order (ord_…): the last one of the page before.',
  },
  window_id: {
    'zh-CN': '应为维护窗口编号（mwn_…）',
    en: 'Give the id of a window (mwn_…): the last one of the page before.',
  },
  audit_entry: {
    'zh-CN': '应为审计编号（aud_…）',
    en: 'Give the id of an entry (aud_…): the last one of the page before.',
  },
  audit_filter: { 'zh-CN': '应为 1 至 128 个字符', en: 'Give 1 to 128 characters.' },
} as const;
