/** An error code as problem+json. The one place where the table of codes becomes an answer. */
import { type ErrorCode, type Reason, errorDefinition } from '#domain';
import { FIELD_RULES, type FieldRule, isFieldCode } from '../input/field-rules';
import type { FieldError } from '../input/validate';
import { renderReason } from '../payments/reason.response';
import type { SuggestionResponse } from '../suggestions/suggestion.response';
import type { ProblemResponse } from './problem.response';

/** What happened, before it is an HTTP answer. */
export interface ProblemCause {
  readonly code: ErrorCode;
  /** What exactly, in English, for a log. Never text of the caller's. */
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  /** What the reader needs to act on the code. */
  readonly facts?: Readonly<Record<string, string | number>>;
  /** What it was decided from. */
  readonly reason?: Reason;
  /** When asking again is worth it, ms, in place of the code's own wait. */
  readonly retryAfterMs?: number;
  /** What will work instead. */
  readonly suggestions?: readonly SuggestionResponse[];
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
    retry: retry && {
      ...retry,
      after_ms: Math.round((cause.retryAfterMs ?? retry.after_ms) * (1 + SPREAD * place.random)),
    },
    message: { 'zh-CN': message['zh-CN'], en: message.en },
    errors: errors.map(({ pointer, code }) => ({ pointer, code, message: wordsOf(code) })),
    ...(cause.reason ? { reason: renderReason(cause.reason) } : {}),
    ...(cause.suggestions ? { suggestions: cause.suggestions } : {}),
  };
}

function firstError(errors: readonly FieldError[]): string | undefined {
  const [first] = errors;
  return first && `${first.pointer || 'The body'}: ${wordsOf(first.code).en}`;
}

function wordsOf(code: FieldError['code']): FieldRule {
  return isFieldCode(code) ? FIELD_RULES[code] : errorDefinition(code).message;
}
