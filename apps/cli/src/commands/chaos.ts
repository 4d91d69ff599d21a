// Does any fault we know how to inject lose a payment, charge one twice, or leave one open? Real processes, killed, frozen and starved
// under load; then a minute of peace; then the audit.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, Command, InvalidArgumentError } from 'commander';
import { STEPS } from '#dispatch';
import { seededRandom } from '#simulation';
import { PatchedBuild } from '../audit/prove/patched-build';
import { bugNamed } from '../audit/prove/prove';
import { FAULT_KINDS } from '../chaos/fault-kinds';
import { oneRun, type RunReport } from '../chaos/one-run';
import { RunTable, rowOf, type RunRow } from '../chaos/run-table';
import { type PlannedRun, randomRun, SCHEDULE_NAMES, scheduleOf } from '../chaos/schedule';
import { shrink } from '../chaos/shrink';
import {
  alignedTable,
  atMost,
  commit,
  completeOutcome,
  described,
  type Figure,
  parseSeed,
  writeOutcome,
} from '../outcome';
import { DATA_FOLDER } from '../running-product';

interface Options {
  seed: number;
  minutes?: number;
  runs?: number;
  resume?: string;
  json?: string;
  shrink: boolean;
  list?: true;
  planted?: string;
}

/** A run of a schedule is a minute or so: of eight more the smallest of six faults is usually found. */
const SHRINK_RUNS_MAX = 8;
/** Logs and evidence of runs that did not pass, by schedule and seed. */
const FOLDER = join(DATA_FOLDER, 'chaos');

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** The `chaos` command. Sets the exit code: 0 only if no run failed and none was void. */
export function chaosCommand(): Command {
  return new Command('chaos')
    .description(
      'break a product of its own on purpose, under load; then everything must be final within 60 s and the books must agree',
    )
    .addArgument(new Argument('[schedule]', `${SCHEDULE_NAMES.join(', ')}, random, or a file; see --list`))
    .option('--seed <n>', 'who pays what when, and, of random, which faults', parseSeed, 1)
    .option(
      '--runs <n>',
      'so many runs with the seeds from N on (random), or so many rounds of the schedule',
      parseCount,
    )
    .option('--minutes <m>', 'begin no run after so many minutes; without --runs, repeat until then', parseCount)
    .option('--resume <file>', 'keep the table of runs in this file, and leave out what is in it already')
    .option('--json <file>', 'write figures, violations and the table to this file')
    .option('--no-shrink', 'do not look for the shortest schedule that still fails')
    .option(
      '--planted <bug>',
      'with this bug of npm run audit -- --prove in the product: to see that runs fail, and how',
    )
    .option('--list', 'list schedules, kinds of faults and crash points')
    .action(run);
}

interface Piece {
  readonly schedule: string;
  readonly seed: number;
  readonly part: number;
  readonly planned: PlannedRun;
}

/** Which runs, in order; without end if only the clock ends them. */
function* pieces(wanted: string, { seed, runs, minutes }: Options): Generator<Piece> {
  const rounds = runs ?? (minutes === undefined ? 1 : Number.POSITIVE_INFINITY);
  const schedule = wanted === 'random' ? null : scheduleOf(wanted);
  for (let round = 0; round < rounds; round += 1) {
    const own = seed + round;
    if (schedule === null) {
      yield { schedule: 'random', seed: own, part: 0, planned: randomRun(seededRandom(own, 'schedule')) };
      continue;
    }
    for (const [part, planned] of schedule.runs.entries()) yield { schedule: schedule.name, seed: own, part, planned };
  }
}

async function run(wanted: string | undefined, options: Options): Promise<void> {
  if (options.list === true) return list();
  if (wanted === undefined) throw new Error('Which schedule? Try npm run chaos -- ci, or --list.');
  if (options.planted === undefined) return runAll(wanted, options, undefined);
  const build = new PatchedBuild();
  try {
    build.plant(bugNamed(options.planted).patches);
    await runAll(wanted, options, build.build);
  } finally {
    build.remove();
  }
}

/** @param build another one than `dist` */
async function runAll(wanted: string, options: Options, build: string | undefined): Promise<void> {
  const startedAt = new Date();
  const table = new RunTable(options.resume ?? null);
  const reports: RunReport[] = [];
  const own: RunRow[] = [];
  const shortest: Record<string, unknown>[] = [];
  const version = commit();
  for (const piece of pieces(wanted, options)) {
    if (options.minutes !== undefined && Date.now() - startedAt.getTime() > options.minutes * 60_000) break;
    const { schedule, seed, part, planned } = piece;
    if (table.has(schedule, seed, part)) continue;
    say(`${schedule} ${part + 1}, seed ${seed}: ${planned.faults.map(({ fault }) => fault).join(', ')}`);
    const report = await oneRun({ planned, seed, folder: folderOf(piece), say, build });
    reports.push(report);
    const row = rowOf(schedule, part, version, report);
    table.add(row);
    own.push(row);
    say(`  ${report.word}: ${sentence(report)}`);
    if (report.word === 'failed' && options.shrink) shortest.push(await shrunk(piece, report, build));
  }
  const rows = options.resume === undefined ? own : table.rows;
  const figures = figuresOf(rows);
  const ok = figures.every(({ met }) => met !== false);
  process.stdout.write(`\n${tableOf(rows)}\n`);
  process.stdout.write(alignedTable([['figure', 'value', 'goal', ''], ...figures.map(figureRow)]));
  for (const found of shortest) process.stdout.write(`shortest schedule that still fails: ${JSON.stringify(found)}\n`);
  process.stdout.write(`chaos ${wanted} ${ok ? 'passed' : 'NOT passed'}\n`);
  if (options.json !== undefined) {
    writeOutcome(
      options.json,
      completeOutcome({
        ...{ command: `chaos ${wanted}`, seed: options.seed, startedAt, ok, figures },
        violations: reports.flatMap(({ breaches, seed }) =>
          breaches.map(({ rule, invariant, evidence }) => ({ rule, evidence: { invariant, seed, ...evidence } })),
        ),
        detail: { runs: rows, shortest },
      }),
    );
  }
  process.exitCode = ok ? 0 : 1;
}

function folderOf({ schedule, seed, part }: Piece): string {
  const name = schedule.replace(/[^a-z0-9-]/g, '_');
  return join(FOLDER, `${name}-${part + 1}-s${seed}`);
}

/** Runs parts of a schedule that failed, and writes the shortest that still fails where it can be played again. */
async function shrunk(piece: Piece, report: RunReport, build: string | undefined): Promise<Record<string, unknown>> {
  say(`  looking for the shortest schedule that still fails, at most ${SHRINK_RUNS_MAX} runs`);
  let tries = 0;
  const { items, runs } = await shrink(
    piece.planned.faults,
    async (faults) => {
      tries += 1;
      const folder = `${folderOf(piece)}-shrink-${tries}`;
      const again = await oneRun({
        ...piece,
        planned: { ...piece.planned, faults },
        folder,
        say: () => undefined,
        build,
      });
      say(`  ${faults.length} faults: ${again.word}`);
      return again.word === 'failed';
    },
    SHRINK_RUNS_MAX,
  );
  const file = join(folderOf(piece), 'shortest.json');
  mkdirSync(folderOf(piece), { recursive: true });
  const schedule = { what: `fails: ${report.reasons.join('; ')}`, runs: [{ ...piece.planned, faults: items }] };
  writeFileSync(file, `${JSON.stringify(schedule, null, 2)}\n`);
  return { seed: piece.seed, faults: items, runs, replay: `npm run chaos -- ${file} --seed ${piece.seed}` };
}

function sentence({ posted, accepted, repeated, settledAfterS, reasons, seconds, folder }: RunReport): string {
  const facts = `${posted} posted, ${accepted} accepted, ${repeated} asked again, final after ${settledAfterS} s (${seconds} s in all)`;
  return [facts, ...reasons, ...(folder === null ? [] : [`evidence in ${folder}`])].join('; ');
}

function figuresOf(rows: readonly RunRow[]): Figure[] {
  const sum = (of: (row: RunRow) => number): number => rows.reduce((total, row) => total + of(row), 0);
  return [
    described('runs', rows.length, 'runs'),
    described(
      'faults_injected',
      sum((row) => row.happened),
      'faults',
    ),
    described(
      'faults_skipped',
      sum((row) => row.skipped),
      'faults',
    ),
    described(
      'payments_accepted',
      sum((row) => row.accepted),
      'payments',
    ),
    described('settled_after_s', Math.max(0, ...rows.map((row) => row.settled_after_s)), 's'),
    atMost(
      'accepted_lost',
      sum((row) => row.accepted_lost),
      0,
      'payments',
    ),
    atMost(
      'charged_twice',
      sum((row) => row.charged_twice),
      0,
      'payments',
    ),
    atMost(
      'not_final_after_60s',
      sum((row) => row.not_final),
      0,
      'payments',
    ),
    atMost('failed_runs', rows.filter((row) => row.word === 'failed').length, 0, 'runs'),
    atMost('void_runs', rows.filter((row) => row.word === 'void').length, 0, 'runs'),
  ];
}

function figureRow({ name, value, goal, met }: Figure): string[] {
  return [name, String(value), goal ?? '', met === null ? '' : met ? 'met' : 'NOT MET'];
}

function tableOf(rows: readonly RunRow[]): string {
  return alignedTable([
    ['run', 'seed', 'faults', 'accepted', 'final after', ''],
    ...rows.map((row) => [
      `${row.schedule} ${row.part + 1}`,
      String(row.seed),
      `${row.happened}/${row.faults.length}`,
      String(row.accepted),
      `${row.settled_after_s} s`,
      row.word === 'passed' ? 'passed' : `${row.word.toUpperCase()}: ${row.reasons.join('; ')}`,
    ]),
  ]);
}

function list(): void {
  const write = (what: string, name: string, text: string): void =>
    void process.stdout.write(`${what.padEnd(10)}${name.padEnd(20)}${text}\n`);
  for (const name of SCHEDULE_NAMES) {
    const { runs, what } = scheduleOf(name);
    write('schedule', name, `${runs.length} runs: ${what}`);
  }
  write('schedule', 'random', 'two to six faults of any kind at any time, drawn from the seed');
  for (const { name, what } of FAULT_KINDS.values()) write('fault', name, what);
  process.stdout.write(`${'step'.padEnd(10)}${STEPS.join(', ')}\n`);
}

function parseCount(value: string): number {
  const count = Number(value);
  if (Number.isInteger(count) && count >= 1 && count <= 100_000) return count;
  throw new InvalidArgumentError('give a whole number from 1 to 100000.');
}
