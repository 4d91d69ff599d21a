/** Every operation of the API, once. `openapi.json`, the reference page, `llms.txt` and the typed client are made from this list. */
import { CreatePaymentRequest } from '../payments/create-payment.request';
import { PaymentListResponse, PaymentResponse } from '../payments/payment.response';
import { SwitchPaymentRequest } from '../payments/switch-payment.request';
import { CHANNEL_OPERATIONS } from './channel-operations';
import {
  EXAMPLE_CANCELED,
  EXAMPLE_CANCELING,
  EXAMPLE_CREATE,
  EXAMPLE_CREATE_MINIMAL,
  EXAMPLE_PAYMENT_ID,
  EXAMPLE_QUEUED,
  EXAMPLE_STREAM,
  EXAMPLE_SUCCEEDED,
  EXAMPLE_SWITCH,
  EXAMPLE_SWITCHED,
} from './examples';
import type { OperationDescription, ParameterDescription } from './operation';
import { OPERATOR_OPERATIONS } from './operator-operations';
import { refundOperations } from './refund-operations';
import { SERVICE_OPERATIONS } from './service-operations';
import { EXAMPLE_ADVICE_FRAME, EXAMPLE_CREATE_SUGGESTED, EXAMPLE_QUEUED_CONGESTED } from './suggestion-examples';
import { SUGGESTION_OPERATIONS } from './suggestion-operations';
import { WEBHOOK_OPERATIONS } from './webhook-operations';

const PAYMENT_ID: ParameterDescription = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'Id of the payment.',
  schema: { type: 'string' },
  example: EXAMPLE_PAYMENT_ID,
};

const IDEMPOTENCY_KEY: ParameterDescription = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description:
    'One unique value per instruction, 1 to 255 visible ASCII characters. Keep it with the order until the fate is known.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
  example: '8e03978e-40d5-43e8-bc93-6894a57f9324',
};

/** What every call with a merchant's key may meet. */
const WITH_KEY = ['api_key_invalid', 'permission_denied', 'journal_unreadable'] as const;

/** What every call with a body and an idempotency key may meet. */
const WITH_BODY = [
  'idempotency_key_missing',
  'idempotency_key_invalid',
  'idempotency_key_reused',
  'malformed_json',
  'body_too_large',
  'unsupported_media_type',
  'parameter_invalid',
  'card_number_forbidden',
] as const;

/** What a channel that cannot take a payment is refused with. */
const AT_THE_DOOR = [
  'channel_saturated',
  'deadline_unreachable',
  'channel_breaker_open',
  'channel_maintenance',
  'channel_draining',
  'channel_closed',
] as const;

const PAYMENT_OPERATIONS: readonly OperationDescription[] = [
  {
    id: 'createPayment',
    tag: 'payments',
    method: 'post',
    path: '/v1/payments',
    key: 'merchant',
    summary: 'Post a payment instruction',
    description:
      'Answers 202 once the instruction is durable; from then on it is carried out or ends in a final state, whatever fails. ' +
      'Repeat with the same Idempotency-Key after any doubt: the first answer is given again, word for word, and nothing happens twice. ' +
      'A key never expires, and one order number is one payment for ever. A channel that cannot take the payment in time is refused with 503 ' +
      'before anything is stored: the key stays free, `suggestions` say what will work, and posting with a `suggestion_id` takes it.',
    parameters: [IDEMPOTENCY_KEY],
    body: {
      body: CreatePaymentRequest,
      as: 'application/json',
      examples: { full: EXAMPLE_CREATE, minimal: EXAMPLE_CREATE_MINIMAL, suggested: EXAMPLE_CREATE_SUGGESTED },
    },
    answers: [
      {
        status: 202,
        description:
          'Accepted: durable, and queued for its channel, with its place there. Where the channel is busy, `suggestions` say what would be quicker.',
        body: PaymentResponse,
        examples: { queued: EXAMPLE_QUEUED, congested: EXAMPLE_QUEUED_CONGESTED },
        headers: {
          Location: 'Address of the payment.',
          'Idempotent-Replayed': '`true` where this is the first answer given again.',
        },
      },
    ],
    errors: [
      ...WITH_BODY,
      'api_key_invalid',
      'permission_denied',
      'order_no_conflict',
      'idempotency_in_progress',
      'instrument_unknown',
      'channel_unknown',
      'amount_out_of_range',
      'currency_unsupported',
      'deadline_passed',
      'suggestion_expired',
      'suggestion_mismatch',
      ...AT_THE_DOOR,
      'router_overloaded',
      'storage_unavailable',
      'acceptance_unknown',
    ],
  },
  {
    id: 'getPayment',
    tag: 'payments',
    method: 'get',
    path: '/v1/payments/{id}',
    key: 'merchant',
    summary: 'Read a payment, or wait for its fate',
    description:
      'With `Prefer: wait=N` the answer waits, up to N seconds (at most 30), until the payment is final or needs the payer ' +
      '(`requires_action`, `requires_payment_method`); then it is 200 with the payment as it is. Waiting costs you a connection and us ' +
      'next to nothing: prefer it to polling.',
    parameters: [
      PAYMENT_ID,
      {
        name: 'Prefer',
        in: 'header',
        description: '`wait=N`: answer after at most N seconds (RFC 7240).',
        schema: { type: 'string' },
        example: 'wait=10',
      },
    ],
    answers: [
      {
        status: 200,
        description: 'The payment as it is now.',
        body: PaymentResponse,
        examples: { succeeded: EXAMPLE_SUCCEEDED },
        headers: { 'Preference-Applied': '`wait=N`, where the wait was honoured.' },
      },
    ],
    errors: [...WITH_KEY, 'not_found', 'router_overloaded'],
  },
  {
    id: 'listPayments',
    tag: 'payments',
    method: 'get',
    path: '/v1/payments',
    key: 'merchant',
    summary: 'List payments, or look one up by its order number',
    description: 'Newest first. With `merchant_order_no` the list holds that payment, or nothing.',
    parameters: [
      {
        name: 'merchant_order_no',
        in: 'query',
        description: 'Look this order up; the other parameters are ignored.',
        schema: { type: 'string' },
        example: 'D11-000001',
      },
      {
        name: 'limit',
        in: 'query',
        description: 'Length of the page.',
        schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
        example: 20,
      },
      {
        name: 'starting_after',
        in: 'query',
        description: 'The last id of the page before.',
        schema: { type: 'string' },
        example: EXAMPLE_PAYMENT_ID,
      },
    ],
    answers: [
      {
        status: 200,
        description: 'A page.',
        body: PaymentListResponse,
        examples: { page: { object: 'list', data: [EXAMPLE_SUCCEEDED], has_more: false } },
      },
    ],
    errors: [...WITH_KEY, 'parameter_invalid', 'card_number_forbidden', 'router_overloaded'],
  },
  {
    id: 'cancelPayment',
    tag: 'payments',
    method: 'post',
    path: '/v1/payments/{id}/cancel',
    key: 'merchant',
    summary: 'Cancel a payment',
    description:
      'At once while the payment is `queued` or `requires_payment_method`. While the payer is at the bank’s page (`requires_action`) the bank ' +
      'is asked to close it: 202, and the payment is `canceled` once the bank has acknowledged that. Once it is with a bank otherwise the ' +
      'answer is `already_submitted`: wait for the outcome. It needs no Idempotency-Key and no body, since canceling twice is canceling once: repeat it freely.',
    parameters: [PAYMENT_ID],
    answers: [
      {
        status: 200,
        description: 'Canceled, now or before.',
        body: PaymentResponse,
        examples: { canceled: EXAMPLE_CANCELED },
      },
      {
        status: 202,
        description: 'The bank is asked to close its page; `unknown` until it has.',
        body: PaymentResponse,
        examples: { canceling: EXAMPLE_CANCELING },
      },
    ],
    errors: [...WITH_KEY, 'not_found', 'payment_final', 'already_submitted', 'storage_unavailable'],
  },
  {
    id: 'switchPayment',
    tag: 'payments',
    method: 'post',
    path: '/v1/payments/{id}/switch',
    key: 'merchant',
    summary: 'Take another instrument for the same order',
    description:
      'Works while nothing is at a bank: the payment is `queued`, or a bank has declined and it is `requires_payment_method`. The payer’s ' +
      'new choice takes its place in one step, so the order is never with two banks. Once it is with a bank the answer is ' +
      '`already_submitted`: wait for the outcome.',
    parameters: [PAYMENT_ID, IDEMPOTENCY_KEY],
    body: { body: SwitchPaymentRequest, as: 'application/json', examples: { another_card: EXAMPLE_SWITCH } },
    answers: [
      {
        status: 200,
        description: 'Queued on the new instrument’s channel.',
        body: PaymentResponse,
        examples: { switched: EXAMPLE_SWITCHED },
        headers: { 'Idempotent-Replayed': '`true` where the key had switched it before; the payment is as it is now.' },
      },
    ],
    errors: [
      ...WITH_KEY,
      ...WITH_BODY,
      'not_found',
      'payment_final',
      'already_submitted',
      'instrument_unknown',
      'channel_unknown',
      'amount_out_of_range',
      'currency_unsupported',
      'deadline_passed',
      ...AT_THE_DOOR,
      'suggestion_expired',
      'suggestion_mismatch',
      'storage_unavailable',
    ],
  },
  {
    id: 'streamPaymentEvents',
    tag: 'payments',
    method: 'get',
    path: '/v1/payments/{id}/events',
    key: 'merchant',
    summary: 'Follow a payment',
    description:
      'Server-sent events: first those after `Last-Event-ID` (or `after`), then each one as it happens. `id:` is the payment’s version, ' +
      '`event:` what happened (`payment.succeeded`), `data:` the event with the whole payment. A comment every 15 s keeps the line open. ' +
      'After the last event of a final payment comes `event: done` and the stream ends; asking again after that gives 204, which tells ' +
      'a browser to stop. While the payment waits and its wait gets worse, `event: payment.suggestions` (without id) says what would be quicker. ' +
      'A reader that does not keep up is disconnected and resumes where it was.',
    parameters: [
      PAYMENT_ID,
      {
        name: 'Last-Event-ID',
        in: 'header',
        description: 'The last id you have seen.',
        schema: { type: 'integer', minimum: 0 },
        example: 1,
      },
      {
        name: 'after',
        in: 'query',
        description: 'The same, for a first connection.',
        schema: { type: 'integer', minimum: 0, default: 0 },
        example: 0,
      },
    ],
    answers: [
      {
        status: 200,
        description: 'The stream.',
        as: 'text/event-stream',
        examples: { succeeded: EXAMPLE_STREAM, advised: EXAMPLE_ADVICE_FRAME },
      },
      { status: 204, description: 'The payment is final and you have seen everything: do not come back.' },
    ],
    errors: [...WITH_KEY, 'not_found', 'event_cursor_invalid', 'router_overloaded'],
  },
];

export const OPERATIONS: readonly OperationDescription[] = [
  ...PAYMENT_OPERATIONS,
  ...refundOperations(IDEMPOTENCY_KEY),
  ...SUGGESTION_OPERATIONS,
  ...CHANNEL_OPERATIONS,
  ...WEBHOOK_OPERATIONS,
  ...OPERATOR_OPERATIONS,
  ...SERVICE_OPERATIONS,
];
