/** The banks' statements as we keep them, and the journal's side of them. Implemented by `#postgres`. */
import type { Attempt, ChannelId } from '#domain';
import type { BankDay, BookedLine, JournalEntry, Movement } from '#policy';
import type { Statement, StatementLine } from './connector';

/** A line with its place. */
export interface StoredLine extends BookedLine, StatementLine {}

/** `changed`: the day had been closed, and reads otherwise now. */
export type LoadedDay = 'new' | 'same' | 'grown' | 'changed';

/** A movement of money as the journal has it, with what tells by when a bank may have booked it. */
export type ExpectedEntry = Omit<JournalEntry, 'operation' | 'belief' | 'absenceProven'> &
  Movement & { readonly times: Pick<Attempt, 'dispatchedAt' | 'sendBy' | 'actionExpiresAt'> };

/** All throw JournalUnavailable. */
export interface StatementsBook {
  /** Stores a complete statement in place of what was known of that day. */
  load(channelId: ChannelId, statement: Extract<Statement, { kind: 'complete' }>): Promise<LoadedDay>;
  /** The days that are loaded and closed. */
  closedDays(channelId: ChannelId, from: BankDay, to: BankDay): Promise<ReadonlySet<BankDay>>;
  /**
   * The lines of a day, and every other loaded line of the channel that shares a reference or a transaction with one of them or
   * undoes one of them; in order of day and position.
   */
  lines(channelId: ChannelId, day: BankDay): Promise<readonly StoredLine[]>;
  /** What the journal has under these references on this channel: attempts, refunds, reversals. */
  entriesOf(channelId: ChannelId, references: readonly string[]): Promise<readonly ExpectedEntry[]>;
  /**
   * What was sent between these moments and of which no loaded statement has a line: attempts that succeeded or are open, refunds that
   * succeeded, reversals that were acknowledged. Oldest first, at most `limit`.
   */
  unbooked(channelId: ChannelId, fromMs: number, beforeMs: number, limit: number): Promise<readonly ExpectedEntry[]>;
}
