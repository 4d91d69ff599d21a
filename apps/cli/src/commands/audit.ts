// Does the journal's truth agree with the banks' books and with what clients were told? All payments, all ledger lines, all requests.
import { Command, InvalidArgumentError } from 'commander';
import { INVARIANTS } from '#audit';
import { auditFigures, auditTable, auditViolations } from '../audit/present';
import { runAudit } from '../audit/run-audit';
import { readAnchor, writeAnchor } from '../audit/anchor-file';
import { PLANTED_BUGS, prove, proveFigures, proveTable, proveViolations } from '../audit/prove/prove';
import { completeOutcome, writeOutcome } from '../outcome';
import { readRunningProduct } from '../running-product';

interface Options {
  run?: string;
  journal?: string;
  bank?: string;
  clientLog?: string[];
  webhookLog?: string;
  anchor?: string;
  wait: number;
  json?: string;
  list?: true;
  prove?: true;
  only: string[];
}

/** Everything that is not a payer's or a person's turn is final 60 s after the last fault (issue of the money audit, I3). */
const WAIT_S = 60;

/** The `audit` command. Sets the exit code: 0 only if no invariant is broken. */
export function auditCommand(): Command {
  return new Command('audit')
    .description("compare the journal with the banks' ledgers and the clients' logs, payment by payment")
    .option('--run <file>', 'where the product runs', '.data/run.json')
    .option('--journal <url>', 'PostgreSQL of the journal, instead of the one in --run')
    .option('--bank <url>', 'bank simulator, instead of the one in --run')
    .option(
      '--client-log <folders...>',
      "folders with a client's log (default: those of all rehearsals of this journal)",
    )
    .option('--webhook-log <file>', "a receiver's log, as the webhook sink writes it (docs/webhooks.md)")
    .option('--anchor <file>', 'where the end of the audit chain is kept between audits, outside the database')
    .option('--wait <seconds>', 'how long to wait for payments under way', parseSeconds, WAIT_S)
    .option('--json <file>', 'write figures and violations to this file')
    .option('--prove', 'plant bugs in a copy of the product, one after the other: the audit must name each')
    .option('--only <bugs...>', 'of the planted bugs, these', [])
    .option('--list', 'list the invariants, or with --prove the planted bugs')
    .action(run);
}

async function run(options: Options): Promise<void> {
  if (options.prove === true) return proveAudit(options);
  if (options.list === true) {
    for (const [id, sentence] of Object.entries(INVARIANTS)) process.stdout.write(`${id.padEnd(4)}${sentence}\n`);
    return;
  }
  const product = readRunningProduct(options.run);
  const journalUrl = options.journal ?? product?.databases.postgres_url;
  const bankUrl = options.bank ?? product?.urls.bank_simulator;
  if (journalUrl === undefined || bankUrl === undefined) {
    throw new Error(`Nothing runs according to ${options.run}: npm start, or give --journal and --bank.`);
  }
  const startedAt = new Date();
  const outcome = await runAudit({
    journalUrl,
    bankUrl,
    clientLogs: options.clientLog ?? null,
    webhookLog: options.webhookLog === undefined ? null : { file: options.webhookLog, sinceMs: null },
    anchor: options.anchor === undefined ? null : readAnchor(options.anchor),
    waitS: options.wait,
    say: (line) => void process.stderr.write(`${line}\n`),
  });
  const { report, clientLogs, waitedS } = outcome;
  process.stdout.write(auditTable(outcome));
  if (options.anchor !== undefined && report.ok && outcome.anchor) writeAnchor(options.anchor, outcome.anchor);
  if (options.json !== undefined) {
    const { verdicts, byRule, byState, byStanding } = report;
    const result = completeOutcome({
      command: 'audit',
      seed: null,
      startedAt,
      ok: report.ok,
      figures: auditFigures(report),
      violations: auditViolations(report),
      detail: {
        invariants: verdicts,
        breaches_by_rule: byRule,
        by_state: byState,
        by_standing: byStanding,
        client_logs: clientLogs,
        audit_chain_end: outcome.anchor,
        waited_s: waitedS,
      },
    });
    writeOutcome(options.json, result);
  }
  process.exitCode = report.ok ? 0 : 1;
}

async function proveAudit(options: Options): Promise<void> {
  if (options.list === true) {
    for (const { name, what, caughtBy, rule } of PLANTED_BUGS)
      process.stdout.write(`${name.padEnd(26)}${`${caughtBy} ${rule}`.padEnd(32)}${what}\n`);
    return;
  }
  const startedAt = new Date();
  const proven = await prove(options.only, (line) => void process.stderr.write(`${line}\n`));
  const figures = proveFigures(proven);
  const ok = figures.every(({ met }) => met !== false);
  const caught = proven.proofs.filter((proof) => proof.caught).length;
  process.stdout.write(`\n${proveTable(proven)}\n`);
  process.stdout.write(`${ok ? 'ok' : 'NOT OK'}: ${caught} of ${proven.proofs.length} planted bugs caught\n`);
  if (options.json !== undefined) {
    const bugs = proven.proofs.map(({ bug, caught: found, byRule, failure, seconds }) => ({
      ...{ name: bug.name, what: bug.what, invariant: bug.caughtBy, rule: bug.rule, caught: found, failure, seconds },
      breaches_by_rule: byRule,
    }));
    const findings = { command: 'audit --prove', seed: null, startedAt, ok, figures };
    const detail = { bugs, without_bugs: proven.unpatched };
    writeOutcome(options.json, completeOutcome({ ...findings, violations: proveViolations(proven), detail }));
  }
  process.exitCode = ok ? 0 : 1;
}

function parseSeconds(value: string): number {
  const seconds = Number(value);
  if (value.trim() !== '' && seconds >= 0 && seconds <= 3_600) return seconds;
  throw new InvalidArgumentError('give seconds from 0 to 3600.');
}
