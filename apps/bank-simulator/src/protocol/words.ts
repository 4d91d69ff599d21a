/**
 * What can a simulated bank say, and what may its caller conclude?
 *
 * Real banks answer in their own words with a two-character code in the style of ISO 8583 field 39.
 * This table is the whole vocabulary: the code speaks from it, `docs/bank-protocol.md` prints it, and
 * a test holds the two equal. Codes N0-ZZ are ISO 8583's range for private use.
 */
export type Word =
  | 'OK'
  | 'REJECT'
  | 'PENDING'
  | 'ACTION'
  | 'REVERSED'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'BUSY'
  | 'CLOSED'
  | 'INVALID'
  | 'DENIED';

/** What a caller may conclude about the money of one reference when it hears a word. */
export interface WordMeaning {
  readonly word: Word;
  /** HTTP status the word travels with. The signed word counts, not the status. */
  readonly status: 200 | 400 | 401 | 404 | 413 | 503;
  /** Will this bank never say anything else about the reference? */
  readonly final: 'yes' | 'no' | 'this message';
  readonly charged: 'yes' | 'no' | 'not yet' | 'unknown';
  readonly meaning: string;
}

export const WORDS: readonly WordMeaning[] = [
  {
    word: 'OK',
    status: 200,
    final: 'yes',
    charged: 'yes',
    meaning: 'Booked. For a reversal: undone. For a refund: given back. For an echo: here.',
  },
  {
    word: 'REJECT',
    status: 200,
    final: 'yes',
    charged: 'no',
    meaning: 'The bank said no, and stands by it: the same reference gets the same no again. The code says why.',
  },
  {
    word: 'PENDING',
    status: 200,
    final: 'no',
    charged: 'unknown',
    meaning: 'Taken, not decided. Inquire, or wait for the notification.',
  },
  {
    word: 'ACTION',
    status: 200,
    final: 'no',
    charged: 'not yet',
    meaning: 'The payer must act on the page `action_url` before `action_expires_at`.',
  },
  {
    word: 'REVERSED',
    status: 200,
    final: 'yes',
    charged: 'no',
    meaning:
      'Inquiry only: a reversal of this reference was acknowledged. Where the channel does not block late payments, final only if the payment was there when it was reversed (`reversed_minor` > 0).',
  },
  {
    word: 'NOT_FOUND',
    status: 200,
    final: 'no',
    charged: 'unknown',
    meaning: 'Inquiry only: no such reference *now*. It may still come: see "Late requests".',
  },
  {
    word: 'CONFLICT',
    status: 200,
    final: 'this message',
    charged: 'unknown',
    meaning:
      'The reference is known with another amount, currency, instrument or original. This message was ignored; it says nothing about the first one: inquire.',
  },
  {
    word: 'BUSY',
    status: 503,
    final: 'this message',
    charged: 'no',
    meaning: 'Refused at the door: nothing of this message was taken or remembered. The same reference may come again.',
  },
  {
    word: 'CLOSED',
    status: 503,
    final: 'this message',
    charged: 'no',
    meaning: 'Maintenance: as BUSY, until `retry_after_ms` has passed (absent: not announced).',
  },
  {
    word: 'INVALID',
    status: 400,
    final: 'this message',
    charged: 'no',
    meaning: 'The message breaks this protocol (status 400, 404 or 413). Nothing was taken.',
  },
  {
    word: 'DENIED',
    status: 401,
    final: 'this message',
    charged: 'no',
    meaning: 'Signature, key or timestamp is wrong. Nothing was taken.',
  },
];

/** The reason inside a word. Hard: the payer must do something else. Soft: the bank could not. */
export interface CodeMeaning {
  readonly code: string;
  readonly words: readonly Word[];
  readonly kind: 'approved' | 'hard' | 'soft' | 'order' | 'undecided' | 'door' | 'protocol';
  readonly message: string;
  readonly messageZh: string;
}

export const CODES: readonly CodeMeaning[] = [
  { code: '00', words: ['OK'], kind: 'approved', message: 'Approved', messageZh: '交易成功' },
  { code: '05', words: ['REJECT'], kind: 'hard', message: 'Do not honour', messageZh: '发卡行拒绝交易' },
  { code: '14', words: ['REJECT'], kind: 'hard', message: 'Invalid card or agreement', messageZh: '卡号或签约无效' },
  { code: '51', words: ['REJECT'], kind: 'hard', message: 'Insufficient funds', messageZh: '余额不足' },
  { code: '54', words: ['REJECT'], kind: 'hard', message: 'Expired card', messageZh: '卡片已过期' },
  {
    code: '57',
    words: ['REJECT'],
    kind: 'hard',
    message: 'Not permitted on this channel',
    messageZh: '本渠道不支持该交易',
  },
  { code: '61', words: ['REJECT'], kind: 'hard', message: 'Amount limit exceeded', messageZh: '超出限额' },
  { code: '91', words: ['REJECT'], kind: 'soft', message: 'Issuer inoperative', messageZh: '发卡行不可用' },
  { code: '96', words: ['REJECT'], kind: 'soft', message: 'System malfunction', messageZh: '系统故障' },
  {
    code: '68',
    words: ['REJECT'],
    kind: 'order',
    message: 'Too late: its time to be taken or paid had passed',
    messageZh: '超时未受理，订单已关闭',
  },
  {
    code: '17',
    words: ['REJECT', 'REVERSED'],
    kind: 'order',
    message: 'Canceled by the payer or by the caller',
    messageZh: '交易已撤销',
  },
  {
    code: '12',
    words: ['REJECT'],
    kind: 'order',
    message: 'Original transaction is not in a state that allows this',
    messageZh: '原交易状态不允许',
  },
  {
    code: '25',
    words: ['REJECT', 'NOT_FOUND'],
    kind: 'order',
    message: 'No such transaction',
    messageZh: '交易不存在',
  },
  { code: '09', words: ['PENDING'], kind: 'undecided', message: 'In progress', messageZh: '处理中' },
  {
    code: '1A',
    words: ['ACTION'],
    kind: 'undecided',
    message: 'Payer must confirm on the bank page',
    messageZh: '请前往银行页面完成支付',
  },
  {
    code: '94',
    words: ['CONFLICT'],
    kind: 'protocol',
    message: 'Reference already used by another instruction',
    messageZh: '流水号重复且内容不一致',
  },
  { code: 'N1', words: ['BUSY'], kind: 'door', message: 'System busy', messageZh: '系统繁忙，请稍后再试' },
  { code: '90', words: ['CLOSED'], kind: 'door', message: 'Maintenance', messageZh: '系统维护中' },
  { code: '30', words: ['INVALID'], kind: 'protocol', message: 'Format error', messageZh: '报文格式错误' },
  { code: '63', words: ['DENIED'], kind: 'protocol', message: 'Security violation', messageZh: '安全校验失败' },
];
