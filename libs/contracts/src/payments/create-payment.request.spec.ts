import * as fc from 'fast-check';
import { compileValidator } from '../input/compile-validator';
import { explain, validatorOf } from '../input/validate';
import { EXAMPLE_CREATE, EXAMPLE_CREATE_MINIMAL } from '../openapi/examples';
import { CreatePaymentRequest, crossFieldErrors } from './create-payment.request';

const errorsOf = validatorOf(CreatePaymentRequest);
const found = (change: object) =>
  errorsOf({ ...EXAMPLE_CREATE, ...change }).map(({ pointer, code }) => `${pointer} ${code}`);

describe('a payment’s body', () => {
  it.each([
    ['with every field', EXAMPLE_CREATE],
    ['with the least that is enough', EXAMPLE_CREATE_MINIMAL],
    [
      'with null for what is left out',
      { ...EXAMPLE_CREATE_MINIMAL, payer_id: null, routing: null, tier: null, expires_at: null, metadata: null },
    ],
    ['with a return address', { ...EXAMPLE_CREATE, return_url: 'https://shop.example.com/o/1?x=%20y#z' }],
  ])('is taken %s', (_what, body) => expect(errorsOf(body)).toEqual([]));

  it.each([
    ['no order number', { merchant_order_no: undefined }, '/merchant_order_no required'],
    ['null as order number', { merchant_order_no: null }, '/merchant_order_no required'],
    ['an empty order number', { merchant_order_no: '' }, '/merchant_order_no merchant_order_no'],
    ['an order number with a space', { merchant_order_no: 'a b' }, '/merchant_order_no merchant_order_no'],
    ['an order number with a line end', { merchant_order_no: 'a\n' }, '/merchant_order_no merchant_order_no'],
    ['an order number of 65', { merchant_order_no: 'x'.repeat(65) }, '/merchant_order_no merchant_order_no'],
    ['an order number in Chinese', { merchant_order_no: '订单' }, '/merchant_order_no merchant_order_no'],
    ['no amount', { amount: undefined }, '/amount required'],
    ['a number as amount', { amount: 19900 }, '/amount not_an_object'],
    ['a list as amount', { amount: [] }, '/amount not_an_object'],
    ['an empty amount', { amount: {} }, '/amount/value required'],
    ['zero', { amount: { value: 0, currency: 'CNY' } }, '/amount/value amount_value'],
    ['a negative amount', { amount: { value: -1, currency: 'CNY' } }, '/amount/value amount_value'],
    ['a float', { amount: { value: 1.5, currency: 'CNY' } }, '/amount/value amount_value'],
    ['a text as value', { amount: { value: '100', currency: 'CNY' } }, '/amount/value amount_value'],
    ['too much', { amount: { value: 1_000_000_000_000, currency: 'CNY' } }, '/amount/value amount_value'],
    ['no such currency', { amount: { value: 1, currency: 'XXX' } }, '/amount/currency currency'],
    ['a currency in small letters', { amount: { value: 1, currency: 'cny' } }, '/amount/currency currency'],
    ['a currency of the prototype', { amount: { value: 1, currency: 'toString' } }, '/amount/currency currency'],
    [
      'an unknown field in amount',
      { amount: { value: 1, currency: 'CNY', minor: true } },
      '/amount/minor unknown_field',
    ],
    ['no payment method', { payment_method: undefined }, '/payment_method required'],
    ['a token for a payment method', { payment_method: 'tok_a' }, '/payment_method not_an_object'],
    ['a payment method without a token', { payment_method: {} }, '/payment_method/token required'],
    ['a token with a slash', { payment_method: { token: 'a/b' } }, '/payment_method/token instrument_token'],
    ['alternatives that are no list', { alternatives: 'tok_a' }, '/alternatives alternatives'],
    ['eight alternatives', { alternatives: [...'abcdefgh'] }, '/alternatives alternatives'],
    ['an alternative twice', { alternatives: ['a', 'a'] }, '/alternatives alternatives'],
    ['an alternative that is no text', { alternatives: [1] }, '/alternatives instrument_token'],
    ['a mode nobody knows', { routing: { mode: 'auto' } }, '/routing/mode routing_mode'],
    ['a wait beyond ten minutes', { routing: { max_wait_ms: 600_001 } }, '/routing/max_wait_ms max_wait_ms'],
    ['a list as routing', { routing: [] }, '/routing not_an_object'],
    ['a tier by number', { tier: 1 }, '/tier tier'],
    ['another answer to a decline', { on_decline: 'retry' }, '/on_decline on_decline'],
    ['a time without offset', { expires_at: '2026-11-11T00:05:00' }, '/expires_at expires_at'],
    ['30 February', { expires_at: '2026-02-30T00:05:00Z' }, '/expires_at expires_at'],
    ['24 o’clock', { expires_at: '2026-11-11T24:00:00Z' }, '/expires_at expires_at'],
    ['epoch ms', { expires_at: 1_794_326_400_000 }, '/expires_at expires_at'],
    ['a script as return address', { return_url: 'javascript:alert(1)' }, '/return_url return_url'],
    ['credentials in the return address', { return_url: 'https://a:b@example.com/' }, '/return_url return_url'],
    ['a return address without a host', { return_url: 'https:///x' }, '/return_url return_url'],
    ['a return address with a tab', { return_url: 'https://exa\tmple.com/' }, '/return_url return_url'],
    ['a long description', { description: 'x'.repeat(129) }, '/description description'],
    ['a description that reorders itself', { description: 'pay \u202eoot' }, '/description description'],
    ['a description with a line end', { description: 'a\nb' }, '/description description'],
    ['a description that is not NFC', { description: 'e\u0301' }, '/description description'],
    ['metadata with a number in it', { metadata: { a: 1 } }, '/metadata metadata'],
    ['metadata in depth', { metadata: { a: {} } }, '/metadata metadata'],
    ['a long key of metadata', { metadata: { ['k'.repeat(41)]: 'x' } }, '/metadata metadata'],
    [
      '51 keys of metadata',
      { metadata: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, ''])) },
      '/metadata metadata',
    ],
    ['an unknown field', { amuont: 1 }, '/amuont unknown_field'],
    ['a field of every object’s prototype', { hasOwnProperty: 1 }, '/hasOwnProperty unknown_field'],
    ['another one', { toString: 'x' }, '/toString unknown_field'],
    ['a field that needs escaping in a pointer', { 'a/b~c': 1 }, '/a~1b~0c unknown_field'],
  ])('is refused with %s', (_what, change, error) => expect(found(change)).toContain(error));

  it('says everything that is wrong at once, and each thing once', () => {
    expect(errorsOf({ amount: { value: 0 } })).toEqual([
      { pointer: '/merchant_order_no', code: 'required' },
      { pointer: '/amount/value', code: 'amount_value' },
      { pointer: '/amount/currency', code: 'required' },
      { pointer: '/payment_method', code: 'required' },
    ]);
  });

  it('does not list the choice itself among the alternatives', () => {
    const body = { ...EXAMPLE_CREATE, alternatives: [EXAMPLE_CREATE.payment_method.token] };
    expect(crossFieldErrors(body)).toEqual([{ pointer: '/alternatives', code: 'alternatives' }]);
    expect(crossFieldErrors(EXAMPLE_CREATE)).toEqual([]);
  });
});

describe('the compiled validator and class-validator', () => {
  const isValid = compileValidator(CreatePaymentRequest);
  const agree = (body: unknown) =>
    expect({ body, valid: isValid(body) }).toEqual({ body, valid: explain(CreatePaymentRequest, body).length === 0 });

  const hostile = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      undefined,
      '',
      0,
      -0,
      -1,
      1.5,
      2 ** 53,
      NaN,
      true,
      [],
      {},
      [null],
      ['a', 'a'],
      { value: 1 },
      '\u202e',
    ),
    fc.string(),
    fc.integer(),
    fc.array(fc.string(), { maxLength: 9 }),
    fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }),
    fc.constantFrom('CNY', 'tok_a', 'suggest', 'bulk', 'fail', '2026-11-11T00:05:00+08:00', 'https://a.example/', 'é'),
  );
  const paths = [
    ...Object.keys({ ...EXAMPLE_CREATE, return_url: '', on_decline: '', tier: '' }).map((field) => [field]),
    ['amount', 'value'],
    ['amount', 'currency'],
    ['amount', 'extra'],
    ['payment_method', 'token'],
    ['routing', 'mode'],
    ['routing', 'max_wait_ms'],
    ['extra'],
    ['toString'],
    ['hasOwnProperty'],
  ];
  const change = fc.tuple(fc.constantFrom(...paths), hostile, fc.boolean());

  it('agree on bodies that are valid, nearly so, and hostile', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(EXAMPLE_CREATE, EXAMPLE_CREATE_MINIMAL),
        fc.array(change, { maxLength: 3 }),
        (base, changes) => {
          const body = structuredClone(base) as unknown as Record<string, unknown>;
          for (const [[first, second], value, remove] of changes) {
            const owner = second === undefined ? body : body[first!];
            if (typeof owner !== 'object' || owner === null) continue;
            if (remove) delete (owner as Record<string, unknown>)[second ?? first!];
            else (owner as Record<string, unknown>)[second ?? first!] = value;
          }
          agree(body);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it.each([[null], [undefined], ['text'], [[]], [1]])('agree that %p is no body', agree);
});
