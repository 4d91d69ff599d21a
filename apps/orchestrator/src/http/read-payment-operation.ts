/** What every operation on one payment under a key of its own begins with: the payment's id, the key, and the body by its rules. */
import { type FieldError, canonicalJson } from '#contracts';
import { type MerchantId, type PaymentId, isPaymentId } from '#domain';
import { sha256Hex } from '#runtime';
import { merchantOf } from './api-key.guard';
import type { HttpRequest } from './exchange';
import { ProblemError } from './problem-error';
import { readIdempotencyKey } from './read-idempotency-key';
import { readJson } from './read-json';

export interface PaymentOperation<Body> {
  readonly merchantId: MerchantId;
  readonly paymentId: PaymentId;
  readonly idempotencyKey: string;
  /** Of the payment and the body: the payment is part of what the key stands for. */
  readonly fingerprint: string;
  readonly body: Body;
}

/** @param errorsOf the rules of the body (validatorOf). @throws ProblemError */
export function readPaymentOperation<Body>(
  request: HttpRequest,
  errorsOf: (json: Readonly<Record<string, unknown>>) => readonly FieldError[],
): PaymentOperation<Body> {
  const { id = '' } = request.params;
  if (!isPaymentId(id)) throw new ProblemError({ code: 'not_found' });
  const idempotencyKey = readIdempotencyKey(request);
  const json = readJson(request);
  const errors = errorsOf(json);
  if (errors.length > 0) throw ProblemError.about('parameter_invalid', errors);
  return {
    merchantId: merchantOf(request),
    paymentId: id,
    idempotencyKey,
    fingerprint: sha256Hex(`${id} ${canonicalJson(json)}`),
    body: json as unknown as Body,
  };
}
