/** Whose key is it? The merchant comes from the credential and from nowhere else. */
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { MerchantId } from '#domain';
import type { ApiKeyOwner } from '#postgres';
import { API_KEYS } from '../tokens';
import type { HttpRequest } from './exchange';
import { ProblemError } from './problem-error';

/** Finds the owner of a key, by its hash. */
export interface ApiKeys {
  find(apiKey: string): Promise<ApiKeyOwner | null>;
}

/** Visible ASCII of a bounded length: nothing else is worth hashing. */
const BEARER = /^Bearer +([\x21-\x7e]{8,200})$/i;

/** Any valid key. */
@Injectable()
export class AnyKey implements CanActivate {
  constructor(@Inject(API_KEYS) private readonly keys: ApiKeys) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const key = BEARER.exec(request.headers.authorization ?? '')?.[1];
    const owner = key === undefined ? null : await this.keys.find(key);
    if (!owner) throw new ProblemError({ code: 'api_key_invalid' });
    request.owner = owner;
    return true;
  }
}

/** A merchant's key. */
@Injectable()
export class MerchantKey extends AnyKey {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    await super.canActivate(context);
    merchantOf(context.switchToHttp().getRequest<HttpRequest>());
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
