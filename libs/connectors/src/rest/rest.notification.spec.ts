import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import type { ChannelId } from '#domain';
import { parseRestNotification } from './rest.notification';
import { RestSignatures } from './rest.signature';

const CHANNEL = 'icbc.gateway' as ChannelId;
const PATH = '/v1/notifications/icbc.gateway?site=a';
const SECRET = 'a secret';
const NOW = 1_794_355_203_000;
const signatures = new RestSignatures({ keyId: 'k1', secrets: { k1: SECRET } });
const NEWS = {
  notification_id: 'ntf_1',
  event: 'payment',
  channel: CHANNEL,
  result: 'OK',
  code: '00',
  message: 'Approved',
  message_zh: '交易成功',
  reference: 'K7Q2M4ZP6XW3R5T8V9YA',
  amount_minor: 12_800,
  currency: 'CNY',
  bank_transaction_id: 'ICBC1',
};

function signed(body: Uint8Array | string) {
  const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(body);
  const mac = createHmac('sha256', SECRET).update(`POST\n${PATH}\n${NOW}\n`).update(bytes).digest('hex');
  return {
    path: PATH,
    headers: { 'bank-key-id': 'k1', 'bank-timestamp': String(NOW), 'bank-signature': `v1=${mac}` },
    body: bytes,
  };
}
const parse = (request: Parameters<typeof parseRestNotification>[2], now = NOW) =>
  parseRestNotification(signatures, CHANNEL, request, now);

describe('a bank’s notification', () => {
  it('is evidence like an inquiry’s answer', () => {
    expect(parse(signed(JSON.stringify(NEWS)))).toEqual({
      kind: 'parsed',
      notification: {
        reference: NEWS.reference,
        operation: 'pay',
        bankNotificationId: 'ntf_1',
        evidence: {
          class: 'succeeded',
          charge: {
            reference: NEWS.reference,
            amount: { value: 12_800, currency: 'CNY' },
            bankTransactionId: 'ICBC1',
          },
        },
      },
    });
  });

  it('may say that nothing is decided yet: stored, and unknown', () => {
    const news = { ...NEWS, result: 'PENDING', code: '09' };
    expect(parse(signed(JSON.stringify(news)))).toMatchObject({ notification: { evidence: { class: 'unknown' } } });
  });

  it('is rejected when a byte of it, its path or its channel was changed', () => {
    const genuine = signed(JSON.stringify(NEWS));
    const tampered = { ...genuine, body: Buffer.from(JSON.stringify({ ...NEWS, amount_minor: 1 })) };
    expect(parse(tampered)).toEqual({ kind: 'rejected', reason: 'signature_invalid' });
    expect(parse({ ...genuine, path: '/v1/notifications/icbc.gateway' })).toMatchObject({
      reason: 'signature_invalid',
    });
    expect(parse({ ...genuine, headers: {} })).toMatchObject({ reason: 'signature_invalid' });
    expect(parse(signed(JSON.stringify({ ...NEWS, channel: 'cmb.gateway' })))).toMatchObject({ reason: 'malformed' });
  });

  it('is rejected as stale when it is played again later', () => {
    expect(parse(signed(JSON.stringify(NEWS)), NOW + 300_001)).toEqual({ kind: 'rejected', reason: 'stale' });
  });

  it('never throws, whatever the signed bytes are', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (body) => {
          const parsed = parse(signed(body));
          return parsed.kind === 'rejected';
        },
      ),
    );
  });
});
