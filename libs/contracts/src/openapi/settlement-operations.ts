/** Operations by which people settle what no program may decide: two for an integrity failure, one to have an attempt undone. */
import {
  ApproveSettlementRequest,
  ProposeSettlementRequest,
  ReverseAttemptRequest,
} from '../worklist/settlement.request';
import { WorklistItemResponse } from '../worklist/worklist-item.response';
import type { OperationDescription, ParameterDescription } from './operation';

const ID: ParameterDescription = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'Id of the item.',
  schema: { type: 'string' },
  example: 'wrk_43',
};
const ERRORS = [
  'api_key_invalid',
  'permission_denied',
  'journal_unreadable',
  'malformed_json',
  'body_too_large',
  'unsupported_media_type',
  'parameter_invalid',
  'card_number_forbidden',
  'not_found',
] as const;

const PROPOSED: WorklistItemResponse = {
  id: 'wrk_43',
  object: 'worklist_item',
  kind: 'integrity_failure',
  subject: 'pay_01jc9w1f2ve7pbxt3r6m8k4n0a/1',
  payment_id: 'pay_01jc9w1f2ve7pbxt3r6m8k4n0a',
  leg: 1,
  channel: 'icbc.quickpay',
  facts: { message: 'The bank charged 12801 CNY for 12800 CNY', reference: 'K7Q2M4ZP6XW3R5T8V9YA' },
  created_at: '2026-11-11T00:03:00.000Z',
  settled_at: null,
  settled_by: null,
  note: null,
  proposal: {
    number: 7,
    outcome: 'succeeded',
    bank_transaction_id: 'ICBC2026111100000001',
    note: 'Corrected by the bank, see its letter',
    proposed_by: 'Li Wei',
    proposed_at: '2026-11-11T02:00:00.000Z',
    approved_by: null,
  },
};

const APPROVED: WorklistItemResponse = {
  ...PROPOSED,
  settled_at: '2026-11-11T02:10:00.000Z',
  settled_by: 'Li Wei and Chen Jing',
  note: 'Seen in the statement of 11 November',
  proposal: PROPOSED.proposal && { ...PROPOSED.proposal, approved_by: 'Chen Jing' },
};

export const SETTLEMENT_OPERATIONS: readonly OperationDescription[] = [
  {
    id: 'proposeSettlement',
    tag: 'operators',
    method: 'post',
    path: '/v1/admin/worklist/{id}/propose',
    key: 'operator',
    summary: 'Propose how an integrity failure ended',
    description:
      'The first of two persons: the bank charged another amount or currency than was asked, and its books have been put right, or show ' +
      'no charge any more. It moves nothing until another operator approves it. A later proposal takes the place of one that nobody has approved.',
    parameters: [ID],
    body: {
      body: ProposeSettlementRequest,
      as: 'application/json',
      examples: {
        corrected: {
          outcome: 'succeeded',
          bank_transaction_id: 'ICBC2026111100000001',
          note: 'Corrected by the bank, see its letter',
        },
        taken_back: { outcome: 'declined', note: 'The bank has taken its booking back' },
      },
    },
    answers: [{ status: 200, description: 'Proposed.', body: WorklistItemResponse, examples: { proposed: PROPOSED } }],
    errors: ERRORS,
  },
  {
    id: 'approveSettlement',
    tag: 'operators',
    method: 'post',
    path: '/v1/admin/worklist/{id}/approve',
    key: 'operator',
    summary: 'Approve what another operator proposed',
    description:
      'The second person: attempt, payment, item and audit chain move in one transaction. Whoever proposed it cannot approve it; PostgreSQL ' +
      'holds that too. Name the proposal that you have read: one that came since is not approved with it.',
    parameters: [ID],
    body: {
      body: ApproveSettlementRequest,
      as: 'application/json',
      examples: { approved: { proposal: 7, note: 'Seen in the statement of 11 November' } },
    },
    answers: [
      {
        status: 200,
        description: 'Settled, now or before.',
        body: WorklistItemResponse,
        examples: { approved: APPROVED },
      },
    ],
    errors: [...ERRORS, 'payment_final'],
  },
  {
    id: 'reverseAttempt',
    tag: 'operators',
    method: 'post',
    path: '/v1/admin/worklist/{id}/reverse',
    key: 'operator',
    summary: 'Have an attempt undone at its bank',
    description:
      'For an attempt whose fate the bank does not tell: from now on the bank is asked to undo it, under one reference, until it answers. ' +
      'The note goes into the audit chain before the reversal begins. Asking twice is asking once.',
    parameters: [ID],
    body: {
      body: ReverseAttemptRequest,
      as: 'application/json',
      examples: { counter: { note: 'The payer has paid at the counter' } },
    },
    answers: [
      {
        status: 200,
        description: 'It is being undone.',
        body: WorklistItemResponse,
        examples: { begun: { ...PROPOSED, kind: 'long_unknown', proposal: null } },
      },
    ],
    errors: [...ERRORS, 'payment_final'],
  },
];
