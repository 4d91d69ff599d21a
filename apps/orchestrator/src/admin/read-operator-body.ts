/** What every deed of an operator begins with: the body by its rules, and times as numbers. */
import { type FieldError, parseTime } from '#contracts';
import type { HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';
import { readJson } from '../http/read-json';

/** @param errorsOf the rules of the body (validatorOf). @throws ProblemError */
export function readOperatorBody<Body>(
  request: HttpRequest,
  errorsOf: (json: Readonly<Record<string, unknown>>) => readonly FieldError[],
): Body {
  const json = readJson(request);
  const errors = errorsOf(json);
  if (errors.length > 0) throw ProblemError.about('parameter_invalid', errors);
  return json as unknown as Body;
}

/** A time that the rules have let pass; left out or null: null. */
export function timeOf(text: string | null | undefined): number | null {
  return text === null || text === undefined ? null : parseTime(text);
}
