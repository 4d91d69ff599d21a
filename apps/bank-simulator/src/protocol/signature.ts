/**
 * Who wrote this message, and which question does it answer? HMAC-SHA256 over the exact bytes, as
 * `docs/bank-protocol.md` section 2 defines it; the vectors there are this file's test.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export const KEY_ID = 'k1';

/** Widest difference between the sender's clock and ours, ms: ISO hosts agree to seconds; five minutes forgives a bad NTP day. */
export const TIMESTAMP_WINDOW_MS = 300_000;

const hmac = (secret: string, text: string): string => `v1=${createHmac('sha256', secret).update(text).digest('hex')}`;

/** Signature of a request or a notification. `path` is the request target with its query. */
export function signRequest(secret: string, method: string, path: string, timestamp: string, body: string): string {
  return hmac(secret, `${method}\n${path}\n${timestamp}\n${body}`);
}

/** Signature of an answer, bound to the request by the request's own signature (empty if it had none). */
export function signAnswer(
  secret: string,
  status: number,
  path: string,
  timestamp: string,
  requestSignature: string,
  body: string,
): string {
  return hmac(secret, `${status}\n${path}\n${timestamp}\n${requestSignature}\n${body}`);
}

export interface SignedHeaders {
  readonly keyId: string | undefined;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
}

/** Why a request's signature is not accepted, as a sentence for the caller; null if it is good. */
export function signatureProblem(
  secret: string,
  headers: SignedHeaders,
  method: string,
  path: string,
  body: string,
  nowMs: number,
): string | null {
  const { keyId, timestamp, signature } = headers;
  if (keyId === undefined || timestamp === undefined || signature === undefined) {
    return 'Bank-Key-Id, Bank-Timestamp and Bank-Signature are required';
  }
  if (keyId !== KEY_ID) return `Bank-Key-Id is not known; this bank holds the key "${KEY_ID}"`;
  if (!/^[0-9]{1,15}$/.test(timestamp)) return 'Bank-Timestamp must be milliseconds since 1970-01-01 UTC, in digits';
  if (Math.abs(nowMs - Number(timestamp)) > TIMESTAMP_WINDOW_MS) {
    return `Bank-Timestamp is more than ${TIMESTAMP_WINDOW_MS / 1000} s from the bank's clock`;
  }
  const expected = Buffer.from(signRequest(secret, method, path, timestamp, body));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return 'Bank-Signature does not fit; sign METHOD, PATH with query, TIMESTAMP and BODY, joined by line feeds';
  }
  return null;
}
