import * as fc from 'fast-check';
import { readStrictJson } from './strict-json';

const faultOf = (text: string) => {
  const read = readStrictJson(text);
  return read.kind === 'malformed' ? read.fault : read.kind;
};

describe('a body is taken as it was written, or not at all', () => {
  it.each([
    ['', 'syntax'],
    ['{', 'syntax'],
    ['{"a":1}}', 'syntax'],
    ['{"a":1} {"a":1}', 'syntax'],
    ['{"a":01}', 'syntax'],
    ["{'a':1}", 'syntax'],
    ['{"a":1,}', 'syntax'],
    ['{"a":NaN}', 'syntax'],
    ['{"a":"\n"}', 'syntax'],
    ['\ufeff{"a":1}', 'byte_order_mark'],
    ['[]', 'not_an_object'],
    ['null', 'not_an_object'],
    ['"text"', 'not_an_object'],
    ['{"a":1,"a":1}', 'duplicate_key'],
    ['{"a":1,"\\u0061":1}', 'duplicate_key'],
    ['{"o":{"a":":","a":{}}}', 'duplicate_key'],
    ['{"__proto__":{}}', 'forbidden_key'],
    ['{"\\u005f_proto__":{}}', 'forbidden_key'],
    ['{"o":[{"constructor":1}]}', 'forbidden_key'],
    ['{"prototype":null}', 'forbidden_key'],
    ['{"a":"\\ud800"}', 'broken_text'],
    ['{"\\udc00":1}', 'broken_text'],
    [`${'{"a":'.repeat(9)}1${'}'.repeat(9)}`, 'too_deep'],
    ['[[[[[[[[[1]]]]]]]]]', 'too_deep'],
    [JSON.stringify(Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`k${i}`, 1]))), 'too_many_keys'],
  ])('%s: %s', (text, fault) => expect(faultOf(text)).toBe(fault));

  it('survives a hundred kilobytes of brackets', () => {
    expect(faultOf('['.repeat(100_000))).toBe('too_deep');
    expect(faultOf('{"a":'.repeat(20_000))).toBe('too_deep');
  });

  it.each([
    '1.0',
    '1e2',
    '1E2',
    '100.5',
    '-0',
    '9007199254740993',
    '99999999999999999999',
    '-9007199254740993',
    '1e400',
  ])('refuses the number %s rather than round it, and says where', (number) =>
    expect(readStrictJson(`{"amount":{"list":[1,${number}],"currency":"CNY"}}`)).toEqual({
      kind: 'odd_number',
      pointer: '/amount/list/1',
    }),
  );

  it.each(['0', '1', '-1', '999999999999', '9007199254740992', '-9007199254740992'])(
    'takes the number %s',
    (number) => {
      expect(readStrictJson(`{"a":${number}}`)).toMatchObject({ kind: 'read', value: { a: Number(number) } });
    },
  );

  it('takes whatever an honest program writes, and gives it back unchanged', () => {
    const leaf = fc.oneof(fc.string({ unit: 'grapheme' }), fc.maxSafeInteger(), fc.boolean(), fc.constant(null));
    const key = fc
      .string({ unit: 'grapheme' })
      .filter((text) => !['__proto__', 'constructor', 'prototype'].includes(text));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.dictionary(key, fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }), tie('tree')), {
        maxKeys: 3,
        noNullPrototype: true,
      }),
    }));
    fc.assert(
      fc.property(tree, fc.constantFrom(undefined, 2), (value, indent) => {
        fc.pre(depthOf(value) <= 8 && keysOf(value) <= 64 && !JSON.stringify(value).includes('-0'));
        expect(readStrictJson(JSON.stringify(value, null, indent))).toMatchObject({ kind: 'read', value });
      }),
    );
  });

  it('never takes what JSON.parse refuses, nor reads it differently', () => {
    const near = fc.array(
      fc.constantFrom('{', '}', '[', ']', '"', ':', ',', 'a', '\\', '1', '.', '-', 'e', ' ', '"a":', 'null'),
      {
        maxLength: 24,
      },
    );
    fc.assert(
      fc.property(near, (parts) => {
        const text = parts.join('');
        const read = readStrictJson(text);
        if (read.kind === 'read') expect(read.value).toEqual(JSON.parse(text));
      }),
      { numRuns: 2_000 },
    );
  });
});

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

function keysOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return own + Object.values(value).reduce<number>((sum, inner) => sum + keysOf(inner), 0);
}
