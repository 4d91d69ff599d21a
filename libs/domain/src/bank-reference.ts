/**
 * The reference a bank sees: base32 of the first 100 bits of SHA-256 over length-prefixed parts. See money.md section 1.
 *
 * It depends on who pays for what and on the leg, and on nothing else: no epoch, site, clock, secret or row id. A second owner,
 * a paused worker that wakes up, even a database that forgot the row, all produce the same reference, and the bank sees a
 * duplicate instead of a second charge.
 */
import type { BankReference, MerchantId } from './ids';
import { lengthPrefixed } from './length-prefixed';

/** SHA-256 of a text's UTF-8 bytes, given from outside: this floor has no cryptography of its own. */
export type Sha256 = (text: string) => Uint8Array;

/** Crockford's base32, as in our ids: no I, L, O, U to misread over the telephone. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const VERSION_TAG = 'sluice1';
const CHARS = 20; // 20 × 5 bits = 100 bits

/** Reference of attempt `leg` (1, 2, …) of a merchant's order. */
export function paymentReference(
  merchant: MerchantId,
  merchantOrderNo: string,
  leg: number,
  sha256: Sha256,
): BankReference {
  return reference(['pay', merchant, merchantOrderNo, String(leg)], sha256);
}

/** Reference of a merchant's refund: its idempotency key stands in place of order and leg. */
export function refundReference(merchant: MerchantId, idempotencyKey: string, sha256: Sha256): BankReference {
  return reference(['refund', merchant, idempotencyKey], sha256);
}

/** Reference of the undo of an attempt: `reversal`, or the automatic refund of a late success. */
export function undoReference(kind: 'reversal' | 'auto_refund', attempt: BankReference, sha256: Sha256): BankReference {
  return reference([kind, attempt], sha256);
}

/** Which shard a merchant's order lives in. Stable for ever: changing it would move money between owners. */
export function shardOf(merchant: MerchantId, merchantOrderNo: string, shards: number, sha256: Sha256): number {
  const digest = sha256(lengthPrefixed([VERSION_TAG, 'shard', merchant, merchantOrderNo]));
  return (digest[0]! * 256 + digest[1]!) % shards;
}

function reference(parts: readonly string[], sha256: Sha256): BankReference {
  const digest = sha256(lengthPrefixed([VERSION_TAG, ...parts]));
  let text = '';
  for (let i = 0, bits = 0, window = 0, byte = 0; i < CHARS; i += 1) {
    if (bits < 5) {
      window = (window << 8) | digest[byte]!;
      byte += 1;
      bits += 8;
    }
    bits -= 5;
    text += ALPHABET[(window >> bits) & 31];
    window &= (1 << bits) - 1;
  }
  return text as BankReference;
}
