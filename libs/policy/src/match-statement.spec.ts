import fc from 'fast-check';
import type { PaymentId } from '#domain';
import {
  type BookedLine,
  ENTRY_BUCKETS,
  beliefOf,
  type JournalEntry,
  LINE_BUCKETS,
  matchStatement,
} from './match-statement';

const REFERENCES = ['R1', 'R2', 'R3', 'R4'];
const money = fc.record({ value: fc.constantFrom(100, 101), currency: fc.constantFrom('CNY', 'USD') });
const operation = fc.constantFrom('charge' as const, 'refund' as const, 'reversal' as const);
const line = fc.record({
  operation,
  reference: fc.constantFrom(...REFERENCES),
  originalReference: fc.constantFrom(null, ...REFERENCES),
  amount: money,
  bankTransactionId: fc.constantFrom('T1', 'T2', 'T3', 'T4', 'T5', 'T6'),
});
const lines = fc
  .array(line, { maxLength: 12 })
  .map((all): BookedLine[] => all.map((one, index) => ({ ...one, day: '2026-11-11', position: index + 1 })));
const entries = fc.uniqueArray(
  fc.record({
    operation,
    paymentId: fc.constant('pay_1' as PaymentId),
    leg: fc.constant(1),
    reference: fc.constantFrom(...REFERENCES),
    originalReference: fc.constantFrom(null, ...REFERENCES),
    amount: money,
    belief: fc.constantFrom('done' as const, 'open' as const, 'never' as const, 'undone' as const, 'person' as const),
    absenceProven: fc.boolean(),
  }),
  { selector: ({ operation: what, reference }) => `${what} ${reference}` },
);

const LINE: BookedLine = {
  day: '2026-11-11',
  position: 1,
  operation: 'charge',
  reference: 'R1',
  originalReference: null,
  amount: { value: 100, currency: 'CNY' },
  bankTransactionId: 'T1',
};
const ENTRY: JournalEntry = {
  operation: 'charge',
  paymentId: 'pay_1' as PaymentId,
  leg: 1,
  reference: 'R1',
  originalReference: null,
  amount: { value: 100, currency: 'CNY' },
  belief: 'done',
  absenceProven: true,
};
const lineBucket = (of: Partial<BookedLine>, entry: Partial<JournalEntry> = {}) =>
  matchStatement([{ ...LINE, ...of }], [{ ...ENTRY, ...entry }]).lines[0]!.bucket;
const lonelyBucket = (entry: Partial<JournalEntry>) => matchStatement([], [{ ...ENTRY, ...entry }]).entries[0]!.bucket;

describe('a statement against the journal', () => {
  it('puts every line and every entry into exactly one bucket, and the sums add up', () => {
    fc.assert(
      fc.property(lines, entries, (booked, ours) => {
        const match = matchStatement(booked, ours);
        expect(match.lines.map((matched) => matched.line)).toEqual(booked);
        expect(match.entries.map((matched) => matched.entry)).toEqual(ours);
        expect(match.lines.every(({ bucket }) => LINE_BUCKETS.includes(bucket))).toBe(true);
        expect(match.entries.every(({ bucket }) => ENTRY_BUCKETS.includes(bucket))).toBe(true);
        const sumOf = (some: readonly BookedLine[]) => some.reduce((sum, { amount }) => sum + amount.value, 0);
        const sums = LINE_BUCKETS.map((bucket) =>
          sumOf(match.lines.filter((matched) => matched.bucket === bucket).map((matched) => matched.line)),
        );
        expect(sums.reduce((sum, one) => sum + one, 0)).toBe(sumOf(booked));
      }),
    );
  });

  it('gives an entry and its first line the same bucket, and no line to two entries', () => {
    fc.assert(
      fc.property(lines, entries, (booked, ours) => {
        const match = matchStatement(booked, ours);
        for (const { entry, bucket, line: own } of match.entries) {
          if (own !== null)
            expect(match.lines.find((matched) => matched.line === own)).toEqual({ line: own, entry, bucket });
        }
        const taken = match.entries.flatMap((matched) => matched.line ?? []);
        expect(new Set(taken).size).toBe(taken.length);
        const unclaimed = match.lines.filter(({ bucket }) => bucket === 'long' || bucket === 'duplicate').length;
        expect(taken.length + unclaimed).toBe(booked.length);
      }),
    );
  });

  it('never settles an absence that is not proven', () => {
    fc.assert(
      fc.property(lines, entries, (booked, ours) =>
        matchStatement(booked, ours).entries.every(
          ({ bucket, entry }) => !['short', 'absent', 'unreversed'].includes(bucket) || entry.absenceProven,
        ),
      ),
    );
  });

  it('believes no line that names another amount, currency or reference', () => {
    expect(lineBucket({ amount: { value: 101, currency: 'CNY' } })).toBe('amount');
    expect(lineBucket({ amount: { value: 100, currency: 'USD' } }, { belief: 'open' })).toBe('currency');
    expect(lineBucket({ reference: 'R2' })).toBe('long');
    expect(lineBucket({ operation: 'refund' })).toBe('long');
  });

  it('settles by presence, also what had ended otherwise', () => {
    expect(lineBucket({}, { belief: 'open', absenceProven: false })).toBe('settles');
    expect(lineBucket({}, { belief: 'never' })).toBe('late');
    expect(lineBucket({}, { belief: 'person' })).toBe('person');
  });

  it('finds what we have and the bank does not, once the books are complete', () => {
    expect(lonelyBucket({})).toBe('short');
    expect(lonelyBucket({ absenceProven: false })).toBe('waits');
    expect(lonelyBucket({ belief: 'open' })).toBe('absent');
    expect(lonelyBucket({ belief: 'open', operation: 'refund' })).toBe('waits');
    expect(lonelyBucket({ belief: 'never' })).toBe('agrees');
  });

  it('sees a charge that was reversed as nothing taken, and misses a reversal that the bank did not book', () => {
    const charge = { ...LINE };
    const reversal: BookedLine = {
      ...LINE,
      day: '2026-11-12',
      operation: 'reversal',
      reference: 'V1',
      originalReference: 'R1',
      bankTransactionId: 'T2',
    };
    const attempt: JournalEntry = { ...ENTRY, belief: 'undone' };
    const undo: JournalEntry = { ...ENTRY, operation: 'reversal', reference: 'V1', originalReference: 'R1' };
    const whole = matchStatement([charge, reversal], [attempt, undo]);
    expect(whole.entries.map(({ bucket }) => bucket)).toEqual(['agrees', 'agrees']);
    const half = matchStatement([charge], [attempt, undo]);
    expect(half.entries.map(({ bucket }) => bucket)).toEqual(['unreversed', 'short']);
    expect(matchStatement([], [attempt, undo]).entries.map(({ bucket }) => bucket)).toEqual(['agrees', 'agrees']);
  });

  it('finds a charge booked twice, under its reference or under its transaction', () => {
    const again = (change: Partial<BookedLine>) =>
      matchStatement([LINE, { ...LINE, position: 2, ...change }], [ENTRY]).lines.map(({ bucket }) => bucket);
    expect(again({ bankTransactionId: 'T2' })).toEqual(['agrees', 'duplicate']);
    expect(again({ reference: 'R2' })).toEqual(['agrees', 'duplicate']);
    expect(again({ day: '2026-11-12', position: 1 })).toEqual(['agrees', 'duplicate']);
  });

  it('takes an attempt that is being reversed for open, and one in a person’s hands for theirs', () => {
    expect(beliefOf({ operation: 'charge', state: 'reversing' })).toBe('open');
    expect(beliefOf({ operation: 'charge', state: 'integrity_failure' })).toBe('person');
    expect(beliefOf({ operation: 'reversal', state: 'acknowledged' })).toBe('done');
    expect(beliefOf({ operation: 'refund', state: 'unknown' })).toBe('open');
  });
});
