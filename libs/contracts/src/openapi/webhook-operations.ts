/** Webhooks: the operations on endpoints and deliveries, and the message that a receiver gets. */
import { PaymentEventResponse } from '../payments/payment.response';
import { CreateWebhookEndpointRequest } from '../webhooks/create-webhook-endpoint.request';
import {
  WebhookDeliveryListResponse,
  WebhookDeliveryResponse,
  WebhookEndpointListResponse,
  WebhookEndpointResponse,
  WebhookEndpointWithSecretResponse,
} from '../webhooks/webhook.response';
import { EXAMPLE_EVENT, EXAMPLE_PAYMENT_ID } from './examples';
import type { OperationDescription, ParameterDescription } from './operation';

const EXAMPLE_ENDPOINT: WebhookEndpointResponse = {
  id: 'whe_01m80jktghe4fbqfv67qr043d5',
  object: 'webhook_endpoint',
  url: 'https://shop.example.com/hooks/sluice',
  event_types: ['*'],
  enabled: true,
  disabled_reason: null,
  previous_secret_until: null,
  created_at: '2026-11-10T15:30:00.000Z',
};
const EXAMPLE_WITH_SECRET: WebhookEndpointWithSecretResponse = {
  ...EXAMPLE_ENDPOINT,
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
};
const EXAMPLE_DELIVERY: WebhookDeliveryResponse = {
  id: 'whd_01m80jktghe4fbqfv67qr043d4_3_01m80jktghe4fbqfv67qr043d5',
  object: 'webhook_delivery',
  endpoint: EXAMPLE_ENDPOINT.id,
  payment: EXAMPLE_PAYMENT_ID,
  version: 3,
  type: 'payment.succeeded',
  status: 'delivered',
  tries: 1,
  next_attempt_at: null,
  last_attempt_at: '2026-11-10T16:00:03.402Z',
  last_status: 200,
  last_error: null,
  delivered_at: '2026-11-10T16:00:03.431Z',
  created_at: '2026-11-10T16:00:03.377Z',
};

/** The message: `webhooks` of the document. */
export const WEBHOOK_MESSAGE = {
  summary: 'An event of a payment',
  description:
    'Sent to every endpoint that asked for its type, at least once, and for one payment in the order of its versions: a later event ' +
    'waits for the one before it. The body is the event as the payment’s stream gives it, with the payment as it is at the time of ' +
    'sending. Verify the signature over the raw bytes, remember `webhook-id`, answer 2xx within 15 s. Anything else, redirects ' +
    'included, is tried again: ten times over 75 hours. 410 closes the endpoint.',
  headers: {
    'webhook-id': 'Id of the delivery, the same in every repetition: what you have seen you need not do again.',
    'webhook-timestamp': 'Seconds since 1970, of this try; signed. Refuse what is older than five minutes.',
    'webhook-signature': 'One `v1,` signature for each live secret, parted by spaces (Standard Webhooks, HMAC-SHA256).',
  },
  body: PaymentEventResponse,
  examples: { succeeded: EXAMPLE_EVENT },
} as const;

const ENDPOINT_ID: ParameterDescription = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'Id of the endpoint.',
  schema: { type: 'string' },
  example: EXAMPLE_ENDPOINT.id,
};

const WITH_KEY = ['api_key_invalid', 'permission_denied', 'journal_unreadable'] as const;

export const WEBHOOK_OPERATIONS: readonly OperationDescription[] = [
  {
    id: 'createWebhookEndpoint',
    tag: 'webhooks',
    method: 'post',
    path: '/v1/webhook_endpoints',
    key: 'merchant',
    summary: 'Be told about payments',
    description:
      'From now on every event of your payments is sent there. The secret that signs them is in this answer and in no other. An answer ' +
      'that got lost cannot be had again: the address is then taken, so rotate the secret of the endpoint in the list.',
    body: {
      body: CreateWebhookEndpointRequest,
      as: 'application/json',
      examples: {
        all: { url: EXAMPLE_ENDPOINT.url },
        some: { url: EXAMPLE_ENDPOINT.url, event_types: ['payment.succeeded', 'payment.failed'] },
      },
    },
    answers: [
      {
        status: 201,
        description: 'Made, with its secret.',
        body: WebhookEndpointWithSecretResponse,
        examples: { made: EXAMPLE_WITH_SECRET },
        headers: { Location: 'Address of the endpoint.' },
      },
    ],
    errors: [
      ...WITH_KEY,
      'malformed_json',
      'body_too_large',
      'unsupported_media_type',
      'parameter_invalid',
      'card_number_forbidden',
      'webhook_url_taken',
      'webhook_endpoints_full',
    ],
  },
  {
    id: 'listWebhookEndpoints',
    tag: 'webhooks',
    method: 'get',
    path: '/v1/webhook_endpoints',
    key: 'merchant',
    summary: 'All endpoints',
    description: 'Oldest first; at most 16. Secrets are not shown.',
    answers: [
      {
        status: 200,
        description: 'All of them.',
        body: WebhookEndpointListResponse,
        examples: { endpoints: { object: 'list', data: [EXAMPLE_ENDPOINT], has_more: false } },
      },
    ],
    errors: WITH_KEY,
  },
  {
    id: 'getWebhookEndpoint',
    tag: 'webhooks',
    method: 'get',
    path: '/v1/webhook_endpoints/{id}',
    key: 'merchant',
    summary: 'One endpoint',
    description: 'Without its secret.',
    parameters: [ENDPOINT_ID],
    answers: [
      {
        status: 200,
        description: 'The endpoint.',
        body: WebhookEndpointResponse,
        examples: { endpoint: EXAMPLE_ENDPOINT },
      },
    ],
    errors: [...WITH_KEY, 'not_found'],
  },
  {
    id: 'deleteWebhookEndpoint',
    tag: 'webhooks',
    method: 'delete',
    path: '/v1/webhook_endpoints/{id}',
    key: 'merchant',
    summary: 'Be told no more',
    description: 'What has not been delivered there is not delivered any more. Its address is free again.',
    parameters: [ENDPOINT_ID],
    answers: [{ status: 204, description: 'Gone.' }],
    errors: [...WITH_KEY, 'not_found'],
  },
  {
    id: 'rotateWebhookSecret',
    tag: 'webhooks',
    method: 'post',
    path: '/v1/webhook_endpoints/{id}/rotate_secret',
    key: 'merchant',
    summary: 'Change the secret',
    description:
      'The new secret is in this answer and in no other. For 24 hours deliveries carry two signatures, by the new secret and by the one ' +
      'before it; then the new one alone signs. Rotating again within that time ends the oldest at once.',
    parameters: [ENDPOINT_ID],
    answers: [
      {
        status: 200,
        description: 'Changed, with the new secret.',
        body: WebhookEndpointWithSecretResponse,
        examples: { rotated: { ...EXAMPLE_WITH_SECRET, previous_secret_until: '2026-11-11T15:30:00.000Z' } },
      },
    ],
    errors: [...WITH_KEY, 'not_found'],
  },
  {
    id: 'listWebhookDeliveries',
    tag: 'webhooks',
    method: 'get',
    path: '/v1/webhook_endpoints/{id}/deliveries',
    key: 'merchant',
    summary: 'What became of deliveries',
    description: 'Newest payment first, its events newest first.',
    parameters: [
      ENDPOINT_ID,
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
        example: EXAMPLE_DELIVERY.id,
      },
    ],
    answers: [
      {
        status: 200,
        description: 'A page.',
        body: WebhookDeliveryListResponse,
        examples: { page: { object: 'list', data: [EXAMPLE_DELIVERY], has_more: false } },
      },
    ],
    errors: [...WITH_KEY, 'not_found', 'parameter_invalid', 'card_number_forbidden'],
  },
  {
    id: 'redeliverWebhook',
    tag: 'webhooks',
    method: 'post',
    path: '/v1/webhook_deliveries/{id}/redeliver',
    key: 'merchant',
    summary: 'Deliver once more',
    description:
      'Under the same `webhook-id`. What is still pending gets its next try now; what is delivered or dead gets one more try, which ' +
      'later events of the payment wait for.',
    parameters: [
      {
        name: 'id',
        in: 'path',
        required: true,
        description: 'Id of the delivery: the `webhook-id` your receiver saw.',
        schema: { type: 'string' },
        example: EXAMPLE_DELIVERY.id,
      },
    ],
    answers: [
      {
        status: 200,
        description: 'It is due.',
        body: WebhookDeliveryResponse,
        examples: {
          due: { ...EXAMPLE_DELIVERY, status: 'pending', tries: 9, next_attempt_at: '2026-11-10T17:00:00.000Z' },
        },
      },
    ],
    errors: [...WITH_KEY, 'not_found', 'webhook_endpoint_closed'],
  },
];
