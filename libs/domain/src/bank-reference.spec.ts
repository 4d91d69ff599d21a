import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { paymentReference, refundReference, shardOf, undoReference } from './bank-reference';
import type { MerchantId } from './ids';

const sha256 = (text: string) => createHash('sha256').update(text).digest();
const merchant = fc.string({ minLength: 1 }).map((text) => text as MerchantId);

describe('the reference a bank sees', () => {
  it('is fixed for ever: a change of this vector would charge live orders twice', () => {
    expect(paymentReference('mer_sandbox' as MerchantId, 'D11-000001', 1, sha256)).toBe('9QNA16G06SNYYFJMB84F');
    expect(refundReference('mer_sandbox' as MerchantId, 'key-1', sha256)).toBe('DP3Y8J4VEFTZQ2RP3WA8');
    expect(shardOf('mer_sandbox' as MerchantId, 'D11-000001', 64, sha256)).toBe(23);
  });

  it('has 20 characters of an alphabet that can be read over the telephone', () => {
    fc.assert(
      fc.property(merchant, fc.string(), fc.integer({ min: 1, max: 99 }), (who, order, leg) =>
        /^[0-9A-HJKMNP-TV-Z]{20}$/.test(paymentReference(who, order, leg, sha256)),
      ),
    );
  });

  it('differs for another merchant, order or leg, also where the texts run together', () => {
    const at = (who: string, order: string, leg: number) => paymentReference(who as MerchantId, order, leg, sha256);
    const all = [at('a', 'bc', 1), at('ab', 'c', 1), at('a', 'bc', 2), at('a', 'bc1', 1), at('a', 'b:c', 1)];
    expect(new Set(all).size).toBe(all.length);
  });

  it('of a reversal differs from that of an automatic refund of the same attempt', () => {
    const attempt = paymentReference('a' as MerchantId, 'b', 1, sha256);
    expect(undoReference('reversal', attempt, sha256)).not.toBe(undoReference('auto_refund', attempt, sha256));
  });
});
