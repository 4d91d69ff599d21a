/**
 * One channel's statement of one day against the journal (money.md section 11): fetched, stored, matched by reference. What the bank
 * has settles what is open here, through the same function as every evidence; what it does not have settles only once every day on
 * which it could stand is loaded and closed. What is left is for people.
 */
import type { Channel, ChannelId, Evidence } from '#domain';
import {
  type BankDay,
  type BookedLine,
  type EntryBucket,
  type JournalEntry,
  type LineBucket,
  type StatementMatch,
  allDaysClosed,
  beliefOf,
  daysThatProveAbsence,
  matchStatement,
  shiftBankDay,
  startOfBankDay,
} from '#policy';
import type { ChannelEntry, ChannelRegistry } from './ports/channel-registry';
import type { Connector, ConnectorCapabilities, Statement } from './ports/connector';
import type { PaymentJournal } from './ports/payment-journal';
import type { RefundJournal } from './ports/refund-journal';
import type { ExpectedEntry, LoadedDay, StatementsBook } from './ports/statements-book';
import type { Worklist } from './ports/worklist';
import type { SettleAttempt } from './settle-attempt';
import type { SettleRefund } from './settle-refund';
import { type Break, breaksOf, changedDay } from './statement-breaks';

export interface ReconcileStatementsParts {
  readonly journal: PaymentJournal;
  readonly book: StatementsBook;
  readonly channels: ChannelRegistry;
  readonly connectorFor: (channel: Channel) => Connector;
  readonly settle: SettleAttempt;
  readonly refunds: RefundJournal;
  readonly settleRefund: SettleRefund;
  readonly worklist: Worklist;
}

export type DayReconciled =
  | { readonly kind: 'unusable'; readonly channelId: ChannelId; readonly reason: string }
  | {
      readonly kind: 'matched';
      readonly channelId: ChannelId;
      readonly closed: boolean;
      readonly loaded: LoadedDay;
      /** Lines of the day. */
      readonly lines: Readonly<Partial<Record<LineBucket, number>>>;
      /** What the journal has under the lines' references, and what it has of these days that has no line. */
      readonly entries: Readonly<Partial<Record<EntryBucket, number>>>;
      readonly settledByPresence: number;
      readonly settledByAbsence: number;
      /** Evidence that changed nothing now: a reversal is on its way, the journal could not be written, or it was there before. */
      readonly leftOpen: number;
      readonly breaks: readonly Break[];
      /** More lines are missing than are looked at in one run: the statement is hardly the whole day. */
      readonly cutShort: boolean;
    };

/** A day's file may have half a million lines, and its bank makes it while we wait, ms. */
const FETCH_TIMEOUT_MS = 120_000;
/** How many days before this one something may have been sent whose absence this day can prove: processing, a payer's page, one more. */
const LOOK_BACK_DAYS = 7;
/** Entries without a line in one run: more than a tenth of a large channel's day means that the file is not the whole day. */
const UNBOOKED_MAX = 100_000;
/** Settled at once: enough to fill a batch of commits. */
const AT_ONCE = 64;

export class ReconcileStatements {
  constructor(private readonly parts: ReconcileStatementsParts) {}

  /**
   * May be repeated: what is settled stays, what is on the worklist is there once.
   * @throws RangeError for a channel or a day that there is not, JournalUnavailable
   */
  async reconcile(channelId: ChannelId, day: BankDay): Promise<DayReconciled> {
    const entry = this.parts.channels.get(channelId);
    if (!entry) throw new RangeError(`There is no channel ${channelId}.`);
    if (Number.isNaN(startOfBankDay(day))) throw new RangeError(`${day} is not a day: write it as 2026-11-11.`);
    const connector = this.parts.connectorFor(entry.channel);
    const statement = await fetchFrom(connector, entry, day);
    if (statement.kind === 'unusable') return { kind: 'unusable', channelId, reason: statement.reason };
    const loaded = await this.parts.book.load(channelId, statement);
    const contract = connector.capabilities(channelId);
    const { match, cutShort } = await this.matchDay(channelId, day, contract);
    const done = await this.settleEntries(entry, match, contract);
    const breaks = breaksOf(channelId, match);
    if (loaded === 'changed') breaks.push(changedDay(channelId, day, statement.lines.length));
    for (const { about, ...item } of breaks) {
      // Of an integrity failure people were told when it was found, perhaps just now (SettleAttempt).
      const told = about && (about.belief === 'person' || done.moved.has(about));
      if (!told) await this.parts.worklist.add(item);
    }
    const lines = match.lines.filter(({ line }) => line.day === day);
    const { settledByPresence, settledByAbsence, leftOpen } = done;
    const counts = { lines: countBy(lines), entries: countBy(match.entries) };
    const { closed } = statement;
    return {
      kind: 'matched',
      channelId,
      closed,
      loaded,
      ...counts,
      settledByPresence,
      settledByAbsence,
      leftOpen,
      breaks: breaks.map(({ kind, subject, facts }) => ({ kind, subject, facts })),
      cutShort,
    };
  }

  private async matchDay(channelId: ChannelId, day: BankDay, { maxProcessingTimeMs }: ConnectorCapabilities) {
    const { book } = this.parts;
    const lines = await book.lines(channelId, day);
    const references = new Set(
      lines.flatMap(({ reference, originalReference }) => [reference, originalReference ?? reference]),
    );
    const known = await book.entriesOf(channelId, [...references]);
    const [earliest, latest] = [shiftBankDay(day, -LOOK_BACK_DAYS), shiftBankDay(day, LOOK_BACK_DAYS)];
    const closed = await book.closedDays(channelId, earliest, latest);
    // What was sent before a day that is not closed cannot be proven absent: it is left to the run that closes it.
    let from = day;
    while (from > earliest && closed.has(shiftBankDay(from, -1))) from = shiftBankDay(from, -1);
    const spanOf = ({ times }: ExpectedEntry) => daysThatProveAbsence(times, maxProcessingTimeMs);
    const fromMs = startOfBankDay(from);
    const unbooked = await book.unbooked(channelId, fromMs, startOfBankDay(shiftBankDay(day, 1)), UNBOOKED_MAX);
    const taken = new Set(known.map(keyOf));
    const missing = unbooked.filter((one) => {
      const { first, last } = spanOf(one);
      return first <= day && day <= last && !taken.has(keyOf(one));
    });
    const entries = [...known, ...missing].map((one): JournalEntry => {
      const { first, last } = spanOf(one);
      return { ...one, belief: beliefOf(one), absenceProven: allDaysClosed(first, last, closed) };
    });
    return { match: matchStatement(lines, entries), cutShort: unbooked.length === UNBOOKED_MAX };
  }

  /** @returns how many were settled, and the entries that the journal moved because of it */
  private async settleEntries(channel: ChannelEntry, { entries }: StatementMatch, contract: ConnectorCapabilities) {
    const moved = new Set<JournalEntry>();
    const told = entries.flatMap(({ entry, bucket, line }) => {
      const evidence = evidenceOf(entry, bucket, line);
      return evidence === null ? [] : [{ entry, bucket, evidence }];
    });
    for (let from = 0; from < told.length; from += AT_ONCE) {
      await Promise.all(
        told.slice(from, from + AT_ONCE).map(async ({ entry, evidence }) => {
          const settled =
            entry.operation === 'refund'
              ? await this.settleGivenBack(entry.reference, evidence, channel)
              : await this.settleOne(entry.reference, evidence, contract);
          if (settled) moved.add(entry);
        }),
      );
    }
    const settledByAbsence = told.filter(({ entry, bucket }) => bucket === 'absent' && moved.has(entry)).length;
    return {
      moved,
      settledByAbsence,
      settledByPresence: moved.size - settledByAbsence,
      leftOpen: told.length - moved.size,
    };
  }

  private async settleGivenBack(reference: string, evidence: Evidence, channel: ChannelEntry): Promise<boolean> {
    const refund = await this.parts.refunds.readByBankReference(reference);
    if (!refund) return false;
    await this.parts.settleRefund.settle(refund, channel, evidence, 'statement');
    const now = await this.parts.refunds.read(refund.id);
    return now !== null && now.version !== refund.version;
  }

  private async settleOne(reference: string, evidence: Evidence, contract: ConnectorCapabilities): Promise<boolean> {
    const payment = await this.parts.journal.readByBankReference(reference);
    if (!payment?.attempt) return false;
    const settled = await this.parts.settle.settle(payment, payment.attempt, evidence, 'statement', contract);
    return settled.kind === 'moved';
  }
}

/** Over the first line that brings a usable statement. */
async function fetchFrom(connector: Connector, { channel, lines }: ChannelEntry, day: BankDay): Promise<Statement> {
  let statement: Statement = { kind: 'unusable', reason: `Channel ${channel.id} has no line` };
  for (const line of lines) {
    const route = { channelId: channel.id, line };
    statement = await connector.fetchStatement(route, day, { timeoutMs: FETCH_TIMEOUT_MS, maySend: () => true });
    if (statement.kind === 'complete') break;
  }
  return statement;
}

/** What the statement says about an attempt; null where it says nothing that could settle it. */
function evidenceOf(entry: JournalEntry, bucket: EntryBucket, line: BookedLine | null): Evidence | null {
  // Reversals are repeated until the bank has decided; what has succeeded or is a person's is not moved.
  if (entry.operation === 'reversal' || entry.belief === 'done' || entry.belief === 'person') return null;
  if (bucket === 'absent') {
    return {
      class: 'declined',
      severity: 'hard',
      reason: 'other',
      bankCode: 'not_in_statements',
      bankMessage: 'In none of the statements in which it could stand',
      reference: entry.reference,
    };
  }
  if (line === null || !(bucket === 'settles' || bucket === 'late' || bucket === 'amount' || bucket === 'currency'))
    return null;
  const { reference, amount, bankTransactionId } = line;
  return { class: 'succeeded', charge: { reference, amount, bankTransactionId } };
}

function keyOf({ operation, reference }: Pick<ExpectedEntry, 'operation' | 'reference'>): string {
  return `${operation} ${reference}`;
}

function countBy<B extends string>(all: readonly { readonly bucket: B }[]): Partial<Record<B, number>> {
  const counts: Partial<Record<B, number>> = {};
  for (const { bucket } of all) counts[bucket] = (counts[bucket] ?? 0) + 1;
  return counts;
}
