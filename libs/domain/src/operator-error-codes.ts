/** The error codes of what operators do: a part of the table in error-codes.ts, which says what the columns mean. */
const FIX = null;

export const OPERATOR_ERROR_CODES = {
  revision_required: {
    status: 428,
    title: 'If-Match is missing',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': '请用 If-Match 带上您所看到的限额版本（GET …/limits 返回的 ETag），以免覆盖他人的修改',
      en: 'Send If-Match with the ETag of the limits you have seen (GET …/limits), so that nobody’s change is overwritten unseen.',
    },
  },
  revision_conflict: {
    status: 412,
    title: 'The limits have changed since you read them',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': '限额已被修改：请重新读取、核对差异后再提交',
      en: 'Somebody has changed these limits since: read them again, look at the difference, and decide again.',
    },
  },
  above_contract: {
    status: 422,
    title: 'The limit is beyond the bank’s contract',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': '超出与银行的合同上限，详见 contract_…；如需提高，请先与银行变更合同',
      en: 'The bank has not agreed to that; see contract_… for what it has. Raise the contract with the bank first.',
    },
  },
  revision_unknown: {
    status: 422,
    title: 'There is no such revision',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': '该限额版本不存在，或尚未生效；请查询 GET …/limits/revisions',
      en: 'No such revision of these limits has ever been in force; GET …/limits/revisions lists them.',
    },
  },
  limit_changes_full: {
    status: 409,
    title: 'Too many changes of these limits are pending',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': '该渠道待生效或将到期的限额变更已达 16 项：请先撤销不再需要的变更',
      en: 'A channel has at most 16 changes that begin or end later; call one off first.',
    },
  },
  change_settled: {
    status: 409,
    title: 'The change is in force for good',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': '该变更已长期生效，无法撤销；请另作修改，或回滚到此前的版本',
      en: 'The change has begun and has no end, so there is nothing to call off; make another change, or roll back.',
    },
  },
  order_over: {
    status: 409,
    title: 'The order is over',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': '该指令已解除或已到期',
      en: 'The order was released before, or has ended by itself; nothing was changed.',
    },
  },
  orders_full: {
    status: 409,
    title: 'Too many orders stand about this target',
    accepted: false,
    retry: FIX,
    message: {
      'zh-CN': '该对象的有效指令与维护窗口已达 32 项：请先解除不再需要的',
      en: 'At most 32 orders and windows stand about one target; release those that are no longer needed.',
    },
  },
} as const;
