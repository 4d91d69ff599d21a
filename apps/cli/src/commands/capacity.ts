// How do the simulated banks take load? Sweeps their capacity models in simulated time, prints what was
// found, and draws it as a page. A bank that serves more than its true capacity would make every goodput
// figure a lie, so that is what this command fails on.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { BANK_PRESETS, bankPreset, type NamedCapacityRun, renderCapacityReport, sweepCapacity } from '#simulation';

/** Chance at the built-in banks: 20 s of 230 answers/s at σ .9 wander by 1.3 %; four of those are 5 %. */
const SERVED_OVER_TRUE_LIMIT = 1.05;
const DEFAULT_BANKS = ['icbc.quickpay', 'ccb.quickpay'];

interface Options {
  banks: string[];
  seed: number;
  html?: string;
  json?: string;
  list?: true;
}

interface Figure {
  name: string;
  value: number | null;
  unit: string;
  goal: string | null;
  met: boolean | null;
}

/** The `capacity` command, to be added to the program. Sets the exit code: 0 only if `ok`. */
export function capacityCommand(): Command {
  return new Command('capacity')
    .description('sweep the simulated banks: knee, overload, collapse and recovery, as table, JSON and a page of plots')
    .option('--banks <channels>', 'channels, comma-separated, or all', parseBanks, DEFAULT_BANKS)
    .option('--seed <n>', 'seed of arrivals and service times', parseSeed, 1)
    .option('--html <file>', 'write the page of plots to this file')
    .option('--json <file>', 'write figures, findings and all points to this file')
    .option('--list', 'list the channels and what each does under load')
    .action(run);
}

function run(options: Options): void {
  if (options.list === true) {
    for (const { channel, character } of BANK_PRESETS) process.stdout.write(`${channel.padEnd(16)}${character}\n`);
    return;
  }
  const startedAt = new Date();
  const runs = options.banks.map((channel): NamedCapacityRun => {
    process.stderr.write(`sweeping ${channel} …\n`);
    return { channel, run: sweepCapacity(bankPreset(channel).capacity, options.seed) };
  });
  const violations = overServed(runs);
  const ok = violations.length === 0;
  process.stdout.write(table(runs));
  for (const { evidence } of violations) {
    process.stdout.write(`served more than the true capacity: ${JSON.stringify(evidence)}\n`);
  }
  if (options.html !== undefined) {
    write(options.html, renderCapacityReport(runs));
    process.stderr.write(`plots are in ${options.html}\n`);
  }
  if (options.json !== undefined) {
    const outcome = {
      command: 'capacity',
      commit: commit(),
      seed: options.seed,
      started_at: startedAt.toISOString(),
      seconds: (Date.now() - startedAt.getTime()) / 1000,
      machine: {
        cpus: cpus().length,
        cpu: cpus()[0]?.model ?? 'unknown',
        memory_mb: Math.round(totalmem() / 1_048_576),
        platform: process.platform,
        node: process.version,
      },
      ok,
      figures: figures(runs),
      violations,
      detail: { channels: Object.fromEntries(runs.map(({ channel, run: result }) => [channel, result])) },
    };
    write(options.json, `${JSON.stringify(outcome, null, 2)}\n`);
  }
  process.exitCode = ok ? 0 : 1;
}

function servedOverTrue({ run: { curve, findings } }: NamedCapacityRun): number {
  return Math.max(...curve.map((point) => point.servedPerSecond)) / findings.truePerSecond;
}

function overServed(runs: readonly NamedCapacityRun[]): { rule: string; evidence: Record<string, unknown> }[] {
  return runs
    .filter((named) => servedOverTrue(named) > SERVED_OVER_TRUE_LIMIT)
    .map((named) => ({
      rule: 'served_within_true_capacity',
      evidence: {
        channel: named.channel,
        seed: named.run.seed,
        served_over_true: servedOverTrue(named),
        limit: SERVED_OVER_TRUE_LIMIT,
      },
    }));
}

/** One figure with a goal; the others describe a bank, for which there is no better or worse. */
function figures(runs: readonly NamedCapacityRun[]): Figure[] {
  const worst = Math.max(...runs.map(servedOverTrue));
  const described = (name: string, value: number | null, unit: string): Figure => ({
    name,
    value,
    unit,
    goal: null,
    met: null,
  });
  return [
    {
      name: 'served_over_true_max',
      value: worst,
      unit: 'ratio',
      goal: `<= ${SERVED_OVER_TRUE_LIMIT}`,
      met: worst <= SERVED_OVER_TRUE_LIMIT,
    },
    ...runs.flatMap(({ channel, run: { findings } }) => [
      described(`true_capacity.${channel}`, findings.truePerSecond, 'payments/s'),
      described(`knee.${channel}`, findings.kneePerSecond, 'payments/s'),
      described(`served_at_2x.${channel}`, findings.servedShareAt2x, 'ratio'),
      described(`served_at_3x.${channel}`, findings.servedShareAt3x, 'ratio'),
      described(`worst_second.${channel}`, findings.worstServedShare, 'ratio'),
      described(`collapses.${channel}`, findings.collapses, 'count'),
      described(`recovery.${channel}`, findings.recoveryS, 's'),
    ]),
  ];
}

function table(runs: readonly NamedCapacityRun[]): string {
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  const rows = [
    ['channel', 'true/s', 'knee/s', 'at 2x', 'at 3x', 'worst second', 'collapses', 'back after'],
    ...runs.map(({ channel, run: { findings, overload, timeline } }) => [
      channel,
      String(Math.round(findings.truePerSecond)),
      String(Math.round(findings.kneePerSecond)),
      percent(findings.servedShareAt2x),
      percent(findings.servedShareAt3x),
      percent(findings.worstServedShare),
      String(findings.collapses),
      findings.recoveryS === null ? `> ${timeline.length - overload.toS} s` : `${findings.recoveryS} s`,
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return `${rows.map(line).join('\n')}\n`;
}

function parseBanks(value: string): string[] {
  if (value === 'all') return BANK_PRESETS.map(({ channel }) => channel);
  const channels = [...new Set(value.split(',').map((channel) => channel.trim()))];
  for (const channel of channels) {
    try {
      bankPreset(channel);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
    }
  }
  return channels;
}

function parseSeed(value: string): number {
  const seed = Number(value);
  if (value.trim() !== '' && Number.isSafeInteger(seed)) return seed;
  throw new InvalidArgumentError('a seed is a whole number, for instance 20121111.');
}

function write(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** The commit measured; `unknown` outside a git checkout, such as in an image. */
function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}
