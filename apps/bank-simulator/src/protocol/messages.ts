/**
 * Is this body a message of the protocol? Reads untrusted JSON into typed messages or says, in one
 * sentence, what is wrong. Unknown members are ignored, as real banks do.
 */
export const AMOUNT_MAX_MINOR = 999_999_999_999;

export interface PayMessage {
  readonly reference: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly instrument: string;
  readonly sendByMs: number;
  readonly description: string;
  readonly notifyUrl: string | null;
  readonly returnUrl: string | null;
  readonly actionExpiresAtMs: number | null;
}

export interface ReverseMessage {
  readonly reference: string;
  readonly originalReference: string;
}

export interface RefundMessage extends ReverseMessage {
  readonly amountMinor: number;
  readonly currency: string;
  readonly notifyUrl: string | null;
}

/** The message breaks the protocol; `message` goes to the caller with INVALID 30. */
export class MessageError extends Error {
  override readonly name = 'MessageError';
}

type Members = Readonly<Record<string, unknown>>;

/** @throws MessageError if the text is not a JSON object. */
export function parseMembers(text: string): Members {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new MessageError('the body is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MessageError('the body must be a JSON object');
  }
  return value as Members;
}

/** @throws MessageError naming the first member that is wrong. */
export function parsePay(text: string): PayMessage {
  const members = parseMembers(text);
  return {
    reference: reference(members, 'reference'),
    amountMinor: amount(members),
    currency: currency(members),
    instrument: instrument(members),
    sendByMs: time(members, 'send_by') ?? fail('send_by is required: RFC 3339 UTC with milliseconds'),
    description: description(members),
    notifyUrl: url(members, 'notify_url'),
    returnUrl: url(members, 'return_url'),
    actionExpiresAtMs: time(members, 'action_expires_at'),
  };
}

/** @throws MessageError */
export function parseReference(text: string): string {
  return reference(parseMembers(text), 'reference');
}

/** @throws MessageError */
export function parseReverse(text: string): ReverseMessage {
  const members = parseMembers(text);
  return pair(members);
}

/** @throws MessageError */
export function parseRefund(text: string): RefundMessage {
  const members = parseMembers(text);
  return {
    ...pair(members),
    amountMinor: amount(members),
    currency: currency(members),
    notifyUrl: url(members, 'notify_url'),
  };
}

function pair(members: Members): ReverseMessage {
  const message = {
    reference: reference(members, 'reference'),
    originalReference: reference(members, 'original_reference'),
  };
  if (message.reference === message.originalReference) {
    fail('reference and original_reference must differ: an undo has a reference of its own');
  }
  return message;
}

function reference(members: Members, name: string): string {
  const value = members[name];
  if (typeof value === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(value)) return value;
  return fail(`${name} must be 1 to 64 of A-Z a-z 0-9 _ -`);
}

function amount(members: Members): number {
  const value = members['amount_minor'];
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= AMOUNT_MAX_MINOR)
    return value as number;
  return fail(`amount_minor must be an integer from 1 to ${AMOUNT_MAX_MINOR}`);
}

function currency(members: Members): string {
  const value = members['currency'];
  if (typeof value === 'string' && /^[A-Z]{3}$/.test(value)) return value;
  return fail('currency must be three capital letters of ISO 4217');
}

function instrument(members: Members): string {
  const value = members['instrument'];
  if (typeof value === 'string' && value.length >= 1 && value.length <= 128) return value;
  return fail('instrument must be a token of 1 to 128 characters');
}

function description(members: Members): string {
  const value = members['description'];
  if (value === undefined || value === null) return '';
  if (typeof value === 'string' && value.length <= 140) return value;
  return fail('description must be text of up to 140 characters');
}

function time(members: Members, name: string): number | null {
  const value = members[name];
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(value)) {
    const ms = Date.parse(value);
    if (!Number.isNaN(ms)) return ms;
  }
  return fail(`${name} must be RFC 3339 in UTC with milliseconds, such as 2026-11-11T00:00:02.000Z`);
}

function url(members: Members, name: string): string | null {
  const value = members[name];
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' && value.length <= 2048 && /^https?:\/\//.test(value) && URL.canParse(value)) {
    return value;
  }
  return fail(`${name} must be an http or https URL of at most 2048 characters`);
}

function fail(message: string): never {
  throw new MessageError(message);
}
