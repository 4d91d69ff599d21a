import * as fc from 'fast-check';
import type { InstrumentToken, MerchantId } from '#domain';
import { createHmac } from 'node:crypto';
import { createSuggestionSeal, preparedHmac } from './suggestion-seal';

const seal = createSuggestionSeal(new Uint8Array(32).fill(7));
const terms = {
  merchantId: 'mer_test' as MerchantId,
  merchantOrderNo: 'D11-000001',
  token: 'tok_ccb_quickpay_ok' as InstrumentToken,
  amount: { value: 19_900, currency: 'CNY' },
};
const now = 1_794_326_400_000;
const id = seal.seal(terms, 1, now + 10_000);

describe('the id of a suggestion', () => {
  it('is good for its terms until its time is over, at every process that has the key', () => {
    expect(id).toMatch(/^sug_[A-Za-z0-9_-]{32}$/);
    const elsewhere = createSuggestionSeal(new Uint8Array(32).fill(7));
    expect(elsewhere.open(id, terms, now + 9_999)).toEqual({ kind: 'valid', rank: 1 });
    expect(elsewhere.open(id, terms, now + 10_000)).toEqual({ kind: 'expired' });
  });

  it.each([
    ['merchant', { ...terms, merchantId: 'mer_other' as MerchantId }],
    ['order', { ...terms, merchantOrderNo: 'D11-000002' }],
    ['instrument', { ...terms, token: 'tok_other' as InstrumentToken }],
    ['amount', { ...terms, amount: { value: 19_901, currency: 'CNY' } }],
    ['currency', { ...terms, amount: { value: 19_900, currency: 'USD' } }],
  ])('is worth nothing for another %s', (_what, other) => {
    expect(seal.open(id, other, now)).toEqual({ kind: 'mismatch' });
  });

  it('is proved by the HMAC that everybody knows', () => {
    const bytes = (maxLength: number) => fc.uint8Array({ maxLength });
    fc.assert(
      fc.property(bytes(64), bytes(300), (key, message) => {
        expect(preparedHmac(key)(message)).toEqual(createHmac('sha256', key).update(message).digest());
      }),
    );
  });

  it('is worth nothing under another key', () => {
    expect(createSuggestionSeal(new Uint8Array(32)).open(id, terms, now)).toEqual({ kind: 'mismatch' });
  });

  it('cannot be given a later end, another place or any other change', () => {
    const bytes = Buffer.from(id.slice(4), 'base64url');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const forged = Buffer.from(bytes);
        forged[place]! ^= change;
        expect(seal.open(`sug_${forged.toString('base64url')}`, terms, now).kind).toBe('mismatch');
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => expect(seal.open(text, terms, now).kind).toBe('mismatch')));
  });
});
