/** The Idempotency-Key of a request: required wherever money moves. */
import { isCardNumberInIdentifier } from '#contracts';
import type { HttpRequest } from './exchange';
import { ProblemError } from './problem-error';

const KEY = /^[\x21-\x7e]{1,255}$/;

/** @throws ProblemError where it is missing, unusable, or holds a card number */
export function readIdempotencyKey({ headers }: HttpRequest): string {
  const key = headers['idempotency-key'];
  if (key === undefined || key === '') throw new ProblemError({ code: 'idempotency_key_missing' });
  if (typeof key !== 'string' || !KEY.test(key)) throw new ProblemError({ code: 'idempotency_key_invalid' });
  if (isCardNumberInIdentifier(key)) {
    throw new ProblemError({ code: 'card_number_forbidden', detail: 'The Idempotency-Key holds a card number.' });
  }
  return key;
}
