import { CURRENCY_DIGITS } from './currency-digits';
import { AMOUNT_MAX, AMOUNT_TEXT, formatMoney, isAmount, isCurrency, sameMoney } from './money';

describe('an amount', () => {
  it('is a whole number of minor units from 1 to 999999999999', () => {
    for (const value of [1, 19_900, AMOUNT_MAX]) expect(isAmount(value)).toBe(true);
    for (const value of [0, -1, 1.5, AMOUNT_MAX + 1, NaN, Infinity, '100', null, 100n])
      expect(isAmount(value)).toBe(false);
  });

  it('reads in the raw text without sign, point, exponent or leading zero', () => {
    for (const text of ['1', '19900', '999999999999']) expect(AMOUNT_TEXT.test(text)).toBe(true);
    for (const text of ['0', '01', '1.0', '1e2', '-1', '+1', '1000000000000', '１', ''])
      expect(AMOUNT_TEXT.test(text)).toBe(false);
  });

  it('is shown with the digits of its currency', () => {
    expect(formatMoney({ value: 19_900, currency: 'CNY' })).toBe('199.00 CNY');
    expect(formatMoney({ value: 5, currency: 'CNY' })).toBe('0.05 CNY');
    expect(formatMoney({ value: 500, currency: 'JPY' })).toBe('500 JPY');
    expect(formatMoney({ value: 1_500, currency: 'KWD' })).toBe('1.500 KWD');
    expect(() => formatMoney({ value: 1, currency: 'XAU' })).toThrow(/XAU/);
  });

  it('equals another only in amount and currency', () => {
    expect(sameMoney({ value: 1, currency: 'CNY' }, { value: 1, currency: 'CNY' })).toBe(true);
    expect(sameMoney({ value: 1, currency: 'CNY' }, { value: 1, currency: 'USD' })).toBe(false);
  });
});

describe('a currency', () => {
  it('is payable only if the standard lists it with minor units', () => {
    expect(isCurrency('CNY')).toBe(true);
    for (const code of ['cny', 'XXX', 'RMB', 'constructor', '', 3]) expect(isCurrency(code)).toBe(false);
    expect(Object.keys(CURRENCY_DIGITS).length).toBeGreaterThan(150);
  });
});
