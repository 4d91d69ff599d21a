/**
 * Is there a card number anywhere in a body, keys and unknown fields included? It is refused before anything else is said about
 * the body, so that no later message, log line or table can hold it.
 *
 * Merchants' own numbers are long, and one long number in ten passes the Luhn check by chance. Where merchants put them
 * (order number, payer, metadata, return address) an issuer's prefix must match too; elsewhere Luhn alone is enough.
 */
import { holdsCardNumber, identifierHoldsCardNumber } from '#domain';
import type { JsonScan } from './json-scan';
import { pointerStep } from './pointer';

/** Top-level fields that carry merchants' own identifiers, themselves or inside. */
const OWN_IDENTIFIERS: ReadonlySet<string> = new Set(['merchant_order_no', 'payer_id', 'return_url', 'metadata']);

/**
 * @param scan of the same body: most bodies hold no 13 digits in a row and are not searched at all
 * @returns pointer of the field, or of the object whose key is one; null if there is none
 */
export function findCardNumber(body: Readonly<Record<string, unknown>>, scan: JsonScan): string | null {
  if (!scan.longDigitRun && !scan.escapes && !scan.beyondAscii) return null;
  for (const key of Object.keys(body)) {
    if (isCardNumber(key, false)) return '';
    const found = search(body[key], pointerStep(key), OWN_IDENTIFIERS.has(key));
    if (found !== null) return found;
  }
  return null;
}

/** Is there a card number in a merchant's own identifier that came another way: a header, a query? */
export function isCardNumberInIdentifier(text: string): boolean {
  return isCardNumber(text, true);
}

function search(value: unknown, pointer: string, ownIdentifier: boolean): string | null {
  if (typeof value === 'string') return isCardNumber(value, ownIdentifier) ? pointer : null;
  if (typeof value === 'number') return isCardNumber(String(value), ownIdentifier) ? pointer : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    if (isCardNumber(key, ownIdentifier)) return pointer;
    const found = search(inner, pointer + pointerStep(key), ownIdentifier);
    if (found !== null) return found;
  }
  return null;
}

const BEYOND_ASCII = /[^\x20-\x7e]/;

function isCardNumber(text: string, ownIdentifier: boolean): boolean {
  if (text.length < 13) return false;
  // Full-width and other digits mean the same to a reader: ４１１１ is 4111.
  const plain = BEYOND_ASCII.test(text) ? text.normalize('NFKC') : text;
  return ownIdentifier ? identifierHoldsCardNumber(plain) : holdsCardNumber(plain);
}
