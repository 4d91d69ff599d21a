/**
 * Finds card numbers where none may be: a run of 13 to 19 digits (spaces and hyphens between them allowed) that passes the
 * Luhn check. Merchants' own identifiers are often long numbers, and one in ten passes Luhn by chance, so there an issuer prefix
 * must match too (ISO/IEC 7812: 2 and 4 to 6 Mastercard, Visa, UnionPay; 3 Amex, JCB, Diners).
 */
const DIGIT_RUN = /(?<![0-9])[0-9](?:[ -]?[0-9]){12,18}(?![0-9])/g;
const ISSUER_PREFIX = /^(?:4|5[1-5]|2[2-7]|3[0456789]|6[0245])/;

/** Does free text hold a card number? */
export function holdsCardNumber(text: string): boolean {
  return candidates(text).some(passesLuhn);
}

/** Does a merchant's own identifier hold a card number, that is, one with an issuer's prefix? */
export function identifierHoldsCardNumber(text: string): boolean {
  return candidates(text).some((digits) => ISSUER_PREFIX.test(digits) && passesLuhn(digits));
}

function candidates(text: string): string[] {
  if (text.length < 13) return [];
  return (text.match(DIGIT_RUN) ?? []).map((run) => run.replace(/[ -]/g, ''));
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}
