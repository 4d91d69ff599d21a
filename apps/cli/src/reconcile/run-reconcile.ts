/** One day's statements of the running product's channels against its journal. */
import { type StatementFormat, createConnectors } from '#connectors';
import {
  type DayReconciled,
  type Log,
  ReconcileStatements,
  FindReroute,
  SettleAttempt,
  SettleRefund,
  type WorkQueue,
} from '#dispatch';
import type { ChannelId } from '#domain';
import { ChannelScores, RetryBudget } from '#policy';
import { createPostgres } from '#postgres';
import { systemClock, systemNames } from '#runtime';

export interface ReconcileWish {
  readonly journalUrl: string;
  /** Shared with the banks: statements are signed like every answer. */
  readonly bankSecret: string;
  /** `YYYY-MM-DD`, the banks' day. */
  readonly day: string;
  /** null: all. */
  readonly channels: readonly string[] | null;
  readonly format: StatementFormat;
  /** One line of progress. */
  readonly say: (line: string) => void;
}

/** Key id of the secret shared with banks (docs/bank-protocol.md section 2). */
const BANK_KEY_ID = 'k1';

/** Jobs are hints: what moves here is found by the workers' sweeper, so this command needs no Redis. */
const NO_QUEUE: WorkQueue = { add: () => Promise.resolve(false) };

/** @throws Error with a sentence for people: no such channel, no such day, no journal */
export async function runReconcile(wish: ReconcileWish): Promise<readonly DayReconciled[]> {
  const { day, format, journalUrl, say } = wish;
  const tell = (message: string, facts?: object) => say(facts ? `${message} ${JSON.stringify(facts)}` : message);
  const log: Log = { info: () => undefined, warn: tell, error: tell };
  const postgres = await createPostgres({
    databaseUrl: journalUrl,
    applicationName: 'sluice-reconcile',
    site: 'a',
    log,
    monotonicMs: systemClock.monotonicMs,
  });
  const connectors = createConnectors({
    rest: { keys: { keyId: BANK_KEY_ID, secrets: { [BANK_KEY_ID]: wish.bankSecret } }, statementFormat: format },
  });
  try {
    const { channels, journal, refunds, reversals, statements, worklist } = postgres;
    const meters = { count: () => undefined, observeMs: () => undefined };
    const told = { clock: systemClock, names: systemNames, log, meters };
    const reroute = new FindReroute({
      journal,
      channels,
      scores: new ChannelScores(),
      budget: new RetryBudget(),
      ...told,
    });
    const settle = new SettleAttempt({ journal, reversals, reroute, worklist, queue: NO_QUEUE, ...told });
    const connectorFor = connectors.forChannel.bind(connectors);
    const settleRefund = new SettleRefund({ refunds, worklist, connectorFor, ...told });
    const settlers = { settle, refunds, settleRefund };
    const use = new ReconcileStatements({ journal, book: statements, channels, connectorFor, ...settlers, worklist });
    const ids = wish.channels ?? channels.all().map(({ channel }) => channel.id);
    const days: DayReconciled[] = [];
    for (const id of ids) {
      say(`${id}: fetching the statement of ${day}`);
      days.push(await use.reconcile(id as ChannelId, day));
    }
    return days;
  } finally {
    await connectors.close();
    await postgres.close();
  }
}
