/** For specs: a payment as the journal gives it. */
import {
  type BankReference,
  type ChannelId,
  type InstrumentToken,
  type MerchantId,
  type Payment,
  type PaymentId,
  TIER,
} from '#domain';

const channelId = 'icbc.quickpay' as ChannelId;
const token = 'tok_icbc_quickpay_ok' as InstrumentToken;

export const EXAMPLE_PAYMENT: Payment = {
  id: 'pay_01h455vb4pex5vsknk084sn02q' as PaymentId,
  merchantId: 'mer_test' as MerchantId,
  merchantOrderNo: 'order-1',
  idempotencyKey: 'key-1',
  fingerprint: 'f'.repeat(64),
  amount: { value: 19_900, currency: 'CNY' },
  instruments: [{ token, channelId, bankToken: token }],
  routingMode: 'suggest',
  maxWaitMs: null,
  onDecline: 'requires_payment_method',
  payerId: null,
  payerCohort: 7,
  tier: TIER.paying,
  shard: 3,
  expiresAt: 1_794_326_700_000,
  returnUrl: null,
  description: null,
  metadata: {},
  acceptance: null,
  acceptedAt: 1_794_326_400_000,
  readAt: 1_794_326_400_000,
  head: {
    state: 'queued',
    version: 1,
    leg: 1,
    channelId,
    instrumentToken: token,
    bankReference: '5CQ2V9H0T4K8M1N7XWZA' as BankReference,
    limitRevision: 1,
    queuedAt: 1_794_326_400_000,
    updatedAt: 1_794_326_400_000,
    keptLeg: null,
    capturedMinor: 0,
    refundedMinor: 0,
    reason: null,
  },
  attempt: null,
};
