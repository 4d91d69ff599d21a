/** Examples of advice: one payer whose bank is congested, before the payment, at its POST, and while it waits. */
import type { ErrorCode } from '#domain';
import type { ChannelResponse } from '../channels/channel.response';
import type { ProblemCause } from '../errors/render-problem';
import { EXAMPLE_SUGGESTION_ID } from '../payments/create-payment.request';
import type { CreatePaymentRequest } from '../payments/create-payment.request';
import type { PaymentResponse } from '../payments/payment.response';
import type { SuggestRequest } from '../suggestions/suggest.request';
import type { SuggestionListResponse, SuggestionResponse } from '../suggestions/suggestion.response';
import { EXAMPLE_CHANNEL, EXAMPLE_CREATE, EXAMPLE_PAYMENT_ID, EXAMPLE_QUEUED } from './examples';

const ICBC = { id: 'icbc', name: { 'zh-CN': '中国工商银行', en: 'Industrial and Commercial Bank of China' } };
const CCB = { id: 'ccb', name: { 'zh-CN': '中国建设银行', en: 'China Construction Bank' } };

const CONGESTED = {
  code: 'channel_congested',
  message: { 'zh-CN': '银行通道拥堵，排队时间较长', en: 'The channel is congested: payments wait long.' },
  channel: 'icbc.quickpay',
  wait_p90_ms: 4_200,
  waiting: 412,
};

const OTHER_CARD: SuggestionResponse = {
  id: EXAMPLE_SUGGESTION_ID,
  kind: 'another_card',
  payment_method: { token: 'tok_ccb_quickpay_ok' },
  channel: 'ccb.quickpay',
  bank: CCB,
  product: 'quickpay',
  eta_ms: { p50: 420, p90: 980 },
  success_rate: 0.987,
  reason: CONGESTED,
  message: {
    'zh-CN': '改用中国建设银行快捷支付，约 1 秒完成',
    en: 'Use China Construction Bank quick-pay instead, about 1 s.',
  },
  expires_at: '2026-11-10T16:00:13.118Z',
};

const WAIT: SuggestionResponse = {
  id: null,
  kind: 'wait',
  payment_method: { token: 'tok_icbc_quickpay_ok' },
  channel: 'icbc.quickpay',
  bank: ICBC,
  product: 'quickpay',
  eta_ms: { p50: 1_800, p90: 4_200 },
  success_rate: 0.971,
  reason: CONGESTED,
  message: {
    'zh-CN': '继续使用中国工商银行快捷支付排队等待，约 5 秒完成',
    en: 'Stay with Industrial and Commercial Bank of China quick-pay and wait, about 5 s.',
  },
  expires_at: null,
};

export const EXAMPLE_SUGGEST: SuggestRequest = {
  merchant_order_no: 'D11-000001',
  amount: { value: 19900, currency: 'CNY' },
  instruments: ['tok_icbc_quickpay_ok', 'tok_ccb_quickpay_ok'],
  max_wait_ms: 8000,
};

export const EXAMPLE_SUGGEST_STORED: SuggestRequest = {
  merchant_order_no: 'D11-000001',
  amount: { value: 19900, currency: 'CNY' },
  payer_id: 'u-20931',
};

export const EXAMPLE_SUGGESTIONS: SuggestionListResponse = {
  object: 'list',
  data: [OTHER_CARD, WAIT],
  has_more: false,
  level: 'congested',
};

/** The same payer's choice on a quiet day. */
export const EXAMPLE_AS_CHOSEN: SuggestionListResponse = {
  object: 'list',
  data: [
    {
      ...WAIT,
      kind: 'as_chosen',
      eta_ms: { p50: 240, p90: 460 },
      success_rate: 0.994,
      reason: {
        code: 'channel_normal',
        message: { 'zh-CN': '银行通道正常', en: 'The channel is normal.' },
        channel: 'icbc.quickpay',
      },
      message: {
        'zh-CN': '中国工商银行快捷支付可用，约 1 秒完成',
        en: 'Industrial and Commercial Bank of China quick-pay works, about 1 s.',
      },
    },
  ],
  has_more: false,
  level: 'normal',
};

/** The payer takes the first of them. */
export const EXAMPLE_CREATE_SUGGESTED: CreatePaymentRequest = {
  ...EXAMPLE_CREATE,
  payment_method: OTHER_CARD.payment_method,
  alternatives: ['tok_icbc_quickpay_ok'],
  suggestion_id: EXAMPLE_SUGGESTION_ID,
};

export const EXAMPLE_QUEUED_CONGESTED: PaymentResponse = {
  ...EXAMPLE_QUEUED,
  queue: { ahead: 412, eta_ms: { p50: 1_800, p90: 4_200 }, as_of: '2026-11-10T16:00:03.020Z' },
  suggestions: [OTHER_CARD, WAIT],
};

/** As it goes over the wire: the wait got worse. */
export const EXAMPLE_ADVICE_FRAME = `event: payment.suggestions\ndata: ${JSON.stringify({
  payment: EXAMPLE_PAYMENT_ID,
  queue: EXAMPLE_QUEUED_CONGESTED.queue,
  suggestions: [OTHER_CARD, WAIT],
})}`;

export const EXAMPLE_CHANNEL_CONGESTED: ChannelResponse = {
  ...EXAMPLE_CHANNEL,
  level: 'congested',
  reason: CONGESTED,
  eta_ms: { p50: 1_800, p90: 4_200 },
  success_rate: 0.971,
};

export const EXAMPLE_CHANNELS_STREAM = [
  'retry: 1000',
  '',
  `event: channels\ndata: ${JSON.stringify({ channels: [EXAMPLE_CHANNEL] })}`,
  '',
  `event: channels\ndata: ${JSON.stringify({ channels: [EXAMPLE_CHANNEL_CONGESTED] })}`,
  '',
].join('\n');

const AT_ICBC = { facts: { channel: 'icbc.quickpay' } };

/** Facts that make the refusals true to life. */
export const DOOR_CAUSES: Partial<Record<ErrorCode, Omit<ProblemCause, 'code'>>> = {
  channel_saturated: {
    ...AT_ICBC,
    reason: { code: 'beyond_fair_share', channel: 'icbc.quickpay', share: 0.42, tier: 1, wait_ms: 1_640 },
    retryAfterMs: 4_762,
    suggestions: [OTHER_CARD],
  },
  deadline_unreachable: {
    ...AT_ICBC,
    reason: { code: 'wait_beyond_patience', channel: 'icbc.quickpay', patience_ms: 1_000, tier: 1, wait_ms: 1_640 },
    retryAfterMs: 1_640,
    suggestions: [OTHER_CARD, WAIT],
  },
  channel_breaker_open: {
    ...AT_ICBC,
    reason: {
      code: 'breaker_open',
      breaker: 'open',
      cause: 'bank_silent',
      channel: 'icbc.quickpay',
      reopens_in_ms: 4_000,
    },
    retryAfterMs: 4_000,
    suggestions: [OTHER_CARD],
  },
  channel_maintenance: {
    facts: { channel: 'icbc.quickpay', hold: 'maintenance', until: '2026-11-11T20:00:00.000Z' },
    retryAfterMs: 3_600_000,
    suggestions: [OTHER_CARD],
  },
  channel_draining: { facts: { channel: 'icbc.quickpay', hold: 'drain' }, suggestions: [OTHER_CARD] },
  channel_closed: { facts: { channel: 'icbc.quickpay', hold: 'kill' }, suggestions: [OTHER_CARD] },
  suggestion_expired: { errors: [{ pointer: '/suggestion_id', code: 'suggestion_expired' }] },
  suggestion_mismatch: { errors: [{ pointer: '/suggestion_id', code: 'suggestion_mismatch' }] },
};
