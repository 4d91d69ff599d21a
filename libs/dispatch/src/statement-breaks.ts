/** Where a bank's book and the journal do not agree: what an operator reads, with both sides of it. */
import type { AuditFacts, ChannelId, PaymentId, WorklistDraft, WorklistKind } from '#domain';
import { attemptSubject } from '#domain';
import type { BankDay, BookedLine, EntryBucket, JournalEntry, LineBucket, StatementMatch } from '#policy';

/** Where the books do not agree, or no longer do. */
export interface Break {
  readonly kind: WorklistKind;
  readonly subject: string;
  readonly facts: AuditFacts;
}

const BREAK_OF_LINE: Partial<Record<LineBucket, WorklistKind>> = { long: 'break_long', duplicate: 'break_duplicate' };
const BREAK_OF_ENTRY: Partial<Record<EntryBucket, WorklistKind>> = {
  short: 'break_short',
  amount: 'break_amount',
  currency: 'break_currency',
  unreversed: 'break_unreversed',
};

/** A break as an item for the worklist, with the entry that it is about where there is one to be moved. */
export type FoundBreak = WorklistDraft & { readonly about?: JournalEntry };

export function breaksOf(channelId: ChannelId, match: StatementMatch): FoundBreak[] {
  const ofLines = match.lines.flatMap(({ line, bucket, entry }): FoundBreak[] => {
    const kind = BREAK_OF_LINE[bucket];
    if (!kind) return [];
    const place = bucket === 'duplicate' ? `/${line.day}/${line.position}` : '';
    const subject = `${channelId}/${line.operation}/${line.reference}${place}`;
    return [{ kind, subject, ...paymentOf(entry), channelId, facts: factsOf(line, entry) }];
  });
  const ofEntries = match.entries.flatMap(({ entry, bucket, line }): FoundBreak[] => {
    const kind = BREAK_OF_ENTRY[bucket];
    if (!kind) return [];
    const attempt = attemptSubject(entry.paymentId, entry.leg);
    const subject = entry.operation === 'charge' ? attempt : `${attempt}/${entry.operation}/${entry.reference}`;
    return [{ kind, subject, ...paymentOf(entry), channelId, facts: factsOf(line, entry), about: entry }];
  });
  return [...ofLines, ...ofEntries];
}

function paymentOf(entry: JournalEntry | null): { paymentId: PaymentId | null; leg: number | null } {
  return { paymentId: entry?.paymentId ?? null, leg: entry?.leg ?? null };
}

/** Both sides of a break, as far as there are two. */
function factsOf(line: BookedLine | null, entry: JournalEntry | null): AuditFacts {
  const { operation, reference } = line ?? entry!;
  const bank = line && {
    day: line.day,
    position: line.position,
    amount: { ...line.amount },
    transaction: line.bankTransactionId,
    original_reference: line.originalReference,
  };
  return { operation, reference, bank, ours: entry && { amount: { ...entry.amount }, belief: entry.belief } };
}

/** A closed day was loaded again and reads otherwise: whatever was proven with it was proven with another file. */
export function changedDay(channelId: ChannelId, day: BankDay, lines: number): FoundBreak {
  const subject = `${channelId}/${day}`;
  return { kind: 'statement_changed', subject, paymentId: null, leg: null, channelId, facts: { lines } };
}
