/** From an HTTP request to what the use case accepts: every shape is checked here, and nothing is looked up. */
import { CreatePaymentRequest, canonicalJson, crossFieldErrors, parseTime, validatorOf } from '#contracts';
import type { AcceptCommand } from '#dispatch';
import { type InstrumentToken, TIER } from '#domain';
import { sha256Hex } from '#runtime';
import { merchantOf } from '../http/api-key.guard';
import type { HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';
import { readIdempotencyKey } from '../http/read-idempotency-key';
import { readJson } from '../http/read-json';

const errorsOf = validatorOf(CreatePaymentRequest);

/** @throws ProblemError */
export function readCreateCommand(request: HttpRequest): AcceptCommand {
  const merchantId = merchantOf(request);
  const idempotencyKey = readIdempotencyKey(request);
  const json = readJson(request);
  const errors = errorsOf(json);
  if (errors.length > 0) throw ProblemError.about('parameter_invalid', errors);
  const body = json as unknown as CreatePaymentRequest;
  const conflicts = crossFieldErrors(body);
  if (conflicts.length > 0) throw ProblemError.about('parameter_invalid', conflicts);
  return {
    merchantId,
    idempotencyKey,
    fingerprint: sha256Hex(canonicalJson(json)),
    merchantOrderNo: body.merchant_order_no,
    amount: { value: body.amount.value, currency: body.amount.currency },
    tokens: [body.payment_method.token, ...(body.alternatives ?? [])] as InstrumentToken[],
    withStored: body.stored_instruments ?? false,
    suggestionId: body.suggestion_id ?? null,
    routingMode: body.routing?.mode ?? 'suggest',
    maxWaitMs: body.routing?.max_wait_ms ?? null,
    onDecline: body.on_decline ?? 'requires_payment_method',
    payerId: body.payer_id ?? null,
    tier: body.tier === 'bulk' ? TIER.bulk : TIER.paying,
    expiresAt: body.expires_at ? parseTime(body.expires_at) : null,
    returnUrl: body.return_url ?? null,
    description: body.description ?? null,
    metadata: body.metadata ?? {},
  };
}
