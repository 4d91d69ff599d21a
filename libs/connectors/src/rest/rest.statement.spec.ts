import * as fc from 'fast-check';
import { parseRestStatement } from './rest.statement';

const FILE = [
  'H,1,icbc.quickpay,2026-11-11,CNY,open',
  'D,1,charge,K7Q2M4ZP6XW3R5T8V9YA,,12800,CNY,ICBC2026111100000001,2026-11-11T00:00:00.120Z',
  'D,2,refund,R3T5V7X9Z2B4D6F8H2JA,K7Q2M4ZP6XW3R5T8V9YA,-2800,CNY,ICBC2026111100000002,2026-11-11T00:05:00.000Z',
  'T,2,10000',
  '',
].join('\n');
const parse = (text: string) => parseRestStatement(text, 'icbc.quickpay', '2026-11-11');

describe('a bank’s statement', () => {
  it('reads the example of the protocol page, amounts without sign', () => {
    expect(parse(FILE)).toEqual({
      kind: 'complete',
      date: '2026-11-11',
      closed: false,
      lines: [
        {
          operation: 'charge',
          reference: 'K7Q2M4ZP6XW3R5T8V9YA',
          originalReference: null,
          amount: { value: 12_800, currency: 'CNY' },
          bankTransactionId: 'ICBC2026111100000001',
          bookedAt: Date.UTC(2026, 10, 11, 0, 0, 0, 120),
        },
        {
          operation: 'refund',
          reference: 'R3T5V7X9Z2B4D6F8H2JA',
          originalReference: 'K7Q2M4ZP6XW3R5T8V9YA',
          amount: { value: 2_800, currency: 'CNY' },
          bankTransactionId: 'ICBC2026111100000002',
          bookedAt: Date.UTC(2026, 10, 11, 0, 5),
        },
      ],
    });
  });

  it('says whether the day is closed, because only a closed day proves an absence', () => {
    expect(parse(FILE.replace(',open', ',closed'))).toMatchObject({ kind: 'complete', closed: true });
  });

  it('reads an empty day', () => {
    expect(parse('H,1,icbc.quickpay,2026-11-11,CNY,closed\nT,0,0\n')).toMatchObject({ kind: 'complete', lines: [] });
  });

  it.each([
    ['cut off before its trailer', FILE.slice(0, FILE.indexOf('T,2'))],
    ['cut off in the middle of a line', FILE.slice(0, 120)],
    ['with a line missing', FILE.replace(/D,1.*\n/, '')],
    ['with a trailer that counts wrong', FILE.replace('T,2,', 'T,3,')],
    ['with a trailer that sums wrong', FILE.replace('T,2,10000', 'T,2,10001')],
    ['with a changed amount', FILE.replace('12800', '12900')],
    ['with a charge of negative amount', FILE.replace(',,12800', ',,-12800')],
    ['with a fraction', FILE.replace('12800', '128.00')],
    ['of another day', FILE.replace('2026-11-11,CNY', '2026-11-12,CNY')],
    ['of another channel', FILE.replace('icbc.quickpay', 'cmb.quickpay')],
    ['of another version', FILE.replace('H,1', 'H,2')],
    ['with an unknown operation', FILE.replace('charge', 'chargeback')],
    ['that is empty', ''],
  ])('is not usable when it is a file %s', (_what, text) => {
    expect(parse(text)).toMatchObject({ kind: 'unusable' });
  });

  it('never reads an amount that the file does not have, however a byte of it was changed', () => {
    fc.assert(
      fc.property(fc.nat(FILE.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (position, other) => {
        const parsed = parse(FILE.slice(0, position) + other + FILE.slice(position + 1));
        if (parsed.kind === 'unusable') return true;
        return parsed.lines.map((line) => line.amount.value).join() === '12800,2800';
      }),
    );
  });
});
