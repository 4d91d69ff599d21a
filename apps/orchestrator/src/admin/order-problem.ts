/** A refused order as an error: which field, by its name in the body. */
import type { OrderRefusal } from '#dispatch';
import { ProblemError } from '../http/problem-error';

const POINTERS = { target: '/target', until: '/until', startsAt: '/starts_at', endsAt: '/ends_at' } as const;

export function orderProblem({ code, faults = [] }: OrderRefusal): ProblemError {
  return ProblemError.about(
    code,
    faults.map((fault) => ({ pointer: POINTERS[fault.member], code: fault.code })),
  );
}
