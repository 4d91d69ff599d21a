// Do the banks' statements of a day agree with the journal? What they settle is settled, what remains is put on the worklist.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command, Option } from 'commander';
import { STATEMENT_FORMATS, type StatementFormat } from '#connectors';
import { completeOutcome, writeOutcome } from '../outcome';
import { BREAK_KINDS, isOk, reconcileFigures, reconcileTable, reconcileViolations } from '../reconcile/present';
import { runReconcile } from '../reconcile/run-reconcile';
import { readRunningProduct } from '../running-product';

interface Options {
  channel?: string[];
  format: StatementFormat;
  run: string;
  journal?: string;
  json?: string;
  list?: true;
}

/** The `reconcile` command. Sets the exit code: 0 only if every statement came and no break was found. */
export function reconcileCommand(): Command {
  return new Command('reconcile')
    .description("compare the banks' statements of a day with the journal, and settle what they settle")
    .argument('[day]', "the banks' booking day, for instance 2026-11-11")
    .option('--channel <ids...>', 'only these channels, for instance icbc.quickpay')
    .addOption(new Option('--format <format>', 'form of the statements').choices(STATEMENT_FORMATS).default('csv'))
    .option('--run <file>', 'where the product runs', '.data/run.json')
    .option('--journal <url>', 'PostgreSQL of the journal, instead of the one in --run')
    .option('--json <file>', 'write figures and breaks to this file')
    .option('--list', 'list the kinds of breaks')
    .action(run);
}

async function run(day: string | undefined, options: Options): Promise<void> {
  if (options.list === true) {
    for (const [name, sentence] of Object.entries(BREAK_KINDS)) process.stdout.write(`${name.padEnd(18)}${sentence}\n`);
    return;
  }
  if (day === undefined) throw new Error('Which day? For instance: npm run reconcile -- 2026-11-11');
  const journalUrl = options.journal ?? readRunningProduct(options.run)?.databases.postgres_url;
  if (journalUrl === undefined)
    throw new Error(`Nothing runs according to ${options.run}: npm start, or give --journal.`);
  const startedAt = new Date();
  const { channel, format } = options;
  const days = await runReconcile({
    journalUrl,
    bankSecret: bankSecret(options.run),
    day,
    channels: channel ?? null,
    format,
    say: (line) => void process.stderr.write(`${line}\n`),
  });
  process.stdout.write(reconcileTable(days));
  if (options.json !== undefined) {
    const result = completeOutcome({
      command: 'reconcile',
      seed: null,
      startedAt,
      ok: isOk(days),
      figures: reconcileFigures(days),
      violations: reconcileViolations(days),
      detail: { day, format, channels: days },
    });
    writeOutcome(options.json, result);
  }
  process.exitCode = isOk(days) ? 0 : 1;
}

/** From the environment, or the sandbox's own, kept beside the file that says where the product runs. */
function bankSecret(runFile: string): string {
  const given = process.env['BANK_SECRET'];
  if (given) return given;
  const file = join(dirname(runFile), 'secrets.json');
  const kept = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { bank_secret?: string }).bank_secret
    : undefined;
  if (kept === undefined) throw new Error('BANK_SECRET is not set: statements are signed with it.');
  return kept;
}
