/** The query of a request, checked: everything in it is text. */
import { type FieldError, isCardNumberInIdentifier } from '#contracts';
import type { HttpRequest } from './exchange';
import { ProblemError } from './problem-error';

/** @throws ProblemError `card_number_forbidden` · `parameter_invalid` */
export function readQuery<Query>({ query }: HttpRequest, errorsOf: (value: unknown) => readonly FieldError[]): Query {
  // The query parser's object has no prototype; a copy of its own keys has one and nothing more.
  const given: Record<string, unknown> = { ...query };
  const cardNumber = Object.entries(given).find(([, value]) => isCardNumberInIdentifier(String(value)));
  if (cardNumber) {
    throw ProblemError.about('card_number_forbidden', [{ pointer: `/${cardNumber[0]}`, code: 'card_number' }]);
  }
  const errors = errorsOf(given);
  if (errors.length > 0) throw ProblemError.about('parameter_invalid', errors);
  return given as Query;
}
