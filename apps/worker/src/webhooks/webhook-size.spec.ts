/** A webhook holds at most 20 kB, as the specification asks: not by cutting, but because a request holds at most 16 KB. */
import { renderEvent, renderPayment } from '#contracts';
import { type Payment, type PaymentEvent, TIER } from '#domain';

const BODY_MAX_BYTES = 16 * 1_024;
const WEBHOOK_MAX_BYTES = 20_000;
const longest = (length: number, letter = 'x') => letter.repeat(length);

/** As large as the API accepts it, with the wordiest bank. */
function largestPayment(): Payment {
  const token = longest(128);
  const instruments = Array.from({ length: 8 }, () => ({ token, channelId: 'icbc.quickpay', bankToken: token }));
  const known = {
    merchant_order_no: longest(64),
    amount: { value: 999_999_999_999, currency: 'CNY' },
    payment_method: { token },
    alternatives: instruments.slice(1).map((one) => one.token),
    payer_id: longest(64),
    routing: { mode: 'reroute', max_wait_ms: 600_000 },
    return_url: longest(2_048),
    description: longest(128, '双'),
    metadata: {} as Record<string, string>,
  };
  // Metadata takes what is left of the body, in the densest text there is.
  for (let n = 0; ; n += 1) {
    const left = BODY_MAX_BYTES - Buffer.byteLength(JSON.stringify(known));
    if (left < 60) break;
    known.metadata[`key-${n}`] = longest(Math.min(500, Math.floor((left - 20) / 3)), '币');
  }
  expect(Object.keys(known.metadata).length).toBeLessThanOrEqual(50);
  const at = 1_794_000_000_000;
  return {
    id: `pay_${longest(26, '7')}`,
    merchantId: longest(64),
    merchantOrderNo: known.merchant_order_no,
    idempotencyKey: longest(255),
    fingerprint: longest(64, 'f'),
    amount: known.amount,
    instruments,
    routingMode: 'reroute',
    maxWaitMs: 600_000,
    onDecline: 'requires_payment_method',
    payerId: known.payer_id,
    payerCohort: 1,
    tier: TIER.paying,
    shard: 1,
    acceptedAt: at,
    expiresAt: at,
    returnUrl: known.return_url,
    description: known.description,
    metadata: known.metadata,
    head: {
      state: 'requires_action',
      version: 999_999,
      leg: 32_767,
      channelId: 'icbc.quickpay',
      instrumentToken: token,
      bankReference: longest(20),
      limitRevision: 1,
      queuedAt: at,
      updatedAt: at,
      keptLeg: null,
      capturedMinor: 0,
      refundedMinor: 0,
      reason: { code: 'canceled_by_merchant', fact: longest(100) },
    },
    attempt: {
      id: `att_${longest(26, '7')}`,
      leg: 32_767,
      channelId: 'icbc.quickpay',
      instrumentToken: token,
      bankReference: longest(20),
      state: 'declined',
      dispatchedAt: at,
      sendBy: at,
      settledAt: at,
      bankTransactionId: longest(64),
      declineReason: 'insufficient_funds',
      bankCode: longest(64),
      bankMessage: longest(200, '余'),
      actionUrl: longest(1_000),
      actionExpiresAt: at,
    },
  } as unknown as Payment;
}

it('a webhook of the largest payment fits', () => {
  const payment = largestPayment();
  const { state, version, leg, channelId, reason } = payment.head;
  const event: PaymentEvent = {
    paymentId: payment.id,
    version,
    type: 'payment.requires_payment_method',
    state,
    leg,
    channelId,
    at: payment.acceptedAt,
    data: { ...reason },
  };
  const size = Buffer.byteLength(JSON.stringify(renderEvent(event, renderPayment(payment))));
  expect(size).toBeGreaterThan(BODY_MAX_BYTES);
  expect(size).toBeLessThanOrEqual(WEBHOOK_MAX_BYTES);
});
