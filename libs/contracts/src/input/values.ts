/** Predicates on single values of a request, and the readers of those that are converted. */
const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d{1,9})?(?:Z|[+-](\d{2}):(\d{2}))$/;
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;
/** Control characters, line separators, and the characters that reorder what a cashier reads. */
const UNSAFE_TEXT = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** A text that matches; the expressions used are linear. */
export function matches(expression: RegExp): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && expression.test(value);
}

/** @returns wall-clock ms, or null where the text is no RFC 3339 time with an offset, or no day of the calendar */
export function parseTime(text: string): number | null {
  const parts = RFC_3339.exec(text);
  if (!parts) return null;
  const [year, month, day, hour, minute, second, offsetHour = 0, offsetMinute = 0] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  if (hour! > 23 || minute! > 59 || second! > 59 || offsetHour > 23 || offsetMinute > 59) return null;
  // The engine turns 30 February into 2 March; the calendar does not.
  const calendar = new Date(Date.UTC(year!, month! - 1, day));
  if (calendar.getUTCMonth() !== month! - 1 || calendar.getUTCDate() !== day || calendar.getUTCFullYear() !== year)
    return null;
  const ms = Date.parse(text);
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}

/** See parseTime. */
export function isTime(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 40 && parseTime(value) !== null;
}

/** An absolute http(s) address that a bank's page may send the payer back to. */
export function isReturnUrl(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > 2048 || !VISIBLE_ASCII.test(value)) return false;
  if (!/^https?:\/\/[^/\\]/i.test(value)) return false;
  try {
    const url = new URL(value);
    return (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === '';
  } catch {
    return false;
  }
}

/** Short text for people: what is shown is what was sent. */
export function isDescription(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > 128) return false;
  return !UNSAFE_TEXT.test(value) && value === value.normalize('NFC');
}

/** A flat map of short strings. */
export function isMetadata(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  if (entries.length > 50) return false;
  return entries.every(
    ([key, text]) => key.length >= 1 && key.length <= 40 && typeof text === 'string' && text.length <= 500,
  );
}

/** At most 7 entries, none twice. What each entry looks like is another rule. */
export function isTokenList(value: unknown): boolean {
  return Array.isArray(value) && value.length <= 7 && new Set(value).size === value.length;
}

/** A whole number within bounds; not -0, which is written differently than it counts. */
export function isWholeNumber(min: number, max: number): (value: unknown) => boolean {
  return (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max && !Object.is(value, -0);
}
