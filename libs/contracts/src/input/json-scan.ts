/**
 * One pass over the raw JSON text, for what JSON.parse cannot tell any more: how deep, how many keys were written, whether a number
 * is anything but a plain integer, and whether the later, dearer checks have anything to look for.
 *
 * It does not decide whether the text is JSON: JSON.parse does. On text that is not JSON its findings mean nothing, and are not used.
 */
export interface JsonScan {
  /** Deepest nesting of objects and arrays. */
  readonly depth: number;
  /** Colons outside strings: in valid JSON, one per key as written, repeats included. */
  readonly keysWritten: number;
  /** A number that is not `-?(0|[1-9][0-9]*)`, is `-0`, or lies beyond 2^53. */
  readonly oddNumber: boolean;
  /** A backslash in a string: what is written is not what is meant. */
  readonly escapes: boolean;
  /** Something beyond ASCII: other digits than 0 to 9 are possible. */
  readonly beyondAscii: boolean;
  /** 13 or more digits in a row, spaces and hyphens between them allowed: the shortest card number. */
  readonly longDigitRun: boolean;
}

const QUOTE = 34;
const MINUS = 45;
const SPACE = 32;
const COLON = 58;
const BACKSLASH = 92;
/** Shortest card number (ISO/IEC 7812). */
const CARD_DIGITS_MIN = 13;
/** 2^53 has 16 digits: a literal that is no longer is compared, a longer one is beyond it. */
const SAFE_DIGITS_MAX = 16;

export function scanJson(text: string): JsonScan {
  let depth = 0;
  let deepest = 0;
  let keysWritten = 0;
  let oddNumber = false;
  let escapes = false;
  let beyondAscii = false;
  let longDigitRun = false;
  let inString = false;
  let digits = 0;
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charCodeAt(i);
    if (c > 126) beyondAscii = true;
    if (c >= 48 && c <= 57) {
      digits += 1;
      if (digits >= CARD_DIGITS_MIN) longDigitRun = true;
    } else if (c !== SPACE && c !== MINUS) digits = 0;
    if (inString) {
      if (c === BACKSLASH) {
        escapes = true;
        i += 1; // whatever is escaped, it does not end the string
        digits = 0;
      } else if (c === QUOTE) inString = false;
      continue;
    }
    if (c === QUOTE) inString = true;
    else if (c === COLON) keysWritten += 1;
    else if (c === 123 || c === 91) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (c === 125 || c === 93) depth -= 1;
    else if (c === MINUS || (c >= 48 && c <= 57)) {
      const end = endOfNumber(text, i);
      if (!isPlainInteger(text, i, end)) oddNumber = true;
      if (end - i >= CARD_DIGITS_MIN) longDigitRun = true;
      i = end - 1;
    }
  }
  return { depth: deepest, keysWritten, oddNumber, escapes, beyondAscii, longDigitRun };
}

/** Where the characters of a number literal end: digits, sign, point, exponent. */
function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  for (; end < text.length; end += 1) {
    const c = text.charCodeAt(end);
    const inNumber = (c >= 48 && c <= 57) || c === 46 || c === 43 || c === MINUS || c === 69 || c === 101;
    if (!inNumber) break;
  }
  return end;
}

/** `-?(0|[1-9][0-9]*)` and at most 2^53 either way. JSON itself refuses leading zeros. */
function isPlainInteger(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start) === MINUS ? start + 1 : start;
  for (let i = first; i < end; i += 1) {
    const c = text.charCodeAt(i);
    if (c < 48 || c > 57) return false;
  }
  const length = end - first;
  if (length === 0 || length > SAFE_DIGITS_MAX) return false;
  if (first > start && text.charCodeAt(first) === 48) return false;
  return length < SAFE_DIGITS_MAX || text.slice(first, end) <= '9007199254740992';
}
