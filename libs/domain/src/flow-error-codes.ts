/**
 * The codes of errors that are about capacity and about the ways that were offered instead. Part of the table in error-codes.ts.
 *
 * Each refusal of a channel names its own cause, because the payer's best answer differs: a full queue may have drained by the time the
 * payer has found another card, a maintenance window has not. Nothing is stored, and the key stays free.
 */
const FIX = null;
const SAME_KEY = (after_ms: number) => ({ safe: true, same_key: true, after_ms });

export const FLOW_ERROR_CODES = {
  suggestion_expired: {
    status: 422,
    title: 'The suggestion is no longer held',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': '该建议已过期：请重新获取支付建议，或去掉 suggestion_id 直接支付',
      en: 'The suggestion has expired: ask for new ones, or leave suggestion_id out.',
    },
  },
  suggestion_mismatch: {
    status: 422,
    title: 'The suggestion is for something else',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': '该建议与此订单、支付工具或金额不符',
      en: 'This suggestion_id was not made for this order number, instrument and amount; send it with exactly those.',
    },
  },
  payer_instruments_full: {
    status: 422,
    title: 'The payer has too many stored instruments',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': '每位付款人最多保存 16 个支付工具，请先删除一个',
      en: 'A payer has at most 16 stored instruments; delete one first.',
    },
  },
  client_rate_limited: {
    status: 429,
    title: 'Your quota is used up',
    // The key is not looked up for it, so it cannot answer for an earlier request with the same one.
    accepted: 'unknown',
    retry: SAME_KEY(1_000),
    message: {
      'zh-CN': '超出您的请求配额，本次请求未被处理；请按 Retry-After 用相同的键重试',
      en: 'Your own request quota is used up and this request was not looked at. Repeat with the same key after Retry-After.',
    },
  },
  channel_saturated: {
    status: 503,
    title: 'The channel has all it can take',
    accepted: false,
    retry: SAME_KEY(3_000),
    message: {
      'zh-CN': '该银行通道繁忙，请更换支付方式或稍后再试',
      en: 'The channel is busy; use another instrument or retry later with the same key.',
    },
  },
  deadline_unreachable: {
    status: 503,
    title: 'The channel cannot answer in time',
    accepted: false,
    retry: SAME_KEY(3_000),
    message: {
      'zh-CN': '该银行通道排队时间超出可等待时间，请更换支付方式，或延长等待时间后重试',
      en: 'The wait on this channel is longer than the payer’s patience; use another instrument, or allow more with routing.max_wait_ms.',
    },
  },
  channel_breaker_open: {
    status: 503,
    title: 'The bank does not answer',
    accepted: false,
    retry: SAME_KEY(10_000),
    message: {
      'zh-CN': '该银行暂时无响应，未扣款；请更换支付方式',
      en: 'The bank does not answer at the moment and nothing was charged; use another instrument.',
    },
  },
  channel_maintenance: {
    status: 503,
    title: 'The channel is under maintenance',
    accepted: false,
    retry: SAME_KEY(60_000),
    message: {
      'zh-CN': '该银行通道维护中，请更换支付方式',
      en: 'The channel is in a maintenance window; use another instrument.',
    },
  },
  channel_draining: {
    status: 503,
    title: 'The channel takes nothing new',
    accepted: false,
    retry: SAME_KEY(30_000),
    message: {
      'zh-CN': '该银行通道暂停受理新的支付，请更换支付方式',
      en: 'The channel takes no new payments at the moment; use another instrument.',
    },
  },
  channel_closed: {
    status: 503,
    title: 'The channel is closed',
    accepted: false,
    retry: SAME_KEY(30_000),
    message: { 'zh-CN': '该通道已关闭，请更换支付方式', en: 'The channel is closed; use another instrument.' },
  },
} as const;
