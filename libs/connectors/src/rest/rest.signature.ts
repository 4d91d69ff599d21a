/**
 * Did this bank write these bytes, as the answer to that question? HMAC-SHA256 as docs/bank-protocol.md section 2 has it: parts joined
 * by line feeds, the body's exact bytes, `v1=` and 64 hex digits. The test vectors of that page are this file's test.
 */
import type { KeyObject } from 'node:crypto';
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import type { EpochMs } from '#domain';

/** The secrets shared with the bank, by key id: several while one is being rotated. */
export interface RestKeys {
  /** We sign with this one. */
  readonly keyId: string;
  /** Key id → secret. Any of them is accepted in what the bank signs. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Headers by lower-case name; of these the three of the signature are read. */
export type SignedHeaders = Readonly<Record<string, unknown>>;

export type SignatureFault = 'signature_invalid' | 'stale';

/** The receiver refuses what is further from its own clock, ms (docs/bank-protocol.md section 2). */
export const CLOCK_WINDOW_MS = 300_000;

export class RestSignatures {
  private readonly keys: ReadonlyMap<string, KeyObject>;
  private readonly own: KeyObject;
  readonly keyId: string;

  /** @throws RangeError when the key that we are to sign with has no secret */
  constructor(keys: RestKeys) {
    this.keys = new Map(Object.entries(keys.secrets).map(([id, text]) => [id, createSecretKey(Buffer.from(text))]));
    const own = this.keys.get(keys.keyId);
    if (!own) {
      const known = [...this.keys.keys()].join(', ') || 'none';
      throw new RangeError(
        `No secret for the bank key "${keys.keyId}" (known: ${known}); set one, or sign with a known key`,
      );
    }
    this.own = own;
    this.keyId = keys.keyId;
  }

  /** @param path the request target with its query; @param timestamp as in the `Bank-Timestamp` header */
  signRequest(method: string, path: string, timestamp: string, body: string): string {
    return `v1=${createHmac('sha256', this.own).update(`${method}\n${path}\n${timestamp}\n${body}`).digest('hex')}`;
  }

  /** `null`: good. The answer is bound to our request by the request's own signature, so an old answer cannot be played again. */
  faultOfAnswer(
    headers: SignedHeaders,
    status: number,
    path: string,
    requestSignature: string,
    body: Uint8Array,
    now: EpochMs,
  ): SignatureFault | null {
    const timestamp = headers['bank-timestamp'];
    return this.fault(headers, `${status}\n${path}\n${String(timestamp)}\n${requestSignature}\n`, body, now);
  }

  /** `null`: good. For what the bank sends us on its own. */
  faultOfRequest(
    headers: SignedHeaders,
    method: string,
    path: string,
    body: Uint8Array,
    now: EpochMs,
  ): SignatureFault | null {
    return this.fault(headers, `${method}\n${path}\n${String(headers['bank-timestamp'])}\n`, body, now);
  }

  private fault(headers: SignedHeaders, head: string, body: Uint8Array, now: EpochMs): SignatureFault | null {
    const { 'bank-key-id': keyId, 'bank-timestamp': timestamp, 'bank-signature': signature } = headers;
    // A header sent twice arrives as a list: which of them would the bank mean? Neither counts.
    if (typeof keyId !== 'string' || typeof timestamp !== 'string' || typeof signature !== 'string') {
      return 'signature_invalid';
    }
    const key = this.keys.get(keyId);
    if (!key || !/^[0-9]{1,15}$/.test(timestamp)) return 'signature_invalid';
    const expected = Buffer.from(`v1=${createHmac('sha256', key).update(head).update(body).digest('hex')}`, 'latin1');
    const given = Buffer.from(signature, 'latin1');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'signature_invalid';
    return Math.abs(now - Number(timestamp)) > CLOCK_WINDOW_MS ? 'stale' : null;
  }
}
