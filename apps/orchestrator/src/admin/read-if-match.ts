/** `If-Match` of a change of limits: which revision the operator has seen. */
import type { HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';

/** One strong entity tag. `*` would be a change by somebody who has not looked. */
const TAG = /^"([1-9][0-9]{0,8})"$/;

/** @throws ProblemError `revision_required` */
export function readIfMatch({ headers }: HttpRequest): number {
  const [, digits] = TAG.exec(headers['if-match'] ?? '') ?? [];
  if (digits === undefined) throw new ProblemError({ code: 'revision_required' });
  return Number(digits);
}

export function entityTag(revision: number): string {
  return `"${revision}"`;
}
