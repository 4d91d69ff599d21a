/** Which of our codes is this error? Ours, Nest's, Fastify's and Node's all become one of the table. */
import { HttpException } from '@nestjs/common';
import type { ProblemCause } from '#contracts';
import { JournalUnavailable } from '#dispatch';
import { ProblemError } from './problem-error';

/** Fastify's and Node's codes that are a caller's fault. */
const FOREIGN: Readonly<Record<string, ProblemCause>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'body_too_large' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { code: 'unsupported_media_type' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { code: 'malformed_request', detail: 'Content-Length and body differ.' },
  FST_ERR_BAD_URL: { code: 'malformed_request', detail: 'The address cannot be decoded.' },
  // No id of ours is that long: there is no such thing.
  FST_ERR_MAX_PARAM_LENGTH: { code: 'not_found' },
  HPE_HEADER_OVERFLOW: { code: 'headers_too_large' },
  ERR_HTTP_REQUEST_TIMEOUT: { code: 'request_timeout' },
};

/** Nest turns some of Fastify's errors into its own, of which only the status is left. */
const NEST: Readonly<Record<number, ProblemCause>> = {
  400: { code: 'malformed_request' },
  404: { code: 'not_found' },
  413: { code: 'body_too_large' },
  415: { code: 'unsupported_media_type' },
};

/**
 * @param isAcceptance the request was a POST of a payment: if the journal could not be asked, it may have been accepted before
 * @returns null where it is our own fault
 */
export function causeOf(error: unknown, isAcceptance: boolean): ProblemCause | null {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof JournalUnavailable) return { code: isAcceptance ? 'acceptance_unknown' : 'journal_unreadable' };
  if (error instanceof HttpException) return NEST[error.getStatus()] ?? null;
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown };
  const foreign = typeof code === 'string' && Object.hasOwn(FOREIGN, code) ? FOREIGN[code] : undefined;
  if (foreign) return foreign;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? { code: 'malformed_request' } : null;
}
