/** An error code as problem+json. The one place where the table of codes becomes an answer. */
import { type ErrorCode, errorDefinition } from '#domain';
import { FIELD_RULES, type FieldRule, isFieldCode } from '../input/field-rules';
import type { FieldError } from '../input/validate';
import type { ProblemResponse } from './problem.response';

/** What happened, before it is an HTTP answer. */
export interface ProblemCause {
  readonly code: ErrorCode;
  /** What exactly, in English, for a log. Never text of the caller's. */
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  /** What the reader needs to act on the code. */
  readonly facts?: Readonly<Record<string, string | number>>;
}

/** Where and when. */
export interface ProblemPlace {
  /** Path of the request, without its query. */
  readonly instance: string;
  readonly requestId: string;
  /** Whether the request asked for something to be done; a read accepts nothing, whatever becomes of it. */
  readonly instructs: boolean;
  /** Chance from 0 to 1, spreads retries. */
  readonly random: number;
}

/**
 * Waits are spread over one to one and a half times the table's, so that callers who were refused together do not come back
 * together; never sooner, since the table's wait is how long the cause lasts.
 */
const SPREAD = 0.5;

export function renderProblem(cause: ProblemCause, place: ProblemPlace): ProblemResponse {
  const { status, title, accepted, retry, message } = errorDefinition(cause.code);
  const errors = cause.errors ?? [];
  return {
    ...cause.facts,
    type: `/errors/${cause.code}`,
    title,
    status,
    detail: cause.detail ?? firstError(errors) ?? message.en,
    instance: place.instance,
    code: cause.code,
    request_id: place.requestId,
    accepted: place.instructs ? accepted : null,
    retry: retry && { ...retry, after_ms: Math.round(retry.after_ms * (1 + SPREAD * place.random)) },
    message: { 'zh-CN': message['zh-CN'], en: message.en },
    errors: errors.map(({ pointer, code }) => ({ pointer, code, message: wordsOf(code) })),
  };
}

function firstError(errors: readonly FieldError[]): string | undefined {
  const [first] = errors;
  return first && `${first.pointer || 'The body'}: ${wordsOf(first.code).en}`;
}

function wordsOf(code: FieldError['code']): FieldRule {
  return isFieldCode(code) ? FIELD_RULES[code] : errorDefinition(code).message;
}
