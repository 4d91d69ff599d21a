/**
 * What is wrong with a field, by code, in both languages. The decorators of the requests carry these codes instead of sentences, so
 * one table serves the API, the documentation and both languages.
 */
import { OPERATOR_FIELD_RULES } from './operator-field-rules';
import { SETTLEMENT_FIELD_RULES } from './settlement-field-rules';

export interface FieldRule {
  readonly 'zh-CN': string;
  readonly en: string;
}

export const FIELD_RULES = {
  ...SETTLEMENT_FIELD_RULES,
  required: { 'zh-CN': '必填', en: 'This field is required.' },
  unknown_field: { 'zh-CN': '未知字段', en: 'There is no such field; fields are never ignored silently.' },
  not_an_object: { 'zh-CN': '应为 JSON 对象', en: 'This must be a JSON object.' },
  plain_integer: {
    'zh-CN': '数字应为普通整数，不得带小数点、指数或超过 2^53',
    en: 'Numbers are plain integers: no point, no exponent, not beyond 2^53.',
  },
  amount_value: {
    'zh-CN': '金额应为 1 至 999999999999 的整数，单位为最小货币单位（分）',
    en: 'An amount is an integer from 1 to 999999999999 in minor units (fen, cents): 19900 is 199.00 CNY.',
  },
  currency: {
    'zh-CN': '应为 ISO 4217 货币代码，如 CNY',
    en: 'Use an ISO 4217 currency code in capitals, such as CNY.',
  },
  merchant_order_no: {
    'zh-CN': '应为 1 至 64 个字符，限字母、数字及 _ . : -',
    en: 'An order number is 1 to 64 letters, digits or _ . : -',
  },
  payer_id: {
    'zh-CN': '应为 1 至 64 个字符，限字母、数字及 _ . : @ -',
    en: 'A payer id is 1 to 64 letters, digits or _ . : @ -',
  },
  alternatives: {
    'zh-CN': '应为最多 7 个互不相同的令牌，且不含 payment_method 的令牌',
    en: 'Give at most 7 different tokens, other than the one in payment_method.',
  },
  instrument_token: {
    'zh-CN': '令牌应为 1 至 128 个字符，限字母、数字及 _ . : -',
    en: 'An instrument token is 1 to 128 letters, digits or _ . : -',
  },
  stored_instruments: {
    'zh-CN': '应为 true 或 false；为 true 时须提供 payer_id',
    en: 'Use true or false; true needs a payer_id.',
  },
  suggestion_id: {
    'zh-CN': '应为建议编号（sug_…），原样传回',
    en: 'Give the id of a suggestion (sug_…) as it was given to you.',
  },
  stored_tokens: {
    'zh-CN': '应为最多 16 个互不相同的令牌',
    en: 'Give at most 16 different tokens, in the payer’s order.',
  },
  instruments: {
    'zh-CN': '应为最多 8 个互不相同的令牌',
    en: 'Give at most 8 different tokens, in the payer’s order.',
  },
  routing_mode: { 'zh-CN': '应为 suggest、queue 或 reroute', en: 'Use suggest, queue or reroute.' },
  max_wait_ms: { 'zh-CN': '应为 0 至 600000 的整数（毫秒）', en: 'A wait is an integer from 0 to 600000, in ms.' },
  on_decline: { 'zh-CN': '应为 requires_payment_method 或 fail', en: 'Use requires_payment_method or fail.' },
  tier: { 'zh-CN': '应为 paying 或 bulk', en: 'Use paying (a payer waits) or bulk.' },
  expires_at: {
    'zh-CN': '应为带时区的 RFC 3339 时间，如 2026-11-11T00:05:00+08:00',
    en: 'Use an RFC 3339 time with its offset, such as 2026-11-11T00:05:00+08:00.',
  },
  return_url: {
    'zh-CN': '应为不含凭据的 http(s) 地址，最长 2048 个字符',
    en: 'Use an absolute http or https address without credentials, at most 2048 characters.',
  },
  description: {
    'zh-CN': '最长 128 个字符，须为 NFC，且不含控制字符或双向文字控制符',
    en: 'At most 128 characters in Unicode NFC, without control or bidirectional-control characters.',
  },
  metadata: {
    'zh-CN': '最多 50 个键；键最长 40、值最长 500 个字符，值须为字符串',
    en: 'At most 50 keys of 1 to 40 characters, with strings of at most 500 characters as values.',
  },
  webhook_url: {
    'zh-CN': '应为公网域名的 https 地址（端口 443 或 8443），不含凭据与 #，最长 2048 个字符',
    en: 'Use an https address with a public host name, port 443 or 8443, without credentials or #, at most 2048 characters.',
  },
  event_types: {
    'zh-CN': '应为互不相同的事件类型，或仅含 "*"（全部）',
    en: 'Give different types of events (docs/webhooks.md lists them), or "*" alone for all of them.',
  },
  delivery_id: {
    'zh-CN': '应为投递编号（whd_…）',
    en: 'Give the id of a delivery (whd_…): the last one of the page before.',
  },
  limit: { 'zh-CN': '应为 1 至 100 的整数', en: 'A page is 1 to 100 long.' },
  starting_after: {
    'zh-CN': '应为支付编号（pay_…）',
    en: 'Give the id of a payment (pay_…): the last one of the page before.',
  },
  open: { 'zh-CN': '应为 true 或 false', en: 'Use true or false.' },
  worklist_item: {
    'zh-CN': '应为待办编号（wrk_…）',
    en: 'Give the id of an item (wrk_…): the last one of the page before.',
  },
  note: {
    'zh-CN': '应为 1 至 128 个字符，须为 NFC，且不含控制字符或双向文字控制符',
    en: 'A note is 1 to 128 characters in Unicode NFC, without control or bidirectional-control characters.',
  },
  ...OPERATOR_FIELD_RULES,
  card_number: { 'zh-CN': '含有卡号', en: 'This holds a card number.' },
  not_utf8: { 'zh-CN': '请求体不是有效的 UTF-8', en: 'The body is not valid UTF-8.' },
  byte_order_mark: {
    'zh-CN': '请求体以字节顺序标记开头',
    en: 'The body begins with a byte order mark; send it without.',
  },
  syntax: { 'zh-CN': 'JSON 语法错误', en: 'The body is not JSON: a syntax error, or something after its end.' },
  too_deep: { 'zh-CN': '嵌套超过 8 层', en: 'The body is nested more than 8 deep.' },
  too_many_keys: { 'zh-CN': '键超过 64 个', en: 'The body has more than 64 keys.' },
  duplicate_key: { 'zh-CN': '同一对象中有重复的键', en: 'An object has the same key twice.' },
  forbidden_key: {
    'zh-CN': '不得使用键 __proto__、constructor、prototype',
    en: 'The keys __proto__, constructor and prototype are not accepted.',
  },
  broken_text: { 'zh-CN': '文本含有不成对的代理字符', en: 'A text holds half of a surrogate pair.' },
} as const satisfies Record<string, FieldRule>;

export type FieldCode = keyof typeof FIELD_RULES;

/** What class-validator carries as its message: the rule's code. */
export function rule(code: FieldCode): { readonly message: FieldCode } {
  return { message: code };
}

/** Is this text a rule's code? Messages of class-validator's own, such as those about unknown fields, are not. */
export function isFieldCode(text: string): text is FieldCode {
  return Object.hasOwn(FIELD_RULES, text);
}
