/** Why a payment stands where it stands, and why a bank said no, in the words of the cashier page. */
import type { DeclineReason } from '#domain';
import { ERROR_CODES, errorDefinition } from '#domain';
import type { ErrorCode } from '#domain';
import { FLOW_REASON_WORDS } from './flow-reason-words';
import type { MessageResponse } from './message.response';

export const DECLINE_WORDS: Readonly<Record<DeclineReason, MessageResponse>> = {
  insufficient_funds: { 'zh-CN': '余额不足，请更换支付方式', en: 'Insufficient funds; use another instrument.' },
  card_limit: { 'zh-CN': '超出银行卡限额，请更换支付方式', en: 'The card’s limit is reached; use another instrument.' },
  card_invalid: { 'zh-CN': '银行卡不可用，请更换支付方式', en: 'The card cannot be used; use another instrument.' },
  risk: { 'zh-CN': '银行拒绝了此笔支付，请更换支付方式', en: 'The bank refused this payment; use another instrument.' },
  auth_required: { 'zh-CN': '银行要求重新验证身份', en: 'The bank wants the payer to authenticate again.' },
  bank_unavailable: {
    'zh-CN': '银行系统繁忙，请更换支付方式',
    en: 'The bank is not available; use another instrument.',
  },
  canceled_by_payer: { 'zh-CN': '付款人已取消', en: 'The payer canceled at the bank.' },
  expired: { 'zh-CN': '在银行页面超时未付款', en: 'The payer did not pay in time at the bank.' },
  duplicate: { 'zh-CN': '银行认为是重复支付', en: 'The bank takes it for a duplicate.' },
  refused_late: { 'zh-CN': '请求过期，银行未受理', en: 'The request came too late and the bank did not take it.' },
  not_permitted: { 'zh-CN': '银行不允许此类交易', en: 'The bank does not permit this transaction.' },
  other: { 'zh-CN': '银行拒绝了此笔支付', en: 'The bank declined this payment.' },
};

const REASON_WORDS: Readonly<Record<string, MessageResponse>> = {
  declined: { 'zh-CN': '银行拒绝了此笔支付', en: 'The bank declined.' },
  not_sent: { 'zh-CN': '尚未发送至银行，将自动重试', en: 'Nothing reached the bank; it goes again by itself.' },
  channel_unreachable: {
    'zh-CN': '银行通道无法连接，未扣款',
    en: 'The bank’s channel could not be reached; nothing was charged.',
  },
  unknown: {
    'zh-CN': '银行结果未知，正在查询；请勿以其他方式重复付款',
    en: 'The bank has not said what became of it; we keep asking. Do not take the money another way.',
  },
  integrity_failure: {
    'zh-CN': '银行扣款与指令不符，人工处理中；请勿发货',
    en: 'What the bank charged is not what was asked; a person is looking at it. Do not release the goods.',
  },
  fenced_by_time: {
    'zh-CN': '银行确认未扣款',
    en: 'The bank can no longer charge it: it came too late and is not there.',
  },
  late_success: {
    'zh-CN': '支付结束后银行又扣款，将自动退回',
    en: 'The bank charged after the payment had ended; the money goes back.',
  },
  reversing: {
    'zh-CN': '正在向银行撤销该笔交易；请勿以其他方式重复付款',
    en: 'The bank is asked to undo it; until it has, do not take the money another way.',
  },
  reversed: { 'zh-CN': '银行已撤销，未扣款或已全额退回', en: 'The bank has undone it: nothing is charged.' },
  settled_by_persons: { 'zh-CN': '经两名运营人员核实后处理', en: 'Two operators have settled it.' },
  switched_by_payer: { 'zh-CN': '付款人已更换支付方式', en: 'The payer took another instrument.' },
  canceled_by_merchant: { 'zh-CN': '商户已取消', en: 'Canceled by the merchant.' },
  ...FLOW_REASON_WORDS,
  deadline_passed: { 'zh-CN': '已超过支付期限，未扣款', en: 'Its deadline passed; nothing was charged.' },
};

const OTHER: MessageResponse = { 'zh-CN': '详见 code', en: 'See the code.' };

/** Words for a reason's code: its own, or those of the error with the same code. A code without words is still a code. */
export function reasonWords(code: string): MessageResponse {
  if (Object.hasOwn(REASON_WORDS, code)) return REASON_WORDS[code]!;
  return Object.hasOwn(ERROR_CODES, code) ? errorDefinition(code as ErrorCode).message : OTHER;
}
