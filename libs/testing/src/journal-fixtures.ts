// A migrated journal with a tiny sandbox in it, and payments to put there.
import { createHash, randomBytes } from 'node:crypto';
import type { ChannelId, ChannelLimits, InstrumentToken, MerchantId, PaymentId } from '#domain';
import { SHARDS, TIER, paymentReference, shardOf } from '#domain';
import type { DispatchClaim, Log, PaymentDraft } from '#dispatch';
import { migrate, seedSandbox } from '#postgres';
import { typeidUnboxed } from 'typeid-js';
import { createTestDatabase, type TestDatabase } from './test-database';

export const sha256 = (text: string): Uint8Array => createHash('sha256').update(text).digest();

export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

export const TEST_CHANNEL = 'icbc.quickpay' as ChannelId;
/** A second bank, which takes ten times the amount. */
export const OTHER_CHANNEL = 'ccb.quickpay' as ChannelId;
export const OTHER_TOKEN = 'tok_ccb_quickpay_ok' as InstrumentToken;
export const TEST_MERCHANT = 'mer_test' as MerchantId;
export const TEST_TOKEN = 'tok_icbc_quickpay_ok' as InstrumentToken;

/** Token of a magic instrument of the bank simulator, on the test channel. */
export const testToken = (behaviour: string): InstrumentToken => `tok_icbc_quickpay_${behaviour}` as InstrumentToken;

/**
 * A migrated and seeded database: one merchant, two banks with a channel and an instrument each.
 * @param bankUrl base URL of a bank simulator; not given: an address where nobody listens
 * @param limits of both channels, where a spec is about them
 */
export async function createTestJournal(
  bankUrl = 'http://127.0.0.1:9',
  limits: Partial<Pick<ChannelLimits, 'inFlightMax'>> = {},
): Promise<TestDatabase> {
  const database = await createTestDatabase();
  await migrate(database.url);
  await seedSandbox(database.url, {
    merchants: [{ id: TEST_MERCHANT, name: 'Test', apiKey: 'sk_sandbox_test' }],
    operator: { name: 'Operator', apiKey: 'op_sandbox_test' },
    banks: [
      { id: 'icbc', nameZh: '中国工商银行', nameEn: 'ICBC' },
      { id: 'ccb', nameZh: '中国建设银行', nameEn: 'CCB' },
    ],
    channels: [
      channelOf(TEST_CHANNEL, bankUrl, { amountMax: 1_000_000, ...limits }),
      channelOf(OTHER_CHANNEL, bankUrl, { amountMax: 10_000_000, ...limits }),
    ],
    instruments: [
      { token: TEST_TOKEN, merchantId: TEST_MERCHANT, channelId: TEST_CHANNEL, bankToken: TEST_TOKEN },
      { token: OTHER_TOKEN, merchantId: TEST_MERCHANT, channelId: OTHER_CHANNEL, bankToken: OTHER_TOKEN },
    ],
  });
  return database;
}

function channelOf(id: ChannelId, bankUrl: string, limits: { amountMax: number; inFlightMax?: number }) {
  return {
    channel: {
      id,
      bankId: id.split('.')[0]!,
      product: 'quickpay' as const,
      connector: 'rest',
      currencies: ['CNY'],
      feeBasisPoints: 20,
    },
    limits: {
      ratePerSecond: 100,
      burst: 10,
      inFlightMax: 10,
      longestWaitMs: 2_000,
      timeoutMs: 1_000,
      amountMin: 1,
      ...limits,
    },
    baseUrl: `${bankUrl}/banks/${id}`,
  };
}

/** A payment to accept; its order number and key are its own unless given. */
export function draftOf(changes: Partial<PaymentDraft> = {}): PaymentDraft {
  const order = changes.merchantOrderNo ?? `order-${randomBytes(8).toString('hex')}`;
  const merchantId = changes.merchantId ?? TEST_MERCHANT;
  const token = changes.instrumentToken ?? TEST_TOKEN;
  return {
    id: typeidUnboxed('pay') as unknown as PaymentId,
    merchantId,
    merchantOrderNo: order,
    idempotencyKey: `key-${order}`,
    fingerprint: 'f'.repeat(64),
    amount: { value: 19_900, currency: 'CNY' },
    instruments: [{ token, channelId: TEST_CHANNEL, bankToken: token }],
    routingMode: 'suggest',
    maxWaitMs: null,
    onDecline: 'requires_payment_method',
    payerId: null,
    payerCohort: 7,
    tier: TIER.paying,
    shard: shardOf(merchantId, order, SHARDS, sha256),
    expiresAt: Date.now() + 600_000,
    returnUrl: null,
    description: null,
    metadata: { cart: 'c9' },
    acceptance: null,
    channelId: TEST_CHANNEL,
    instrumentToken: token,
    bankReference: paymentReference(merchantId, order, 1, sha256),
    limitRevision: 1,
    ...changes,
  };
}

/** A worker's claim on a payment, under epoch 1 of every shard. */
export function claimOf(paymentId: PaymentId, changes: Partial<DispatchClaim> = {}): DispatchClaim {
  return {
    paymentId,
    version: 1,
    channelId: TEST_CHANNEL,
    attemptId: typeidUnboxed('att') as unknown as DispatchClaim['attemptId'],
    dispatchToken: randomBytes(16).toString('hex'),
    timeoutMs: 1_000,
    epochs: new Array<number>(SHARDS).fill(1),
    ...changes,
  };
}
