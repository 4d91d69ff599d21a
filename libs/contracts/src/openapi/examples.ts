/** Examples that agree with each other: one order, followed from its POST to its end. Documentation and specs use them. */
import type { CreatePaymentRequest } from '../payments/create-payment.request';
import type { PaymentEventResponse, PaymentResponse } from '../payments/payment.response';
import type { SwitchPaymentRequest } from '../payments/switch-payment.request';
import type { ChannelResponse } from '../channels/channel.response';
import type { ProblemCause } from '../errors/render-problem';
import type { ErrorCode } from '#domain';

export const EXAMPLE_PAYMENT_ID = 'pay_01m80jktghe4fbqfv67qr043d4';
export const EXAMPLE_REQUEST_ID = 'req_01m80jktggf6rtcvrp1j4tbn2c';

export const EXAMPLE_CREATE: CreatePaymentRequest = {
  merchant_order_no: 'D11-000001',
  amount: { value: 19900, currency: 'CNY' },
  payment_method: { token: 'tok_icbc_quickpay_ok' },
  alternatives: ['tok_ccb_quickpay_ok'],
  payer_id: 'u-20931',
  routing: { mode: 'suggest', max_wait_ms: 8000 },
  expires_at: '2026-11-11T00:05:00+08:00',
  description: '双11 订单',
  metadata: { cart: 'c9' },
};

/** The least that is enough. */
export const EXAMPLE_CREATE_MINIMAL: CreatePaymentRequest = {
  merchant_order_no: 'D11-000002',
  amount: { value: 19900, currency: 'CNY' },
  payment_method: { token: 'tok_icbc_quickpay_ok' },
};

export const EXAMPLE_QUEUED: PaymentResponse = {
  id: EXAMPLE_PAYMENT_ID,
  object: 'payment',
  status: 'queued',
  final: false,
  version: 1,
  merchant_order_no: 'D11-000001',
  amount: { value: 19900, currency: 'CNY' },
  amount_captured: 0,
  amount_refunded: 0,
  payment_method: { token: 'tok_icbc_quickpay_ok' },
  alternatives: ['tok_ccb_quickpay_ok'],
  instrument: 'tok_icbc_quickpay_ok',
  channel: { id: 'icbc.quickpay' },
  routing: { mode: 'suggest', max_wait_ms: 8000 },
  on_decline: 'requires_payment_method',
  tier: 'paying',
  payer_id: 'u-20931',
  expires_at: '2026-11-10T16:05:00.000Z',
  return_url: null,
  description: '双11 订单',
  metadata: { cart: 'c9' },
  attempt: null,
  next_action: null,
  reason: null,
  queue: { ahead: 0, eta_ms: { p50: 240, p90: 460 }, as_of: '2026-11-10T16:00:03.020Z' },
  suggestions: [],
  created_at: '2026-11-10T16:00:03.118Z',
  updated_at: '2026-11-10T16:00:03.118Z',
};

export const EXAMPLE_SUCCEEDED: PaymentResponse = {
  ...EXAMPLE_QUEUED,
  queue: null,
  status: 'succeeded',
  final: true,
  version: 3,
  amount_captured: 19900,
  attempt: {
    leg: 1,
    status: 'succeeded',
    bank_reference: '5CQ2V9H0T4K8M1N7XWZA',
    bank_transaction_id: 'ICBC20261111000000017',
    dispatched_at: '2026-11-10T16:00:03.141Z',
    settled_at: '2026-11-10T16:00:03.377Z',
    decline: null,
  },
  updated_at: '2026-11-10T16:00:03.377Z',
};

export const EXAMPLE_CANCELED: PaymentResponse = {
  ...EXAMPLE_QUEUED,
  queue: null,
  status: 'canceled',
  final: true,
  version: 2,
  reason: {
    code: 'canceled_by_merchant',
    message: { 'zh-CN': '商户已取消', en: 'Canceled by the merchant.' },
  },
  updated_at: '2026-11-10T16:00:04.020Z',
};

/** A gateway payment whose payer was at the bank's page. */
export const EXAMPLE_CANCELING: PaymentResponse = {
  ...EXAMPLE_QUEUED,
  queue: null,
  status: 'unknown',
  version: 4,
  payment_method: { token: 'tok_icbc_gateway_ok' },
  instrument: 'tok_icbc_gateway_ok',
  channel: { id: 'icbc.gateway' },
  attempt: {
    leg: 1,
    status: 'reversing',
    bank_reference: '5CQ2V9H0T4K8M1N7XWZA',
    bank_transaction_id: null,
    dispatched_at: '2026-11-10T16:00:03.141Z',
    settled_at: null,
    decline: null,
  },
  reason: {
    code: 'reversing',
    purpose: 'canceled',
    message: {
      'zh-CN': '正在向银行撤销该笔交易；请勿以其他方式重复付款',
      en: 'The bank is asked to undo it; until it has, do not take the money another way.',
    },
  },
  updated_at: '2026-11-10T16:00:24.020Z',
};

export const EXAMPLE_SWITCH: SwitchPaymentRequest = { payment_method: { token: 'tok_ccb_quickpay_ok' } };

export const EXAMPLE_SWITCHED: PaymentResponse = {
  ...EXAMPLE_QUEUED,
  version: 2,
  instrument: 'tok_ccb_quickpay_ok',
  channel: { id: 'ccb.quickpay' },
  reason: {
    code: 'switched_by_payer',
    message: { 'zh-CN': '付款人已更换支付方式', en: 'The payer took another instrument.' },
  },
  updated_at: '2026-11-10T16:00:04.020Z',
};

export const EXAMPLE_EVENT: PaymentEventResponse = {
  id: 3,
  type: 'payment.succeeded',
  created_at: '2026-11-10T16:00:03.377Z',
  data: { status: 'succeeded', leg: 1, channel: 'icbc.quickpay' },
  payment: EXAMPLE_SUCCEEDED,
};

/** As it goes over the wire. */
export const EXAMPLE_STREAM = [
  'retry: 1000',
  '',
  `id: 3\nevent: payment.succeeded\ndata: ${JSON.stringify(EXAMPLE_EVENT)}`,
  '',
  'event: done\ndata: {}',
  '',
].join('\n');

export const EXAMPLE_CHANNEL: ChannelResponse = {
  id: 'icbc.quickpay',
  object: 'channel',
  bank: { id: 'icbc', name: { 'zh-CN': '中国工商银行', en: 'Industrial and Commercial Bank of China' } },
  product: 'quickpay',
  level: 'normal',
  reason: null,
  eta_ms: { p50: 240, p90: 460 },
  success_rate: 0.994,
  maintenance: null,
  enabled: true,
  currencies: ['CNY'],
  limits: { amount_min: 1, amount_max: 5_000_000 },
};

/** Facts that make the example of a code true to life. */
export const EXAMPLE_CAUSES: Partial<Record<ErrorCode, Omit<ProblemCause, 'code'>>> = {
  parameter_invalid: { errors: [{ pointer: '/amount/value', code: 'amount_value' }] },
  malformed_json: { errors: [{ pointer: '', code: 'duplicate_key' }] },
  card_number_forbidden: { errors: [{ pointer: '/description', code: 'card_number' }] },
  order_no_conflict: { facts: { payment_id: EXAMPLE_PAYMENT_ID } },
  idempotency_key_reused: { facts: { payment_id: EXAMPLE_PAYMENT_ID } },
  amount_out_of_range: { facts: { channel: 'icbc.quickpay', amount_min: 1, amount_max: 5_000_000 } },
  currency_unsupported: { facts: { channel: 'icbc.quickpay', currency: 'USD' } },
  deadline_passed: { facts: { channel: 'icbc.quickpay', bank_timeout_ms: 3_000 } },
  already_submitted: { facts: { status: 'processing' } },
  payment_final: { facts: { status: 'succeeded' } },
};
