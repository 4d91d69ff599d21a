/** Parameters and errors that the operators' operations share. */
import type { ParameterDescription } from './operation';

export const CHANNEL_ID: ParameterDescription = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'Bank, dot, product.',
  schema: { type: 'string' },
  example: 'icbc.quickpay',
};

export const LIMIT: ParameterDescription = {
  name: 'limit',
  in: 'query',
  description: 'Length of the page.',
  schema: { type: 'integer', minimum: 1, maximum: 100, default: 50 },
  example: 50,
};

export const OPEN: ParameterDescription = {
  name: 'open',
  in: 'query',
  description: '`true`: only what stands or lies ahead, `false`: only what is over; left out: all.',
  schema: { type: 'boolean' },
  example: 'true',
};

export const TARGET: ParameterDescription = {
  name: 'target',
  in: 'query',
  description: 'Only those about exactly this channel, bank, or `everything`.',
  schema: { type: 'string' },
  example: 'icbc.quickpay',
};

export const startingAfter = (example: string): ParameterDescription => ({
  name: 'starting_after',
  in: 'query',
  description: 'The last one of the page before.',
  schema: { type: 'string' },
  example,
});

export const idOf = (what: string, example: string, name = 'id'): ParameterDescription => ({
  name,
  in: 'path',
  required: true,
  description: `Id of the ${what}.`,
  schema: { type: 'string' },
  example,
});

/** What every call with an operator's key may meet. */
export const WITH_KEY = ['api_key_invalid', 'permission_denied', 'journal_unreadable'] as const;

/** What every call with a body may meet. */
export const WITH_BODY = [
  'malformed_json',
  'body_too_large',
  'unsupported_media_type',
  'parameter_invalid',
  'card_number_forbidden',
] as const;
