/** The port SuggestionSeal with HMAC-SHA256. What an id is and why is said at the port. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { ID_PREFIX, lengthPrefixed } from '#domain';
import type { SuggestionSeal, SuggestionTerms } from '#dispatch';

const VERSION = 1;
/** Version, six bytes of milliseconds, place. */
const HEAD_BYTES = 8;
/** Half of the digest: 2^128 guesses within ten seconds. */
const PROOF_BYTES = 16;
const PREFIX = `${ID_PREFIX.suggestion}_`;

export function createSuggestionSeal(key: Uint8Array): SuggestionSeal {
  const proofOf = (head: Buffer, { amount, merchantId, merchantOrderNo, token }: SuggestionTerms): Buffer => {
    const terms = lengthPrefixed(['sug1', merchantId, merchantOrderNo, token, String(amount.value), amount.currency]);
    return createHmac('sha256', key).update(head).update(terms).digest().subarray(0, PROOF_BYTES);
  };
  return {
    seal(terms, rank, expiresAt) {
      const head = Buffer.alloc(HEAD_BYTES);
      head.writeUInt8(VERSION, 0);
      head.writeUIntBE(expiresAt, 1, 6);
      head.writeUInt8(rank, 7);
      return PREFIX + Buffer.concat([head, proofOf(head, terms)]).toString('base64url');
    },
    open(id, terms, now) {
      const bytes = Buffer.from(id.slice(PREFIX.length), 'base64url');
      if (!id.startsWith(PREFIX) || bytes.length !== HEAD_BYTES + PROOF_BYTES) return { kind: 'mismatch' };
      const head = bytes.subarray(0, HEAD_BYTES);
      if (head.readUInt8(0) !== VERSION || !timingSafeEqual(bytes.subarray(HEAD_BYTES), proofOf(head, terms)))
        return { kind: 'mismatch' };
      if (head.readUIntBE(1, 6) <= now) return { kind: 'expired' };
      return { kind: 'valid', rank: head.readUInt8(7) };
    },
  };
}
