/** A body by its rules, for requests that are nothing else. */
import type { FieldError } from '#contracts';
import type { HttpRequest } from './exchange';
import { ProblemError } from './problem-error';
import { readJson } from './read-json';

/** @param errorsOf the rules of the body (validatorOf). @throws ProblemError */
export function readBody<Body>(
  request: HttpRequest,
  errorsOf: (json: Readonly<Record<string, unknown>>) => readonly FieldError[],
): Body {
  const json = readJson(request);
  const errors = errorsOf(json);
  if (errors.length > 0) throw ProblemError.about('parameter_invalid', errors);
  return json as unknown as Body;
}
