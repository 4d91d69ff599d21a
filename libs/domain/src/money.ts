/**
 * Money is an integer of minor units (fen, cents) with an ISO 4217 currency. Never a float, never a string in arithmetic.
 *
 * The largest amount, 999 999 999 999 minor units (9.99 thousand million yuan), is far below 2^53, so a JavaScript number
 * holds every legal amount exactly; PostgreSQL holds it as bigint. Sums over many payments belong in PostgreSQL.
 */
import { CURRENCY_DIGITS } from './currency-digits';

/** An amount in minor units of `currency`. */
export interface Money {
  readonly value: number;
  readonly currency: string;
}

/** Smallest and largest amount of one payment or refund, in minor units (design.md, money rule 10). */
export const AMOUNT_MIN = 1;
export const AMOUNT_MAX = 999_999_999_999;

/** What an amount looks like in the raw JSON text: no sign, no point, no exponent, no leading zero, at most 12 digits. */
export const AMOUNT_TEXT = /^[1-9][0-9]{0,11}$/;

/** Is this an amount that a payment or a refund may carry? */
export function isAmount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= AMOUNT_MIN && (value as number) <= AMOUNT_MAX;
}

/** Is this a currency of ISO 4217's list one that has minor units? Funds and precious metals are not payable. */
export function isCurrency(code: unknown): code is string {
  return typeof code === 'string' && Object.hasOwn(CURRENCY_DIGITS, code);
}

/** Same amount and same currency. */
export function sameMoney(a: Money, b: Money): boolean {
  return a.value === b.value && a.currency === b.currency;
}

/** For people: 19900 CNY reads "199.00 CNY". @throws RangeError for a currency that is not in the table. */
export function formatMoney(money: Money): string {
  const digits = CURRENCY_DIGITS[money.currency];
  if (digits === undefined) throw new RangeError(`${money.currency} is not a payable ISO 4217 currency`);
  const text = String(money.value).padStart(digits + 1, '0');
  const whole = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return `${whole} ${money.currency}`;
}
