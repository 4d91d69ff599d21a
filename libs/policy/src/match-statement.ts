/**
 * Does the bank's statement agree with the journal? Matched by reference, never by date (money.md section 11). Presence settles;
 * absence says nothing until it is proven, which the caller knows. Every line and every entry ends in exactly one bucket.
 */
import type { AttemptState, Money, PaymentId, RefundState, ReversalState } from '#domain';
import { sameMoney } from '#domain';
import type { BankDay } from './statement-days';

export type BookedOperation = 'charge' | 'refund' | 'reversal';

/** A line of a statement, with its place. */
export interface BookedLine {
  readonly day: BankDay;
  /** 1, 2, 3 … within the day. */
  readonly position: number;
  readonly operation: BookedOperation;
  readonly reference: string;
  readonly originalReference: string | null;
  readonly amount: Money;
  readonly bankTransactionId: string;
}

/**
 * What the journal believes of one movement of money. `done`: it happened. `open`: its fate is not known here. `never`: it did not
 * happen. `undone`: it may have happened and was reversed. `person`: two persons are to settle it.
 */
export type Belief = 'done' | 'open' | 'never' | 'undone' | 'person';

/** A movement of money as the journal has it: an attempt, a refund or a reversal. */
export interface JournalEntry {
  readonly operation: BookedOperation;
  readonly paymentId: PaymentId;
  readonly leg: number;
  readonly reference: string;
  /** Refund and reversal: the attempt they undo. */
  readonly originalReference: string | null;
  readonly amount: Money;
  readonly belief: Belief;
  /** Whether a line for it would have to be among the lines, were there one. See statement-days.ts. */
  readonly absenceProven: boolean;
}

/** The states of what the journal has, by the operation that would stand in the bank's book. */
export type Movement =
  | { readonly operation: 'charge'; readonly state: AttemptState }
  | { readonly operation: 'refund'; readonly state: RefundState }
  | { readonly operation: 'reversal'; readonly state: ReversalState };

/** What a state says about the bank's book. */
export function beliefOf(movement: Movement): Belief {
  switch (movement.operation) {
    case 'charge':
      return OF_ATTEMPT[movement.state];
    case 'refund':
      return OF_REFUND[movement.state];
    case 'reversal':
      return OF_REVERSAL[movement.state];
  }
}

const OF_ATTEMPT: Readonly<Record<AttemptState, Belief>> = {
  dispatched: 'open',
  requires_action: 'open',
  unknown: 'open',
  reversing: 'open',
  succeeded: 'done',
  declined: 'never',
  not_sent: 'never',
  reversed: 'undone',
  integrity_failure: 'person',
};

const OF_REFUND: Readonly<Record<RefundState, Belief>> = {
  requested: 'open',
  dispatched: 'open',
  unknown: 'open',
  succeeded: 'done',
  declined: 'never',
};

const OF_REVERSAL: Readonly<Record<ReversalState, Belief>> = {
  requested: 'open',
  acknowledged: 'done',
  refused: 'never',
  // the bank took it back and charged all the same: both stand in its book
  overtaken: 'done',
};

export const LINE_BUCKETS = [
  /** Both books say the same. */
  'agrees',
  /** The bank has it, our entry is open: the line settles it. */
  'settles',
  /** The bank has it, we had ended it otherwise: a late success. */
  'late',
  /** 长款: the bank has it, we do not. */
  'long',
  'amount',
  'currency',
  /** The same reference or the same transaction stands in the books once more. */
  'duplicate',
  /** We have it reversed, the bank's books, complete by now, have no reversal. */
  'unreversed',
  /** It was to be reversed; the day on which that would stand is not loaded yet. */
  'waits',
  'person',
] as const;
export type LineBucket = (typeof LINE_BUCKETS)[number];

export const ENTRY_BUCKETS = [
  ...LINE_BUCKETS.filter((bucket) => bucket !== 'long' && bucket !== 'duplicate'),
  /** 短款: we have it, the bank does not. */
  'short',
  /** Open here, and the bank's books, complete by now, do not have it: it was never charged. */
  'absent',
] as const;
export type EntryBucket = Exclude<LineBucket, 'long' | 'duplicate'> | 'short' | 'absent';

export interface MatchedLine {
  readonly line: BookedLine;
  readonly bucket: LineBucket;
  readonly entry: JournalEntry | null;
}

export interface MatchedEntry {
  readonly entry: JournalEntry;
  readonly bucket: EntryBucket;
  /** The first of its lines. */
  readonly line: BookedLine | null;
}

export interface StatementMatch {
  /** In the order given. */
  readonly lines: readonly MatchedLine[];
  /** In the order given. */
  readonly entries: readonly MatchedEntry[];
}

/**
 * @param lines of one channel, in order of day and position: those of the day looked at, and those of other loaded days that share a
 *   reference or a transaction with them or name one of the entries
 * @param entries of the same channel, each (operation, reference) once
 */
export function matchStatement(lines: readonly BookedLine[], entries: readonly JournalEntry[]): StatementMatch {
  const entryByKey = new Map(entries.map((entry) => [keyOf(entry), entry]));
  const transactions = new Set<string>();
  const firstByKey = new Map<string, BookedLine>();
  const reversed = new Set<string>();
  const repeats = new Set<BookedLine>();
  for (const line of lines) {
    const key = keyOf(line);
    if (firstByKey.has(key) || transactions.has(line.bankTransactionId)) repeats.add(line);
    else firstByKey.set(key, line);
    transactions.add(line.bankTransactionId);
    if (line.operation === 'reversal' && line.originalReference !== null) reversed.add(line.originalReference);
  }
  return {
    lines: lines.map((line) => {
      const entry = entryByKey.get(keyOf(line)) ?? null;
      if (repeats.has(line)) return { line, entry, bucket: 'duplicate' };
      return { line, entry, bucket: entry === null ? 'long' : presence(line, entry, reversed) };
    }),
    entries: entries.map((entry) => {
      const line = firstByKey.get(keyOf(entry)) ?? null;
      if (line !== null) return { entry, line, bucket: presence(line, entry, reversed) };
      return { entry, line, bucket: absence(entry, firstByKey) };
    }),
  };
}

function keyOf({ operation, reference }: Pick<BookedLine, 'operation' | 'reference'>): string {
  return `${operation} ${reference}`;
}

function presence(
  line: BookedLine,
  entry: JournalEntry,
  reversed: ReadonlySet<string>,
): Exclude<LineBucket, 'long' | 'duplicate'> {
  if (line.amount.currency !== entry.amount.currency) return 'currency';
  if (!sameMoney(line.amount, entry.amount)) return 'amount';
  switch (entry.belief) {
    case 'done':
      return 'agrees';
    case 'open':
      return 'settles';
    case 'never':
      return 'late';
    case 'undone':
      if (reversed.has(entry.reference)) return 'agrees';
      return entry.absenceProven ? 'unreversed' : 'waits';
    case 'person':
      return 'person';
  }
}

function absence(entry: JournalEntry, booked: ReadonlyMap<string, BookedLine>): EntryBucket {
  switch (entry.belief) {
    case 'never':
    case 'undone':
      return 'agrees';
    case 'person':
      return 'person';
    case 'open':
      // A refund or a reversal on its way is repeated under its own rules until the bank has decided.
      return entry.absenceProven && entry.operation === 'charge' ? 'absent' : 'waits';
    case 'done': {
      // A reversal of what was never charged moved no money, so no book has it.
      const charge = entry.originalReference === null ? undefined : booked.get(`charge ${entry.originalReference}`);
      if (entry.operation === 'reversal' && charge === undefined) return 'agrees';
      return entry.absenceProven ? 'short' : 'waits';
    }
  }
}
