/** Operations that advise a payer, and the instruments that are stored for one. */
import { PayerInstrumentListResponse } from '../payers/payer-instrument.response';
import { AddPayerInstrumentRequest, PutPayerInstrumentsRequest } from '../payers/payer-instruments.request';
import { SuggestRequest } from '../suggestions/suggest.request';
import { SuggestionListResponse } from '../suggestions/suggestion.response';
import type { OperationDescription, ParameterDescription } from './operation';
import { EXAMPLE_AS_CHOSEN, EXAMPLE_SUGGEST, EXAMPLE_SUGGESTIONS, EXAMPLE_SUGGEST_STORED } from './suggestion-examples';

const PAYER_ID: ParameterDescription = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'Your id of the payer, as in `payer_id`.',
  schema: { type: 'string' },
  example: 'u-20931',
};

const WITH_KEY = ['api_key_invalid', 'permission_denied', 'journal_unreadable'] as const;
const WITH_BODY = [
  'malformed_json',
  'body_too_large',
  'unsupported_media_type',
  'parameter_invalid',
  'card_number_forbidden',
] as const;

const EXAMPLE_STORED: PayerInstrumentListResponse = {
  object: 'list',
  data: [
    {
      token: 'tok_icbc_quickpay_ok',
      object: 'payer_instrument',
      channel: 'icbc.quickpay',
      bank: { id: 'icbc', name: { 'zh-CN': '中国工商银行', en: 'Industrial and Commercial Bank of China' } },
      product: 'quickpay',
      added_at: '2026-11-10T15:30:00.000Z',
    },
    {
      token: 'tok_ccb_quickpay_ok',
      object: 'payer_instrument',
      channel: 'ccb.quickpay',
      bank: { id: 'ccb', name: { 'zh-CN': '中国建设银行', en: 'China Construction Bank' } },
      product: 'quickpay',
      added_at: '2026-11-10T15:31:00.000Z',
    },
  ],
  has_more: false,
};

export const SUGGESTION_OPERATIONS: readonly OperationDescription[] = [
  {
    id: 'createSuggestions',
    tag: 'payments',
    method: 'post',
    path: '/v1/suggestions',
    key: 'merchant',
    summary: 'Rank a payer’s instruments',
    description:
      'For the cashier page, before anything is posted. Where the payer’s choice works it comes first (`as_chosen`). Where its channel is ' +
      'busy or worse, the answer names what will work instead, best first, and holds headroom for each for ten seconds: take one by posting ' +
      'the payment with its `suggestion_id`. Asking again for the same order replaces what was offered. Nothing is offered for an order ' +
      'whose money may be on its way. It needs no Idempotency-Key.',
    body: {
      body: SuggestRequest,
      as: 'application/json',
      examples: { listed: EXAMPLE_SUGGEST, stored: EXAMPLE_SUGGEST_STORED },
    },
    answers: [
      {
        status: 200,
        description: 'Best first.',
        body: SuggestionListResponse,
        examples: { congested: EXAMPLE_SUGGESTIONS, normal: EXAMPLE_AS_CHOSEN },
      },
    ],
    errors: [...WITH_KEY, ...WITH_BODY, 'instrument_unknown'],
  },
  {
    id: 'listPayerInstruments',
    tag: 'payments',
    method: 'get',
    path: '/v1/payers/{id}/instruments',
    key: 'merchant',
    summary: 'What is stored for a payer',
    description: 'In the payer’s order. A payer for whom nothing is stored has an empty list.',
    parameters: [PAYER_ID],
    answers: [
      {
        status: 200,
        description: 'All of them.',
        body: PayerInstrumentListResponse,
        examples: { two: EXAMPLE_STORED },
      },
    ],
    errors: [...WITH_KEY, 'not_found'],
  },
  {
    id: 'putPayerInstruments',
    tag: 'payments',
    method: 'put',
    path: '/v1/payers/{id}/instruments',
    key: 'merchant',
    summary: 'Store a payer’s instruments',
    description:
      'These tokens and no others, in this order; an empty list forgets the payer. Each must be a token of yours. `POST /v1/suggestions` ' +
      'ranks them, and a payment with `stored_instruments` may use them.',
    parameters: [PAYER_ID],
    body: {
      body: PutPayerInstrumentsRequest,
      as: 'application/json',
      examples: { two: { tokens: ['tok_icbc_quickpay_ok', 'tok_ccb_quickpay_ok'] } },
    },
    answers: [
      {
        status: 200,
        description: 'The list now.',
        body: PayerInstrumentListResponse,
        examples: { two: EXAMPLE_STORED },
      },
    ],
    errors: [...WITH_KEY, ...WITH_BODY, 'not_found', 'instrument_unknown'],
  },
  {
    id: 'addPayerInstrument',
    tag: 'payments',
    method: 'post',
    path: '/v1/payers/{id}/instruments',
    key: 'merchant',
    summary: 'Store one more',
    description: 'At the end of the list. One that is there already stays where it is, so adding twice is adding once.',
    parameters: [PAYER_ID],
    body: {
      body: AddPayerInstrumentRequest,
      as: 'application/json',
      examples: { one: { token: 'tok_ccb_quickpay_ok' } },
    },
    answers: [
      {
        status: 200,
        description: 'It was there; the list.',
        body: PayerInstrumentListResponse,
        examples: { two: EXAMPLE_STORED },
      },
      {
        status: 201,
        description: 'Added; the list.',
        body: PayerInstrumentListResponse,
        examples: { two: EXAMPLE_STORED },
      },
    ],
    errors: [...WITH_KEY, ...WITH_BODY, 'not_found', 'instrument_unknown', 'payer_instruments_full'],
  },
  {
    id: 'deletePayerInstrument',
    tag: 'payments',
    method: 'delete',
    path: '/v1/payers/{id}/instruments/{token}',
    key: 'merchant',
    summary: 'Forget one',
    description: 'Payments that were accepted with it go on; the token itself stays yours.',
    parameters: [
      PAYER_ID,
      {
        name: 'token',
        in: 'path',
        required: true,
        description: 'The token.',
        schema: { type: 'string' },
        example: 'tok_ccb_quickpay_ok',
      },
    ],
    answers: [{ status: 204, description: 'Gone.' }],
    errors: [...WITH_KEY, 'not_found'],
  },
];
