/** The error codes about webhook endpoints: a part of the table in error-codes.ts, which says what the columns mean. */
export const WEBHOOK_ERROR_CODES = {
  webhook_url_taken: {
    status: 409,
    title: 'There is a webhook endpoint with this address',
    accepted: false,
    retry: null,
    message: {
      'zh-CN': '该地址已有回调端点：如密钥已丢失，请轮换密钥或删除后重建',
      en: 'An endpoint with this address exists; if its secret is lost, rotate it, or delete the endpoint and create it again.',
    },
  },
  webhook_endpoints_full: {
    status: 409,
    title: 'There are as many webhook endpoints as one merchant may have',
    accepted: false,
    retry: null,
    message: {
      'zh-CN': '回调端点已达上限（16 个）：请先删除不再使用的端点',
      en: 'A merchant has at most 16 webhook endpoints; delete one that is no longer used.',
    },
  },
  webhook_endpoint_closed: {
    status: 409,
    title: 'The webhook endpoint is closed',
    accepted: false,
    retry: null,
    message: {
      'zh-CN': '该回调端点已停用（曾应答 410，或已删除）：请重新创建端点',
      en: 'The endpoint is closed, because it answered 410 or was deleted; create it again.',
    },
  },
} as const;
