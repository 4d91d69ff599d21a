import fc from 'fast-check';
import { holdsCardNumber, identifierHoldsCardNumber } from './card-number';

const CARDS = ['4111111111111111', '6222021234567890128', '5555555555554444', '378282246310005', '3530111333300000'];

describe('finding card numbers', () => {
  it('finds one in free text, however it is written', () => {
    for (const card of CARDS.filter((text) => luhn(text))) {
      expect(holdsCardNumber(card)).toBe(true);
      expect(holdsCardNumber(`pay with ${card.replace(/(.{4})/g, '$1 ')}please`)).toBe(true);
      expect(holdsCardNumber(card.replace(/(.{4})(?=.)/g, '$1-'))).toBe(true);
      expect(identifierHoldsCardNumber(`order-${card}`)).toBe(true);
    }
  });

  it('leaves long identifiers alone that no card issuer could have given out', () => {
    expect(identifierHoldsCardNumber('9999999999999995')).toBe(false);
    expect(holdsCardNumber('20261111000123')).toBe(luhn('20261111000123'));
  });

  it('never sees a card in fewer than 13 or more than 19 digits in a row', () => {
    expect(holdsCardNumber('411111111111')).toBe(false);
    expect(holdsCardNumber('41111111111111111111111111')).toBe(false);
  });

  it('agrees with the definition on every run of digits', () => {
    fc.assert(fc.property(fc.stringMatching(/^[0-9]{13,19}$/), (digits) => holdsCardNumber(digits) === luhn(digits)));
  });
});

function luhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, position) => {
    const value = Number(digit) * (position % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
