/** Rules of the fields by which two persons settle an integrity failure. */
export const SETTLEMENT_FIELD_RULES = {
  settlement_outcome: {
    'zh-CN': '应为 succeeded（银行账上现为正确的扣款）或 declined（银行账上已无扣款）',
    en: 'Use succeeded (the bank’s books show the right charge now) or declined (they show none any more).',
  },
  bank_transaction: {
    'zh-CN': '结果为 succeeded 时须提供银行交易号，为 declined 时不得提供；1 至 128 个可见 ASCII 字符',
    en: 'Give the bank’s transaction number with succeeded, and only then: 1 to 128 visible ASCII characters.',
  },
  proposal: {
    'zh-CN': '应为所审阅提案的编号',
    en: 'Give the number of the proposal that you have read.',
  },
} as const;
