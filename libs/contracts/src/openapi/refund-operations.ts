/** Refunds: the operations on money that goes back. */
import { CreateRefundRequest } from '../refunds/create-refund.request';
import { RefundListResponse, RefundResponse } from '../refunds/refund.response';
import { EXAMPLE_PAYMENT_ID } from './examples';
import type { OperationDescription, ParameterDescription } from './operation';

const REQUESTED: RefundResponse = {
  id: 'ref_01m80jktghe4fbqfv67qr043d6',
  object: 'refund',
  payment: EXAMPLE_PAYMENT_ID,
  kind: 'merchant',
  status: 'requested',
  amount: { value: 5000, currency: 'CNY' },
  reason: '缺货退款',
  channel: 'icbc.quickpay',
  bank_reference: 'R3T5V7X9Z2B4D6F8H2JA',
  bank_transaction_id: null,
  bank_code: null,
  bank_message: null,
  created_at: '2026-11-12T02:00:00.000Z',
  updated_at: '2026-11-12T02:00:00.000Z',
  settled_at: null,
};
const SUCCEEDED: RefundResponse = {
  ...REQUESTED,
  status: 'succeeded',
  bank_transaction_id: 'ICBC20261112000000091',
  updated_at: '2026-11-12T02:00:00.412Z',
  settled_at: '2026-11-12T02:00:00.412Z',
};

const PAYMENT_ID: ParameterDescription = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'Id of the payment.',
  schema: { type: 'string' },
  example: EXAMPLE_PAYMENT_ID,
};

const WITH_KEY = ['api_key_invalid', 'permission_denied'] as const;

/** @param idempotencyKey the header, as every instruction that moves money takes it */
export const refundOperations = (idempotencyKey: ParameterDescription): readonly OperationDescription[] => [
  {
    id: 'createRefund',
    tag: 'payments',
    method: 'post',
    path: '/v1/payments/{id}/refunds',
    key: 'merchant',
    summary: 'Give money back, all of it or a part',
    description:
      'Answers 202 once the refund is durable; it is carried to the bank over the channel that took the money, and ends `succeeded` or ' +
      '`declined`, whatever fails. Several may be asked for; their sum never exceeds what was captured. Its events are the payment’s: ' +
      '`refund.created`, `refund.succeeded`, `refund.declined`, `refund.unknown`. Repeat with the same Idempotency-Key after any doubt.',
    parameters: [PAYMENT_ID, idempotencyKey],
    body: {
      body: CreateRefundRequest,
      as: 'application/json',
      examples: { part: { amount: { value: 5000, currency: 'CNY' }, reason: '缺货退款' }, all: {} },
    },
    answers: [
      {
        status: 202,
        description: 'Accepted: durable, and on its way to the bank.',
        body: RefundResponse,
        examples: { requested: REQUESTED },
        headers: {
          Location: 'Address of the refund.',
          'Idempotent-Replayed': '`true` where this is the first answer given again.',
        },
      },
    ],
    errors: [
      ...WITH_KEY,
      'idempotency_key_missing',
      'idempotency_key_invalid',
      'idempotency_key_reused',
      'malformed_json',
      'body_too_large',
      'unsupported_media_type',
      'parameter_invalid',
      'card_number_forbidden',
      'not_found',
      'payment_not_refundable',
      'refund_limit_reached',
      'refund_exceeds_captured',
      'refund_not_supported',
      'refund_currency_mismatch',
      'storage_unavailable',
      'acceptance_unknown',
    ],
  },
  {
    id: 'listRefunds',
    tag: 'payments',
    method: 'get',
    path: '/v1/payments/{id}/refunds',
    key: 'merchant',
    summary: 'All refunds of a payment',
    description: 'Newest first, the automatic ones too.',
    parameters: [PAYMENT_ID],
    answers: [
      {
        status: 200,
        description: 'All of them.',
        body: RefundListResponse,
        examples: { refunds: { object: 'list', data: [SUCCEEDED], has_more: false } },
      },
    ],
    errors: [...WITH_KEY, 'journal_unreadable', 'not_found'],
  },
  {
    id: 'getRefund',
    tag: 'payments',
    method: 'get',
    path: '/v1/refunds/{id}',
    key: 'merchant',
    summary: 'Read a refund',
    description: 'To wait for its end, follow the events of its payment.',
    parameters: [{ ...PAYMENT_ID, description: 'Id of the refund.', example: REQUESTED.id }],
    answers: [
      {
        status: 200,
        description: 'The refund as it is now.',
        body: RefundResponse,
        examples: { succeeded: SUCCEEDED },
      },
    ],
    errors: [...WITH_KEY, 'journal_unreadable', 'not_found'],
  },
];
