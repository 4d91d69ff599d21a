/**
 * One fault run: a fresh product, a light load, faults at their times; then the faults stop, everything is put right, and within a minute
 * every payment must be final; then the audit. What was planned and did not happen makes the run void.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditReport, Breach } from '#audit';
import { AuditBooks } from '#postgres';
import { seededRandom } from '#simulation';
import { BankBooks } from '../audit/bank-books';
import { runAudit } from '../audit/run-audit';
import { BankControl } from './bank-control';
import { Checkout } from './checkout';
import type { BankPause, FaultContext, PlannedFault, Sighting } from './fault';
import { faultKind } from './fault-kinds';
import { postgresDiskFull } from './faults/postgres-disk-full';
import { Keeper } from './keeper';
import { PrivateProduct } from './private-product';
import { keepHistory } from './kept-history';
import { Receiver } from '../webhook-sink/receiver';
import { refusedButStored } from './refused-but-stored';
import type { PlannedRun } from './schedule';
import { sentLate } from './sent-late';

export interface RunWish {
  readonly planned: PlannedRun;
  readonly seed: number;
  /** For the client's log and the processes' logs; removed again if the run passes. */
  readonly folder: string;
  readonly say: (line: string) => void;
  /** Folder of another build than `dist`: one with a bug planted in it. */
  readonly build?: string | undefined;
}

export interface RunReport {
  readonly seed: number;
  readonly planned: PlannedRun;
  readonly word: 'passed' | 'failed' | 'void';
  /** Why it failed or is void. */
  readonly reasons: readonly string[];
  readonly sightings: readonly (PlannedFault & Sighting)[];
  readonly posted: number;
  readonly accepted: number;
  readonly repeated: number;
  /** Webhooks that were delivered. */
  readonly told: number;
  /** How long after the faults the last payment was final, s. */
  readonly settledAfterS: number;
  readonly notFinal: number;
  readonly acceptedLost: number;
  readonly chargedTwice: number;
  readonly breaches: readonly Breach[];
  readonly byState: Readonly<Record<string, number>>;
  /** Where logs and evidence are, of a run that did not pass. */
  readonly folder: string | null;
  readonly seconds: number;
}

/** Faults over: so long may anything that is ours to move take (issue's number), s. */
const FINAL_WITHIN_S = 60;
/** A fault that still waits for its moment (a step that is rarely reached, on a slow machine) gets so much more load. */
const LOAD_LONGER_MS = 20_000;
/** A fault that was begun under load may still be mending; longer than the longest one. */
const MEND_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 200;

export async function oneRun({ planned, seed, folder, say, build }: RunWish): Promise<RunReport> {
  const begun = performance.now();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'logs'), { recursive: true });
  const keeper = new Keeper();
  const product = await PrivateProduct.bringUp(
    {
      logs: join(process.cwd(), folder, 'logs'),
      workers: planned.workers,
      ...(build !== undefined && { build }),
      ownDisk: planned.faults.some(({ fault }) => fault === postgresDiskFull.name),
      env: {
        BANK_SIMULATOR_SEED: String((seed >>> 0) % 2_147_483_647),
        LOG_LEVEL: 'info',
        SLUICE_WEBHOOK_ALLOW_PRIVATE: 'true',
      },
    },
    keeper.onEnd,
  );
  const receiver = new Receiver(join(folder, 'webhooks.ndjson'), seededRandom(seed, 'receiver'));
  try {
    keeper.keep(product);
    const { urls, databases, merchant } = product.place;
    const banks = new BankControl(urls.bank_simulator);
    const checkout = new Checkout({
      folder,
      apiUrl: urls.api,
      merchant,
      ratePerSecond: planned.rate_per_second,
      expiresInMs: planned.expires_s * 1_000,
      seed,
    });
    await receiver.subscribe(urls.api, merchant.api_key);
    const loadEnds = new AbortController();
    const bankPauses: BankPause[] = [];
    const context: FaultContext = {
      product,
      logs: join(folder, 'logs'),
      keeper,
      banks,
      receiver,
      bankPauses,
      random: seededRandom(seed, 'faults'),
      loadEnds: loadEnds.signal,
    };
    let pending = planned.faults.length;
    const injecting = Promise.all(
      planned.faults.map((fault) => inject(fault, context, say).finally(() => (pending -= 1))),
    );
    await checkout.run(planned.seconds * 1_000, () => pending > 0, LOAD_LONGER_MS);
    loadEnds.abort();
    const sightings = await mended(injecting, planned.faults);

    // Faults are over. What still lies is put up, and from here the minute runs.
    const over = performance.now();
    await putRight(product, keeper, banks);
    await checkout.settled(FINAL_WITHIN_S * 1_000 - (performance.now() - over));
    const journal = await AuditBooks.open(databases.postgres_url);
    let identity: string | null;
    try {
      // Payers who walked away from a bank's page too: their time ends within the minute, and what follows is ours.
      for (;;) {
        const { open, underWay } = await journal.standing();
        if (open + underWay === 0 || performance.now() - over >= FINAL_WITHIN_S * 1_000) break;
        await sleep(LOOK_EVERY_MS);
      }
      identity = await journal.identity();
    } finally {
      await journal.close();
    }
    const settledAfterS = Math.round((performance.now() - over) / 100) / 10;
    const read = await checkout.readAll(identity);
    const { report } = await runAudit({
      journalUrl: databases.postgres_url,
      bankUrl: urls.bank_simulator,
      clientLogs: [folder],
      webhookLog: receiver.log,
      waitS: 0,
      say: () => undefined,
    });
    const extra = [
      ...(await sentLate(new BankBooks(urls.bank_simulator).ledger(), bankPauses)),
      ...unheard(checkout, read.unread),
      ...(await refusedButStored(databases.postgres_url, checkout.refused)),
    ];
    const verdict = judge(report, extra, sightings);
    const passed = verdict.word === 'passed';
    const result: RunReport = {
      ...{ seed, planned, ...verdict, sightings, settledAfterS },
      ...{ posted: checkout.posted, accepted: checkout.accepted, repeated: checkout.repeated, told: receiver.received },
      notFinal: report.byStanding.late,
      acceptedLost: report.byRule['accepted_but_lost'] ?? 0,
      chargedTwice: report.byRule['charged_twice'] ?? 0,
      breaches: [...report.examples, ...extra],
      byState: report.byState,
      folder: passed ? null : folder,
      seconds: Math.round((performance.now() - begun) / 1_000),
    };
    if (passed) rmSync(folder, { recursive: true, force: true });
    else {
      writeFileSync(join(folder, 'report.json'), `${JSON.stringify(result, null, 2)}\n`);
      await keepHistory(databases.postgres_url, folder, result.breaches);
    }
    return result;
  } finally {
    keeper.release();
    await receiver.close();
    await product.end();
  }
}

async function inject(
  fault: PlannedFault,
  context: FaultContext,
  say: (line: string) => void,
): Promise<PlannedFault & Sighting> {
  await sleep(fault.at_s * 1_000);
  const sighting = await faultKind(fault.fault)
    .inject(fault, context)
    .catch((error: unknown): Sighting => ({ outcome: 'not_seen', seen: String(error) }));
  say(
    `  ${sighting.outcome === 'happened' ? 'fault' : sighting.outcome.replace('_', ' ')}: ${fault.fault}: ${sighting.seen}`,
  );
  return { ...fault, ...sighting };
}

async function mended(
  injecting: Promise<(PlannedFault & Sighting)[]>,
  faults: readonly PlannedFault[],
): Promise<(PlannedFault & Sighting)[]> {
  const bound = new AbortController();
  const late = sleep(MEND_WITHIN_MS, null, { signal: bound.signal }).catch(() => null);
  const sightings = await Promise.race([injecting, late]);
  bound.abort();
  if (sightings === null)
    throw new Error(`A fault did not end within ${MEND_WITHIN_MS / 1_000} s after the load: ${JSON.stringify(faults)}`);
  return sightings;
}

/** Every process up and ready, every bank as at the start. */
async function putRight(product: PrivateProduct, keeper: Keeper, banks: BankControl): Promise<void> {
  for (const name of product.place.processes) await keeper.running(name);
  await keeper.ready('bank_simulator');
  for (const channel of await banks.matching('*')) await banks.restore(channel);
  await keeper.ready('orchestrator');
  await keeper.ready('worker');
  if (product.place.processes.includes('worker_2')) await keeper.ready('worker_2');
}

/** A client that asked for a minute under a working product and was never told. */
function unheard({ unanswered }: Checkout, unread: number): Breach[] {
  return [
    ...(unanswered > 0
      ? [{ invariant: 'I7' as const, rule: 'never_answered', evidence: { payments: unanswered } }]
      : []),
    ...(unread > 0
      ? [{ invariant: 'I1' as const, rule: 'accepted_but_unreadable', evidence: { payments: unread } }]
      : []),
  ];
}

function judge(
  report: AuditReport,
  extra: readonly Breach[],
  sightings: readonly (PlannedFault & Sighting)[],
): Pick<RunReport, 'word' | 'reasons'> {
  const failures = [
    ...Object.entries(report.byRule).map(([rule, count]) => `${count} ${rule}`),
    ...extra.map(({ rule, evidence }) => `${rule} ${JSON.stringify(evidence)}`),
  ];
  const voids = sightings
    .filter(({ outcome }) => outcome === 'not_seen')
    .map(({ fault, at_s: atS, seen }) => `${fault} at ${atS} s was not seen to happen: ${seen}`);
  return {
    word: failures.length > 0 ? 'failed' : voids.length > 0 ? 'void' : 'passed',
    reasons: [...failures, ...voids],
  };
}
