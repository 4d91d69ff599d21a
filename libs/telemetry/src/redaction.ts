/**
 * What may never stand in a log line: secrets by the name of their field, card numbers wherever they are, passwords in addresses.
 */
import { holdsCardNumber } from '#domain';

/** Field names whose values are never written, whatever they hold. */
const SECRET_NAME = /^(authorization|api_?key|secret|password|bank_?token|token|cookie|database_?url|redis_?url)$/i;
/** `scheme://user:password@host`: the part between the slashes and the @. Bounded, so that a long text costs no more. */
const CREDENTIALS_IN_URL = /([a-z]{1,16}:\/\/)[^\s/@]{1,256}@/gi;
/** Facts are flat by habit; whatever lies deeper than this is not written out. */
const DEPTH_MAX = 4;

const REMOVED = '[removed]';
const CARD_NUMBER_REMOVED = '[card number removed]';

/** A copy without secrets. Errors become their text. */
export function withoutSecrets<T>(value: T): T {
  return clean(value, 0) as T;
}

function clean(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return cleanText(value.stack ?? String(value));
  if (depth >= DEPTH_MAX) return '[deeper]';
  if (Array.isArray(value)) return value.map((item) => clean(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      cleanText(name),
      SECRET_NAME.test(name) ? REMOVED : clean(inner, depth + 1),
    ]),
  );
}

function cleanText(text: string): string {
  if (holdsCardNumber(text)) return CARD_NUMBER_REMOVED;
  return text.includes('://') ? text.replace(CREDENTIALS_IN_URL, '$1[removed]@') : text;
}
