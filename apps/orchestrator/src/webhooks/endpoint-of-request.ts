/** The endpoint that a path names: another merchant's does not exist. */
import { type WebhookEndpointId, isWebhookEndpointId } from '#domain';
import type { HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';

/** @throws ProblemError `not_found` where the path holds no endpoint's id */
export function endpointIdOf({ params: { id = '' } }: HttpRequest): WebhookEndpointId {
  if (!isWebhookEndpointId(id)) throw new ProblemError({ code: 'not_found' });
  return id;
}

/** @throws ProblemError `not_found` where nothing was found */
export function foundOr404<T>(found: T | null): T {
  if (found === null) throw new ProblemError({ code: 'not_found' });
  return found;
}
