/** Operations for operators: the worklist here, limits and orders beside it. */
import { SettleWorklistItemRequest } from '../worklist/settle-worklist-item.request';
import { WorklistItemResponse, WorklistResponse } from '../worklist/worklist-item.response';
import { LIMIT_OPERATIONS } from './limit-operations';
import type { OperationDescription } from './operation';
import { WITH_KEY } from './operator-parameters';
import { ORDER_OPERATIONS } from './order-operations';
import { SETTLEMENT_OPERATIONS } from './settlement-operations';

const EXAMPLE_ITEM: WorklistItemResponse = {
  id: 'wrk_42',
  object: 'worklist_item',
  kind: 'break_long',
  subject: 'icbc.quickpay/charge/K7Q2M4ZP6XW3R5T8V9YA',
  payment_id: null,
  leg: null,
  channel: 'icbc.quickpay',
  facts: {
    operation: 'charge',
    reference: 'K7Q2M4ZP6XW3R5T8V9YA',
    bank: {
      day: '2026-11-11',
      position: 1,
      amount: { value: 12800, currency: 'CNY' },
      transaction: 'ICBC2026111100000001',
      original_reference: null,
    },
    ours: null,
  },
  created_at: '2026-11-12T01:00:00.000Z',
  settled_at: null,
  settled_by: null,
  note: null,
  proposal: null,
};

const EXAMPLE_SETTLED: WorklistItemResponse = {
  ...EXAMPLE_ITEM,
  settled_at: '2026-11-12T01:20:00.000Z',
  settled_by: 'Li Wei',
  note: 'Not ours: the bank booked it under a wrong channel and corrects it today',
};

export const OPERATOR_OPERATIONS: readonly OperationDescription[] = [
  ...LIMIT_OPERATIONS,
  ...ORDER_OPERATIONS,
  ...SETTLEMENT_OPERATIONS,
  {
    id: 'listWorklist',
    tag: 'operators',
    method: 'get',
    path: '/v1/admin/worklist',
    key: 'operator',
    summary: 'What is for people to look at',
    description:
      'Newest first: integrity failures, late successes, unknowns that last, undos that a bank does not acknowledge, and the breaks that ' +
      '`npm run reconcile` found between banks’ statements and the journal. A payment on this list is still worked on: an unknown is still ' +
      'asked about, a reversal still repeated.',
    parameters: [
      {
        name: 'open',
        in: 'query',
        description: '`true`: only open items, `false`: only settled ones; left out: all.',
        schema: { type: 'boolean' },
        example: 'true',
      },
      {
        name: 'limit',
        in: 'query',
        description: 'Length of the page.',
        schema: { type: 'integer', minimum: 1, maximum: 100, default: 50 },
        example: 50,
      },
      {
        name: 'starting_after',
        in: 'query',
        description: 'The last id of the page before.',
        schema: { type: 'string' },
        example: 'wrk_42',
      },
    ],
    answers: [
      {
        status: 200,
        description: 'A page.',
        body: WorklistResponse,
        examples: { open: { object: 'list', data: [EXAMPLE_ITEM], has_more: false } },
      },
    ],
    errors: [...WITH_KEY, 'parameter_invalid'],
  },
  {
    id: 'settleWorklistItem',
    tag: 'operators',
    method: 'post',
    path: '/v1/admin/worklist/{id}/settle',
    key: 'operator',
    summary: 'Take an item off the worklist',
    description:
      'Says that a person has looked, and what they found; it moves no money and no payment. Who settled it and the note go into the audit ' +
      'chain in the same transaction. Settling twice is settling once: the first note stays.',
    parameters: [
      {
        name: 'id',
        in: 'path',
        required: true,
        description: 'Id of the item.',
        schema: { type: 'string' },
        example: 'wrk_42',
      },
    ],
    body: {
      body: SettleWorklistItemRequest,
      as: 'application/json',
      examples: { explained: { note: 'Not ours: the bank booked it under a wrong channel and corrects it today' } },
    },
    answers: [
      {
        status: 200,
        description: 'Settled, now or before.',
        body: WorklistItemResponse,
        examples: { settled: EXAMPLE_SETTLED },
      },
    ],
    errors: [
      ...WITH_KEY,
      'malformed_json',
      'body_too_large',
      'unsupported_media_type',
      'parameter_invalid',
      'card_number_forbidden',
      'not_found',
    ],
  },
];
