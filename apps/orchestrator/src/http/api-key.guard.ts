/** Whose key is it? The merchant comes from the credential and from nowhere else. */
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { MerchantId } from '#domain';
import type { ApiKeyOwner } from '#postgres';
import { API_KEYS } from '../tokens';
import { ClientQuota } from './client-quota';
import type { HttpReply, HttpRequest } from './exchange';
import { ProblemError } from './problem-error';

/** Finds the owner of a key, by its hash. */
export interface ApiKeys {
  find(apiKey: string): Promise<ApiKeyOwner | null>;
}

/** Visible ASCII of a bounded length: nothing else is worth hashing. */
const BEARER = /^Bearer +([\x21-\x7e]{8,200})$/i;

/** Whoever is over the quota is not told to come back sooner, ms: `Retry-After` is in seconds. */
const MOMENT_MS = 1_000;

function apiKeyOf({ headers }: HttpRequest): string | undefined {
  return BEARER.exec(headers.authorization ?? '')?.[1];
}

/** Any valid key. */
@Injectable()
export class AnyKey implements CanActivate {
  constructor(@Inject(API_KEYS) private readonly keys: ApiKeys) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const key = apiKeyOf(request);
    const owner = key === undefined ? null : await this.keys.find(key);
    if (!owner) throw new ProblemError({ code: 'api_key_invalid' });
    request.owner = owner;
    return true;
  }
}

/** A merchant's key, within its quota of instructions. What is only read is bounded elsewhere: by readers who wait, and by pages. */
@Injectable()
export class MerchantKey extends AnyKey {
  @Inject(ClientQuota)
  private readonly quota: ClientQuota;

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    await super.canActivate(context);
    const http = context.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    merchantOf(request);
    if (request.method === 'GET') return true;
    const answer = this.quota.take(apiKeyOf(request)!);
    const headers = this.quota.headers(answer);
    if (!answer.admitted) {
      throw new ProblemError(
        { code: 'client_rate_limited', retryAfterMs: Math.max(MOMENT_MS, answer.retryAfterMs) },
        headers,
      );
    }
    const reply = http.getResponse<HttpReply>();
    reply.header('RateLimit-Policy', headers['RateLimit-Policy']).header('RateLimit', headers.RateLimit);
    return true;
  }
}

/** An operator's key. */
@Injectable()
export class OperatorKey extends AnyKey {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    await super.canActivate(context);
    operatorOf(context.switchToHttp().getRequest<HttpRequest>());
    return true;
  }
}

/** Name of the operator whose key the request carries. @throws ProblemError for a key of another role */
export function operatorOf({ owner }: HttpRequest): string {
  if (owner?.role === 'operator') return owner.name;
  throw new ProblemError({ code: 'permission_denied', detail: 'This needs an operator’s key.' });
}

/** The merchant whose key the request carries. @throws ProblemError for a key of another role */
export function merchantOf(request: HttpRequest): MerchantId {
  const merchantId = request.owner?.merchantId;
  if (!merchantId) throw new ProblemError({ code: 'permission_denied', detail: 'This needs a merchant’s key.' });
  return merchantId;
}
