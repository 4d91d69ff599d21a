/** Thrown where a request cannot be served: a code, and what its reader needs. The filter makes the answer of it. */
import { type FieldError, type NameChannel, type ProblemCause, renderSuggestions } from '#contracts';
import type { Refusal } from '#dispatch';
import type { ErrorCode } from '#domain';

export class ProblemError extends Error {
  constructor(
    readonly problem: ProblemCause,
    /** Beside those every error has. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(problem.code);
    this.name = 'ProblemError';
  }

  /** An error about fields. */
  static about(code: ErrorCode, errors: readonly FieldError[]): ProblemError {
    return new ProblemError({ code, errors });
  }

  /** A use case's refusal. @param nameOf what channels are called, where suggestions come with it */
  static of({ code, facts, pointer, reason, retryAfterMs, suggestions }: Refusal, nameOf?: NameChannel): ProblemError {
    return new ProblemError({
      code,
      ...(facts ? { facts } : {}),
      ...(reason ? { reason } : {}),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(suggestions && nameOf ? { suggestions: renderSuggestions(suggestions, nameOf) } : {}),
      ...(pointer === undefined ? {} : { errors: [{ pointer, code }] }),
    });
  }
}
