/** The operations that are not for merchants: banks' notifications, health, metrics, and the documents about the API itself. */
import { HealthResponse } from '../service/health.response';
import type { OperationDescription } from './operation';

/** A document that anybody may read. */
const page = (id: string, path: string, summary: string, as: string, sample: unknown): OperationDescription => ({
  id,
  tag: 'service',
  method: 'get',
  path,
  key: 'none',
  summary,
  description: `${summary}.`,
  answers: [{ status: 200, description: summary, as, examples: { page: sample } }],
  errors: [],
});

export const SERVICE_OPERATIONS: readonly OperationDescription[] = [
  {
    id: 'receiveNotification',
    tag: 'notifications',
    method: 'post',
    path: '/v1/notifications/{channel_id}',
    key: 'none',
    summary: 'A bank tells us something',
    description:
      'For banks. The body is taken as raw bytes, in the bank’s own protocol, and its signature is checked by the channel’s connector. ' +
      '200: taken, do not repeat. 400: not taken, repeating does not help. 503: repeat later.',
    parameters: [
      {
        name: 'channel_id',
        in: 'path',
        required: true,
        description: 'The channel it is about.',
        schema: { type: 'string' },
        example: 'icbc.quickpay',
      },
    ],
    body: { as: '*/*', examples: { rest: { reference: '5CQ2V9H0T4K8M1N7XWZA', status: 'OK' } } },
    answers: [{ status: 200, description: 'Taken.', as: 'text/plain', examples: { taken: 'OK' } }],
    errors: ['notification_rejected', 'not_found', 'body_too_large', 'storage_unavailable', 'journal_unreadable'],
  },
  {
    id: 'isAlive',
    tag: 'service',
    method: 'get',
    path: '/health/live',
    key: 'none',
    summary: 'Is the process alive',
    description: 'Asks nobody else: if this fails, restart the process.',
    answers: [
      { status: 200, description: 'Alive.', body: HealthResponse, examples: { alive: { status: 'ok', parts: {} } } },
    ],
    errors: [],
  },
  {
    id: 'isReady',
    tag: 'service',
    method: 'get',
    path: '/health/ready',
    key: 'none',
    summary: 'May it be sent traffic',
    description:
      'PostgreSQL is needed; Redis is reported, since payments go on without it. 503 while starting, draining, or without PostgreSQL.',
    answers: [
      {
        status: 200,
        description: 'Ready.',
        body: HealthResponse,
        examples: { ready: { status: 'ok', parts: { postgres: 'ok', redis: 'ok' } } },
      },
      {
        status: 503,
        description: 'Not ready.',
        body: HealthResponse,
        examples: { draining: { status: 'draining', parts: { postgres: 'ok', redis: 'ok' } } },
      },
    ],
    errors: [],
  },
  page(
    'metrics',
    '/metrics',
    'Metrics in Prometheus’ text format',
    'text/plain',
    '# HELP sluice_http_requests_total …',
  ),
  page('openApi', '/openapi.json', 'This document', 'application/json', { openapi: '3.1.0' }),
  page(
    'reference',
    '/reference',
    'The same for people, without scripts or fonts from elsewhere',
    'text/html',
    '<!doctype html>…',
  ),
  page('llmsText', '/llms.txt', 'The API in one page of text, for language models', 'text/plain', '# Sluice …'),
  {
    id: 'explainError',
    tag: 'service',
    method: 'get',
    path: '/errors/{code}',
    key: 'none',
    summary: 'What an error code means',
    description: 'The address in the `type` of every error.',
    parameters: [
      {
        name: 'code',
        in: 'path',
        required: true,
        description: 'An error code.',
        schema: { type: 'string' },
        example: 'idempotency_key_missing',
      },
    ],
    answers: [
      {
        status: 200,
        description: 'Its section of docs/errors.md.',
        as: 'text/markdown',
        examples: { page: '### idempotency_key_missing\n…' },
      },
    ],
    errors: ['not_found'],
  },
];
