// Does the product carry this load, through these faults, without losing or doubling a payment? k6 plays the checkout, the audit
// compares the books, one line says what came of it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { release, type } from 'node:os';
import { join } from 'node:path';
import { Argument, Command, InvalidArgumentError } from 'commander';
import { AuditBooks } from '#postgres';
import { seededRandom } from '#simulation';
import { REHEARSALS_FOLDER, type ClientLogHead } from '../audit/client-log';
import { auditTable, auditViolations } from '../audit/present';
import { type AuditOutcome, runAudit } from '../audit/run-audit';
import { alignedTable, completeOutcome, isDirty, parseSeed, writeOutcome, writeResult } from '../outcome';
import { checkoutView } from '../rehearse/checkout-view';
import { readOutcomes } from '../rehearse/client-outcomes';
import { FAULT_NAMES, type FaultReport, injectFaults, parseFault, type PlannedFault } from '../rehearse/faults';
import { accompany, type Accompanied, congestionFigures, type FlowResult } from '../rehearse/congestion';
import { firstPayment } from '../rehearse/first-payment';
import { generateLoad } from '../rehearse/generator';
import { findOrBuildK6 } from '../rehearse/k6-program';
import { targetPerSecond } from '../rehearse/plan-stage';
import { type Profile, namesIn, questionOf, readProfile } from '../rehearse/profile';
import { setStage } from '../rehearse/product';
import {
  type Baseline,
  baselineFile,
  differenceTo,
  readBaseline,
  saveBaseline,
  withRun,
} from '../rehearse/report/baseline';
import { renderPage } from '../rehearse/report/page';
import { reportOf } from '../rehearse/report/report-data';
import { type CongestionStage, profileOfStage, readStage, scaleDown } from '../rehearse/stage';
import { judge, type RehearsalVerdict } from '../rehearse/verdict';
import type { RunningProduct } from '../running-product';
import { Receiver } from '../webhook-sink/receiver';

interface Options {
  profile: string;
  run?: string;
  payments?: number;
  rate?: number;
  minutes?: number;
  seed: number;
  fault: PlannedFault[];
  json?: string;
  html?: string;
  baseline?: string;
  saveBaseline?: true;
  webhooks?: true;
  list?: true;
}

/** After the load everything that is ours to move must be final within a minute. */
const AUDIT_WAIT_S = 60;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** The `rehearse` command. Sets the exit code: 0 only if the rehearsal passed. */
export function rehearseCommand(): Command {
  return new Command('rehearse')
    .description('load the running product (or one started for it) with k6, audit the money, give a verdict')
    .addArgument(new Argument('[scenario]', 'what to rehearse; see --list'))
    .option('--profile <name>', 'how much load, for which machine', 'laptop')
    .option('--run <file>', 'where the product runs, if it is not the one here: a file like .data/run.json')
    .option('--payments <n>', "payments in all, instead of the profile's", parseCount)
    .option('--rate <n>', "payments per second, instead of the profile's", parseCount)
    .option('--minutes <n>', 'how long, for a scenario with a stage', parseMinutes)
    .option('--seed <n>', 'who buys what with which card', parseSeed, 1)
    .option('--fault <name@seconds>', `break something, may be repeated: ${FAULT_NAMES.join(', ')}`, parseFault, [])
    .option('--webhooks', 'a receiver is told of everything, and the audit holds its log against the journal')
    .option('--json <file>', 'write figures and violations to this file')
    .option('--html <file>', 'write a report for people, in Chinese and English, to this file')
    .option('--baseline <file>', 'compare with this one, instead of load-tests/baselines/<scenario>.<profile>.json')
    .option('--save-baseline', 'keep the figures of this run there, unless it is void')
    .option('--list', 'list scenarios, profiles and faults')
    .action(run);
}

async function run(scenario: string | undefined, options: Options): Promise<void> {
  if (options.list === true) return list();
  const scenarios = namesIn('scenarios', '.ts');
  if (scenario === undefined || !scenarios.includes(scenario)) {
    throw new Error(`Which scenario? There are ${scenarios.join(', ')}; try npm run rehearse -- smoke.`);
  }
  const startedAt = new Date();
  const against = baselineOf(scenario, options);
  const sized = profileOf(options);
  const stage = readStage(scenario, options.profile, sized);
  if (stage !== null && (options.payments ?? options.rate) !== undefined)
    throw new Error(`How much ${scenario} offers follows from its banks; see load-tests/stages/${scenario}.json.`);
  if (stage === null && options.minutes !== undefined)
    throw new Error(`How long ${scenario} takes follows from --payments and --rate.`);
  const profile = stage === null ? sized : profileOfStage(stage, sized);
  const k6 = await findOrBuildK6(say);
  const { product, strike } = await setStage(options.run, say);
  let leave = (): Promise<void> => Promise.resolve();
  let putBack = (): Promise<void> => Promise.resolve();
  try {
    const run = `reh-${startedAt.toISOString().replace(/\D/g, '').slice(0, 17)}-s${options.seed}`;
    const folder = join(REHEARSALS_FOLDER, run);
    const journal = await journalIdentity(product);
    mkdirSync(folder, { recursive: true });
    const writeHead = (payments: number | null): void => {
      const head: ClientLogHead = { merchant_id: product.keys.merchant.id, journal, payments };
      writeFileSync(join(folder, 'client.json'), `${JSON.stringify(head)}\n`);
    };
    writeHead(null);
    const receiver = new Receiver(join(folder, 'webhooks.ndjson'), seededRandom(options.seed, 'receiver'));
    leave = async () => {
      await putBack();
      await receiver.unsubscribe();
      await receiver.close();
    };
    const stageFile = stage === null ? null : join(folder, 'stage.json');
    if (stageFile !== null) writeFileSync(stageFile, `${JSON.stringify(stage, null, 2)}\n`);
    if (stage !== null) putBack = once(await scaleDown(stage, product));
    say(
      `${scenario}: ${profile.payments} payments at ${stage === null ? '' : 'up to '}${profile.rate_per_second}/s with k6 ${k6.version}, seed ${options.seed}`,
    );
    const load = {
      scenario,
      profile,
      seed: options.seed,
      run,
      folder,
      apiUrl: product.urls.api,
      apiKey: product.keys.merchant.api_key,
      stageFile,
    };
    if (options.webhooks) await receiver.subscribe(product.urls.api, product.keys.merchant.api_key);
    const breakOff = onInterrupt();
    const loadEnds = new AbortController();
    const plannedFaults = (stage?.faults ?? []).reduce((before, text) => parseFault(text, before), options.fault);
    const [generated, faults, accompanied] = await Promise.all([
      generateLoad(k6, load, say, breakOff).finally(() => loadEnds.abort()),
      firstPayment(folder, loadEnds.signal).then(() =>
        injectFaults(plannedFaults, product, say, AbortSignal.any([breakOff, loadEnds.signal])),
      ),
      accompany(stage, product, folder, loadEnds.signal, say),
    ]);
    const flow = await flowOf(stage, accompanied, faults, product, folder);
    // Banks and limits as before: what is still under way may then come to its end.
    await putBack();
    // Of a run that was broken off nobody knows how many payments it would have followed.
    if (generated.exitCode === 0) writeHead(generated.metrics?.['payments_posted']?.values?.['count'] ?? null);

    const audited = await auditOf(product, receiver).catch((error: unknown) =>
      error instanceof Error ? error.message : String(error),
    );
    const audit = typeof audited === 'string' ? null : audited;
    const verdict = judge({
      profile,
      generated,
      faults,
      audit: audit?.report ?? null,
      auditFailure: typeof audited === 'string' ? audited : null,
      flow: flow?.figures ?? null,
      goals: stage?.goals ?? {},
    });
    print(scenario, options, verdict, audit, faults);
    const view = await checkoutView(join(folder, 'client.ndjson'));
    const target = targetOf(stage, profile);
    const measured = completeOutcome({
      command: `rehearse ${scenario}`,
      seed: options.seed,
      startedAt,
      ok: verdict.word === 'passed',
      figures: verdict.figures,
      violations: audit === null ? [] : auditViolations(audit.report),
      detail: {
        verdict: verdict.word,
        reasons: verdict.reasons,
        profile: { name: options.profile, ...profile },
        banks: view.banks,
        curve: {
          target,
          posted: view.seconds.map(({ posted }) => posted),
          final: view.seconds.map(({ final }) => final),
        },
        faults,
        knee: flow?.knee ?? null,
        k6: k6.version,
        client_log: folder,
        invariants: audit?.report.verdicts ?? null,
        reproduce: reproduceLine(scenario, options),
      },
    });
    const { commit, machine, seconds, started_at } = measured;
    const report = reportOf({
      ...{ scenario, stage, verdict, generated, target, view, accompanied, faults },
      question: questionOf(scenario),
      profile: { name: options.profile, what: profile.what },
      outcomes: await readOutcomes(join(folder, 'client.ndjson')),
      audit: audit?.report ?? null,
      baseline: against.kept && differenceTo(against.kept, against.file, measured),
      origin: {
        ...{ commit, dirty: isDirty(), seed: options.seed, started_at, seconds, k6: k6.version, client_log: folder },
        machine: { ...machine, os: `${type()} ${release()}` },
        command: reproduceLine(scenario, options),
      },
    });
    const outcome = { ...measured, detail: { ...measured.detail, report } };
    if (options.json !== undefined) writeOutcome(options.json, outcome);
    if (options.html !== undefined) {
      writeResult(options.html, renderPage(report));
      say(`the report is in ${options.html}`);
    }
    if (options.saveBaseline === true && verdict.word !== 'void') {
      saveBaseline(against.file, withRun(against.kept, scenario, options.profile, measured));
      say(`this run is kept in ${against.file}`);
    }
    process.exitCode = verdict.word === 'passed' ? 0 : 1;
  } finally {
    await leave();
    await strike();
  }
}

/** Null where the banks were left as they are. */
function flowOf(
  stage: CongestionStage | null,
  accompanied: Accompanied,
  faults: readonly FaultReport[],
  product: RunningProduct,
  folder: string,
): Promise<FlowResult> | null {
  return stage === null ? null : congestionFigures(stage, accompanied, faults, product, folder);
}

/** Payments per second that were planned, second by second. */
function targetOf(stage: CongestionStage | null, { payments, rate_per_second: rate }: Profile): number[] {
  if (stage !== null) return targetPerSecond(stage.crowds);
  return Array.from({ length: Math.ceil(payments / rate) }, (_, second) => Math.min(rate, payments - second * rate));
}

/** What a run is compared with, read before anything is started. @throws if a file that was named is not there */
function baselineOf(
  scenario: string,
  { baseline, profile, saveBaseline: saves }: Options,
): { readonly file: string; readonly kept: Baseline | null } {
  const file = baseline ?? baselineFile(scenario, profile);
  const kept = readBaseline(file, scenario, profile);
  if (baseline !== undefined && kept === null && saves !== true)
    throw new Error(`There is no baseline ${file}; --save-baseline makes one of this run.`);
  return { file, kept };
}

/** What is done twice is done once. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => (done ??= work());
}

/**
 * The first Ctrl-C ends the load; the audit and the end of what was started still follow. A second one ends at once.
 * It may come twice at the same time, through the terminal and through npm: that is one.
 */
function onInterrupt(): AbortSignal {
  const controller = new AbortController();
  let firstAtMs = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (firstAtMs === 0) {
        firstAtMs = Date.now();
        say('ending the load; once more ends at once');
        controller.abort();
      } else if (Date.now() - firstAtMs > 1_000) {
        process.exit(130);
      }
    });
  }
  return controller.signal;
}

function auditOf(product: RunningProduct, receiver: Receiver): Promise<AuditOutcome> {
  return runAudit({
    journalUrl: product.databases.postgres_url,
    bankUrl: product.urls.bank_simulator,
    clientLogs: null,
    webhookLog: receiver.log,
    waitS: AUDIT_WAIT_S,
    say,
  });
}

async function journalIdentity(product: RunningProduct): Promise<string | null> {
  const books = await AuditBooks.open(product.databases.postgres_url);
  try {
    return await books.identity();
  } finally {
    await books.close();
  }
}

/** Payers at work are rate × time to the final state: another rate needs as many more of them as it is higher. */
function profileOf({ profile: name, payments, rate, minutes }: Options): Profile {
  const profile = readProfile(name);
  const ratePerSecond = rate ?? profile.rate_per_second;
  const scaled = (payers: number): number => Math.ceil((payers * ratePerSecond) / profile.rate_per_second);
  return {
    ...profile,
    payments: payments ?? profile.payments,
    rate_per_second: ratePerSecond,
    payers_ready: Math.max(profile.payers_ready, scaled(profile.payers_ready)),
    payers_max: Math.max(profile.payers_max, scaled(profile.payers_max)),
    stages: { ...profile.stages, ...(minutes === undefined ? {} : { seconds: minutes * 60 }) },
  };
}

function print(
  scenario: string,
  options: Options,
  verdict: RehearsalVerdict,
  audit: AuditOutcome | null,
  faults: readonly FaultReport[],
): void {
  const rows = verdict.figures.map(({ name, value, unit, goal, met }) => [
    name,
    value === null ? '–' : String(value),
    unit,
    goal ?? '',
    met === null ? '' : met ? 'met' : 'NOT MET',
  ]);
  process.stdout.write(`\n${alignedTable([['figure', 'value', 'unit', 'goal', ''], ...rows])}\n`);
  if (audit !== null) process.stdout.write(`${auditTable(audit)}\n`);
  for (const { name, atS, seen } of faults) process.stdout.write(`fault         ${name} at ${atS} s: ${seen}\n`);
  process.stdout.write(`reproduce     ${reproduceLine(scenario, options)}\n`);
  const why =
    verdict.reasons.length === 0
      ? 'every payment ended in one final state that its bank agrees with'
      : verdict.reasons.join('; ');
  process.stdout.write(`${scenario} ${verdict.word}: ${why}\n`);
}

function reproduceLine(
  scenario: string,
  { profile, run, payments, rate, minutes, seed, fault, webhooks }: Options,
): string {
  return [
    `npm run rehearse -- ${scenario} --profile ${profile} --seed ${seed}`,
    ...(run === undefined ? [] : [`--run ${run}`]),
    ...(payments === undefined ? [] : [`--payments ${payments}`]),
    ...(rate === undefined ? [] : [`--rate ${rate}`]),
    ...(minutes === undefined ? [] : [`--minutes ${minutes}`]),
    ...fault.map(({ name, atS }) => `--fault ${name}@${atS}s`),
    ...(webhooks ? ['--webhooks'] : []),
  ].join(' ');
}

function list(): void {
  for (const name of namesIn('scenarios', '.ts'))
    process.stdout.write(`scenario  ${name.padEnd(16)}${questionOf(name)}\n`);
  for (const name of namesIn('profiles', '.json')) {
    const { what, payments, rate_per_second: rate } = readProfile(name);
    process.stdout.write(`profile   ${name.padEnd(16)}${payments} payments at ${rate}/s: ${what}\n`);
  }
  for (const name of FAULT_NAMES) process.stdout.write(`fault     ${name}\n`);
}

/** A day at most: the client's log grows by a gigabyte in a few million payments. */
function parseMinutes(value: string): number {
  const minutes = Number(value);
  if (minutes > 0 && minutes <= 1_440) return minutes;
  throw new InvalidArgumentError('give minutes, more than 0 and up to 1440.');
}

function parseCount(value: string): number {
  const count = Number(value);
  if (Number.isInteger(count) && count >= 1 && count <= 10_000_000) return count;
  throw new InvalidArgumentError('give a whole number from 1 to 10000000.');
}
