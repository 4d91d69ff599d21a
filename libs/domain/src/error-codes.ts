/**
 * Every error code a caller may meet: HTTP status, whether the instruction was accepted, what to do next, and the words in both
 * languages. One table: the API's problem+json, `docs/errors.md` and the typed client all come from it, and a retired code stays
 * listed in RETIRED_ERROR_CODES and is never given another meaning.
 *
 * 429 only for the caller's own quota; 503 for our or a bank's capacity. A bank's decline is data, not an error.
 */
import { FLOW_ERROR_CODES } from './flow-error-codes';
import { OPERATOR_ERROR_CODES } from './operator-error-codes';
import { WEBHOOK_ERROR_CODES } from './webhook-error-codes';

export interface ErrorDefinition {
  readonly status: number;
  readonly title: string;
  /** Was the instruction accepted? `unknown`: it may have been; repeat with the same key to learn. */
  readonly accepted: boolean | 'unknown';
  /** May the same request be repeated, and with the same idempotency key? `null`: repeating changes nothing. */
  readonly retry: { readonly safe: boolean; readonly same_key: boolean; readonly after_ms: number } | null;
  /** What happened and what to do, for whoever reads it at the cashier or in a log. */
  readonly message: { readonly 'zh-CN': string; readonly en: string };
}

const FIX = null;
const SAME_KEY = (after_ms: number) => ({ safe: true, same_key: true, after_ms });

export const ERROR_CODES = {
  idempotency_key_missing: {
    status: 400,
    title: 'Idempotency-Key is missing',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': '缺少 Idempotency-Key 请求头：请为每笔指令生成一个唯一值',
      en: 'Send an Idempotency-Key header: one unique value per instruction.',
    },
  },
  idempotency_key_invalid: {
    status: 400,
    title: 'Idempotency-Key is not usable',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': 'Idempotency-Key 须为 1 至 255 个可见 ASCII 字符',
      en: 'An Idempotency-Key is 1 to 255 visible ASCII characters.',
    },
  },
  malformed_json: {
    status: 400,
    title: 'The body is not the JSON we accept',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': '请求体不是可接受的 JSON（语法、重复键、过深或禁用的键）',
      en: 'The body is not acceptable JSON (syntax, duplicate keys, too deep, or a forbidden key).',
    },
  },
  malformed_request: {
    status: 400,
    title: 'This is not the HTTP we accept',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': '无法解析该 HTTP 请求（地址或请求头格式错误）',
      en: 'The request line or a header cannot be read; check the address and the headers.',
    },
  },
  notification_rejected: {
    status: 400,
    title: 'The notification was not taken',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': '通知未被接受：签名无效、内容无法识别，或与任何支付无关',
      en: 'The notification’s signature is wrong, it cannot be read, or it is about no payment of ours.',
    },
  },
  api_key_invalid: {
    status: 401,
    title: 'API key is missing or not known',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': 'API 密钥缺失或无效：请使用 Authorization: Bearer <密钥>',
      en: 'Send Authorization: Bearer <api key> with a key of this environment.',
    },
  },
  permission_denied: {
    status: 403,
    title: 'This key may not do that',
    accepted: false,
    retry: FIX,
    message: { 'zh-CN': '该密钥无此权限', en: 'This key has no right to that; use a key with the needed role.' },
  },
  not_found: {
    status: 404,
    title: 'There is no such object',
    accepted: false,
    retry: FIX,
    message: { 'zh-CN': '对象不存在，或不属于该商户', en: 'No such object, or it belongs to another merchant.' },
  },
  ...WEBHOOK_ERROR_CODES,
  ...OPERATOR_ERROR_CODES,
  channel_unknown: {
    status: 422,
    title: 'There is no such channel',
    accepted: false,
    retry: FIX,
    message: { 'zh-CN': '渠道不存在：请查询 GET /v1/channels', en: 'No such channel; GET /v1/channels lists them.' },
  },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed here',
    accepted: false,
    retry: FIX,
    message: { 'zh-CN': '该地址不支持此方法', en: 'This address does not take that method.' },
  },
  request_timeout: {
    status: 408,
    title: 'The request came too slowly',
    accepted: false,
    retry: SAME_KEY(0),
    message: {
      'zh-CN': '请求未在时限内到达（请求头 5 秒，整个请求 10 秒）',
      en: 'The request did not arrive in time: headers within 5 s, all of it within 10 s. Repeat with the same key.',
    },
  },
  order_no_conflict: {
    status: 409,
    title: 'The order number is taken',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': '商户订单号已被另一笔支付使用（不同的幂等键）',
      en: 'Another payment, with another idempotency key, has this merchant_order_no; see payment_id.',
    },
  },
  idempotency_in_progress: {
    status: 409,
    title: 'The first request with this key is still running',
    accepted: 'unknown',
    retry: SAME_KEY(500),
    message: {
      'zh-CN': '同一幂等键的首个请求仍在处理，请稍后用相同的键重试',
      en: 'The first request with this key is still being committed; repeat with the same key.',
    },
  },
  payment_final: {
    status: 409,
    title: 'The payment is final',
    accepted: false,
    retry: FIX,
    message: { 'zh-CN': '支付已是终态，不能再更改', en: 'The payment is final and cannot change; read it.' },
  },
  already_submitted: {
    status: 409,
    title: 'Too late: the payment is with a bank',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': '支付已提交银行，无法取消或更换；请等待结果',
      en: 'The payment is already with a bank; wait for its outcome.',
    },
  },
  payment_not_refundable: {
    status: 409,
    title: 'The payment cannot be refunded',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': '只有支付成功的款项才能退款；请先查询支付状态',
      en: 'Only a payment that succeeded can be refunded; read it, and cancel it if it is still open.',
    },
  },
  refund_limit_reached: {
    status: 409,
    title: 'The payment has too many refunds',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': '每笔支付最多退款 100 次；剩余金额请联系运营人员处理',
      en: 'A payment has at most 100 refunds; ask an operator to return what is left.',
    },
  },
  refund_exceeds_captured: {
    status: 422,
    title: 'The refund is larger than what is left',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': '退款金额超过可退余额，详见 refundable_minor',
      en: 'The refunds of a payment never exceed what was captured; see refundable_minor for what is left.',
    },
  },
  refund_not_supported: {
    status: 422,
    title: 'The channel cannot refund a part',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': '该渠道不支持部分退款，请全额退款',
      en: 'This channel gives back all of a payment or nothing; leave amount out.',
    },
  },
  refund_currency_mismatch: {
    status: 422,
    title: 'The refund is in another currency than the payment',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': '退款币种须与支付币种一致',
      en: 'A refund goes back in the currency in which the payment was taken.',
    },
  },
  event_cursor_invalid: {
    status: 400,
    title: 'Last-Event-ID is not an event of this payment',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': 'Last-Event-ID 无效：应为该支付的事件序号',
      en: 'Last-Event-ID is the id of an event of this payment: a whole number.',
    },
  },
  body_too_large: {
    status: 413,
    title: 'The body is too large',
    accepted: false,
    retry: FIX,
    message: { 'zh-CN': '请求体超过 16 KiB', en: 'A body is at most 16 KiB.' },
  },
  unsupported_media_type: {
    status: 415,
    title: 'Send application/json',
    accepted: false,
    retry: FIX,
    message: { 'zh-CN': '请使用 Content-Type: application/json', en: 'Send Content-Type: application/json (UTF-8).' },
  },
  parameter_invalid: {
    status: 422,
    title: 'A field is not valid',
    accepted: false,
    retry: FIX,
    message: { 'zh-CN': '字段无效，详见 errors', en: 'A field is not valid; errors[] names each by JSON Pointer.' },
  },
  idempotency_key_reused: {
    status: 422,
    title: 'The key was used with another body',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': '该幂等键已用于不同的请求体：新的指令请用新的键',
      en: 'This key belongs to another body; a new instruction needs a new key.',
    },
  },
  card_number_forbidden: {
    status: 422,
    title: 'A card number was sent',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': '字段中含有卡号：请只发送令牌',
      en: 'A field holds a card number; send a token, never a card number. Nothing was stored.',
    },
  },
  instrument_unknown: {
    status: 422,
    title: 'The instrument is not known',
    accepted: false,
    retry: FIX,
    message: { 'zh-CN': '支付工具令牌不存在，或不属于该商户', en: 'No such instrument token for this merchant.' },
  },
  amount_out_of_range: {
    status: 422,
    title: 'The amount is outside the channel’s caps',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': '金额超出该渠道单笔限额',
      en: 'The amount is outside what this channel takes in one payment; offer another instrument.',
    },
  },
  currency_unsupported: {
    status: 422,
    title: 'The channel does not take this currency',
    accepted: false,
    retry: FIX,
    message: { 'zh-CN': '该渠道不支持此币种', en: 'This channel does not take the currency.' },
  },
  deadline_passed: {
    status: 422,
    title: 'expires_at is too soon',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': 'expires_at 已过，或早于银行处理所需时间',
      en: 'expires_at has passed, or leaves a bank no time to answer.',
    },
  },
  headers_too_large: {
    status: 431,
    title: 'The headers are too large',
    accepted: false,
    retry: FIX,
    message: { 'zh-CN': '请求头超过 16 KiB', en: 'All headers together are at most 16 KiB.' },
  },
  ...FLOW_ERROR_CODES,
  storage_unavailable: {
    status: 503,
    title: 'The journal cannot be reached',
    // This request was not accepted; whether an earlier one with the same key was cannot be looked up now.
    accepted: 'unknown',
    retry: SAME_KEY(1000),
    message: {
      'zh-CN': '系统暂时无法受理，本次请求未被接受；请用相同的键重试以得知此前是否已受理',
      en: 'The journal cannot be reached and this request was not stored. Repeat with the same key: it also tells whether an earlier one was.',
    },
  },
  acceptance_unknown: {
    status: 503,
    title: 'Whether it was accepted is not known yet',
    accepted: 'unknown',
    retry: SAME_KEY(1000),
    message: {
      'zh-CN': '受理结果未知，请用相同的键重试以得知结果',
      en: 'Whether the instruction was accepted is not known; repeat with the same key to learn.',
    },
  },
  journal_unreadable: {
    status: 503,
    title: 'The journal cannot be read',
    accepted: 'unknown',
    retry: SAME_KEY(1000),
    message: {
      'zh-CN': '暂时无法读取，已受理的指令不受影响，请稍后重试',
      en: 'The journal cannot be read now; what was accepted stands. Repeat later.',
    },
  },
  router_overloaded: {
    status: 503,
    title: 'The router is overloaded',
    accepted: false,
    retry: SAME_KEY(1000),
    message: {
      'zh-CN': '系统繁忙，指令未被接受，请稍后用相同的键重试',
      en: 'The router is overloaded; nothing was accepted. Repeat later with the same key.',
    },
  },
  internal_error: {
    status: 500,
    title: 'We failed',
    accepted: 'unknown',
    retry: SAME_KEY(1000),
    message: {
      'zh-CN': '系统内部错误，请用相同的键重试或查询订单',
      en: 'Something failed on our side; repeat with the same key, or look the order up.',
    },
  },
} as const satisfies Record<string, ErrorDefinition>;

/** A stable word a program may switch on. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** Codes once in use; never to be given another meaning. */
export const RETIRED_ERROR_CODES: readonly string[] = [];

/** The definition of a code, widened: what every code has. */
export function errorDefinition(code: ErrorCode): ErrorDefinition {
  return ERROR_CODES[code];
}
