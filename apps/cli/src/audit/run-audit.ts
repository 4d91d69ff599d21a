/**
 * One audit of the running product: wait until nothing is under way any more, read all books, judge them. If something moved while
 * they were read, they are read again, so that no verdict rests on books of two moments.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { audit, type AuditReport, type Books, type Delivery, type DeliveryLog, type Dossier, joinBooks } from '#audit';
import type { AuditAnchor } from '#domain';
import { AuditBooks, readAuditChain } from '#postgres';
import { systemNames } from '#runtime';
import { BankBooks } from './bank-books';
import { ClientLog } from './client-log';
import { Shelf } from './shelf';
import { deliveriesIn, type WebhookLogPlace } from './webhook-log';

export interface AuditWish {
  readonly journalUrl: string;
  readonly bankUrl: string;
  /** Folders of client's logs; null: those of every rehearsal against this journal. */
  readonly clientLogs: readonly string[] | null;
  /** The receiver's log of webhooks; left out: there is none, and what it alone can prove is not checked. */
  readonly webhookLog?: WebhookLogPlace | null;
  /** Where the audit chain ended at the last audit, kept outside the database; left out: nobody kept it. */
  readonly anchor?: JournalAnchor | null;
  /** How long payments under way are waited for, s. */
  readonly waitS: number;
  /** One line of progress. */
  readonly say: (line: string) => void;
}

/** The end of the audit chain of one journal. */
export interface JournalAnchor extends AuditAnchor {
  /** `AuditBooks.identity` of the journal. */
  readonly journal: string | null;
}

export interface AuditOutcome {
  readonly report: AuditReport;
  /** Where the audit chain ends now: to be kept for the next audit. */
  readonly anchor: JournalAnchor | null;
  /** Folders of the client's logs that were read. */
  readonly clientLogs: readonly string[];
  /** How long payments under way were waited for, s. */
  readonly waitedS: number;
}

/** New payments while the books are read mean that a load runs: three tries, then say so. */
const READINGS_MAX = 3;
const LOOK_EVERY_MS = 250;
const SAY_EVERY_MS = 5_000;

/** @throws Error with a sentence for people if a book cannot be read or does not stand still */
export async function runAudit(wish: AuditWish): Promise<AuditOutcome> {
  const journal = await AuditBooks.open(wish.journalUrl);
  try {
    const banks = new BankBooks(wish.bankUrl);
    const { waitedS, atMs } = await waitUntilSettled(journal, wish);
    const identity = await journal.identity();
    if (wish.anchor && wish.anchor.journal !== identity) {
      throw new Error('The anchor is of another journal: keep one file for each, and remove it with its journal.');
    }
    const logs =
      wish.clientLogs === null
        ? ClientLog.ofJournal(identity)
        : wish.clientLogs.map((folder) => ClientLog.open(folder));
    for (let reading = 1; reading <= READINGS_MAX; reading += 1) {
      const before = await fingerprint(journal, banks);
      const report = await readAndJudge(journal, banks, logs, wish, atMs);
      if ((await fingerprint(journal, banks)) === before) {
        const anchor = report.auditHead && { journal: identity, ...report.auditHead };
        return { report, anchor, clientLogs: logs.map(({ folder }) => folder), waitedS };
      }
      wish.say('something moved while the books were read; reading them again');
    }
    throw new Error('Payments keep moving while the books are read; stop the load, then audit again.');
  } finally {
    await journal.close();
  }
}

async function readAndJudge(
  journal: AuditBooks,
  banks: BankBooks,
  logs: readonly ClientLog[],
  wish: AuditWish,
  nowMs: number,
): Promise<AuditReport> {
  const shelf = new Shelf();
  try {
    const completeness: { book: string; expected: number; found: number }[] = [];
    const { lastSeq, totals } = await banks.summary();
    wish.say(`reading ${lastSeq} ledger lines`);
    completeness.push({ book: "banks' ledger", expected: lastSeq, found: await shelf.putLines(banks.ledger()) });
    let requests = 0;
    for (const log of logs) {
      const ended = { count: 0 };
      requests += await shelf.putRequests(log.requests(ended));
      const { payments } = log.head;
      if (payments !== null) {
        completeness.push({ book: `client's log ${log.folder}`, expected: payments, found: ended.count });
      } else if (wish.clientLogs !== null) {
        throw new Error(`${log.folder} is the log of a run that was broken off; there is no count to hold it against.`);
      }
    }
    const deliveryLog = wish.webhookLog ? await shelveDeliveries(journal, shelf, wish.webhookLog) : null;
    const { payments } = await journal.standing();
    wish.say(`judging ${payments} payments and ${requests} client requests`);
    const books: Books = {
      dossiers: dossiers(journal, shelf),
      strayLines: shelf.leftLines(),
      strayRequests: shelf.leftRequests(),
      strayDeliveries: shelf.leftDeliveries(),
      deliveryLog,
      receipts: banks.receipts(),
      bankTotals: totals,
      limits: await journal.limits(),
      completeness,
      auditChain: { links: readAuditChain(wish.journalUrl), anchor: wish.anchor ?? null, sha256: systemNames.sha256 },
      clientRequests: logs.length === 0 ? null : requests,
    };
    return await audit(books, { nowMs, banksDown: await banks.down() });
  } finally {
    shelf.close();
  }
}

async function shelveDeliveries(journal: AuditBooks, shelf: Shelf, place: WebhookLogPlace): Promise<DeliveryLog> {
  let firstMs = Number.POSITIVE_INFINITY;
  const noted = async function* (): AsyncGenerator<Delivery> {
    for await (const delivery of deliveriesIn(place)) {
      firstMs = Math.min(firstMs, delivery.atMs);
      yield delivery;
    }
  };
  // What is left to tell first: whatever is not in it by now was logged before it was answered, so it is in the log that is read after
  // (read the other way round, what is told between the two is in neither; chaos, random, seed 2001).
  await shelf.putUntold(journal.untold());
  const deliveries = await shelf.putDeliveries(noted());
  return { sinceMs: place.sinceMs ?? firstMs, deliveries };
}

async function* dossiers(journal: AuditBooks, shelf: Shelf): AsyncGenerator<Dossier> {
  for await (const page of journal.pages()) {
    const joined = joinBooks({
      ...page,
      ledger: shelf.takeLines(page.attempts.map((attempt) => attempt.bankReference)),
      requests: shelf.takeRequests(page.payments),
      ...shelf.takeTold(page.payments.map(({ id }) => id)),
    });
    yield* joined.dossiers;
  }
}

/** Changes with whatever happens in the journal or at a bank. */
async function fingerprint(journal: AuditBooks, banks: BankBooks): Promise<string> {
  const { payments, moves } = await journal.standing();
  return `${payments} ${moves} ${(await banks.summary()).lastSeq}`;
}

/**
 * @returns how long it took, and the moment of its last look: the books are judged as of then, since a payer's page that closes while
 *   they are read is not late (chaos, random, seed 8)
 */
async function waitUntilSettled(
  journal: AuditBooks,
  { waitS, say }: AuditWish,
): Promise<{ waitedS: number; atMs: number }> {
  const begun = performance.now();
  const waitedMs = (): number => performance.now() - begun;
  for (let saidAtMs = 0; ;) {
    const { underWay, atMs } = await journal.standing();
    if (underWay === 0 || waitedMs() >= waitS * 1_000) return { waitedS: waitedMs() / 1_000, atMs };
    if (saidAtMs === 0 || waitedMs() - saidAtMs >= SAY_EVERY_MS) {
      saidAtMs = waitedMs();
      say(`${underWay} payments are under way; waiting up to ${Math.ceil(waitS - saidAtMs / 1_000)} s more`);
    }
    await sleep(LOOK_EVERY_MS);
  }
}
