import { EXAMPLE_CREATE } from '../openapi/examples';
import { findCardNumber, isCardNumberInIdentifier } from './card-number-search';
import { readStrictJson } from './strict-json';

const CARD = '4111111111111111';
const find = (text: string) => {
  const read = readStrictJson(text);
  if (read.kind !== 'read') throw new Error(`${text} is ${read.kind}`);
  return findCardNumber(read.value, read.scan);
};

describe('a card number is found', () => {
  const withEveryField = { ...EXAMPLE_CREATE, return_url: 'https://shop.example.com/' };
  it.each(Object.keys(withEveryField))('as the value of %s, which may be no text at all', (field) => {
    expect(find(JSON.stringify({ ...withEveryField, [field]: CARD }))).toBe(`/${field}`);
  });

  it.each([
    ['in a nested field', { payment_method: { token: CARD } }, '/payment_method/token'],
    ['in a list', { alternatives: ['tok_a', CARD] }, '/alternatives/1'],
    ['in metadata', { metadata: { note: `card ${CARD}` } }, '/metadata/note'],
    ['in an unknown field', { pan: CARD }, '/pan'],
    ['as a number', { pan: Number(CARD) }, '/pan'],
    ['as a key', { [CARD]: 1 }, ''],
    ['as a key of metadata', { metadata: { [CARD]: 'x' } }, '/metadata'],
    ['with spaces', { description: 'pay 4111 1111 1111 1111 now' }, '/description'],
    ['with hyphens', { description: '5555-5555-5555-4444' }, '/description'],
    ['in full-width digits', { description: '４１１１１１１１１１１１１１１１' }, '/description'],
    ['in an address', { return_url: `https://shop.example.com/?card=${CARD}` }, '/return_url'],
  ])('%s', (_where, body, pointer) => expect(find(JSON.stringify(body))).toBe(pointer));

  it('behind escapes', () => expect(find('{"description":"\\u0034111111111111111"}')).toBe('/description'));

  it('in an identifier that came as a header', () => expect(isCardNumberInIdentifier(`order-${CARD}`)).toBe(true));
});

describe('no card number is seen', () => {
  it('in merchants’ own long numbers that pass Luhn by chance, where no issuer’s prefix matches', () => {
    const timestamp = '1763913600005'; // milliseconds, and Luhn-valid
    const own = { merchant_order_no: timestamp, payer_id: timestamp, metadata: { at: timestamp } };
    expect(find(JSON.stringify(own))).toBeNull();
    expect(find(JSON.stringify({ description: timestamp }))).toBe('/description');
  });

  it('in the example', () => expect(find(JSON.stringify(EXAMPLE_CREATE))).toBeNull());
});
