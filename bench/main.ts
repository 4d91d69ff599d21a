/**
 * What does a payment cost, and how many can be carried? The product and the bare floor of its engines in turns, floor, rate, saturation,
 * floor, rate, …, since a shared machine is up to 40 % slower from one minute to the next; each ratio is taken within its own round.
 */
import { chmodSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import builds from '../scripts/lib/build.cjs';
import locks from '../scripts/lib/lock.cjs';
import paths from '../scripts/lib/paths.cjs';
import reports from '../scripts/lib/report.cjs';
import { type Options, type PartName, readOptions } from './options.ts';
import { assertProcessorTimes } from './processor-time.ts';
import { profileText } from './profile-text.ts';
import { type Measured, writeOutcome } from './outcome.ts';
import { type Report, type Run, findingsOf, runBench } from './bench-run.ts';
import { decisions } from './decisions/decisions.ts';
import { growth } from './growth/growth.ts';
import { memory } from './memory.ts';
import { peers } from './peers.ts';
import { start } from './start.ts';
import { sustained } from './sustained.ts';
import { tableOf } from './table.ts';

/** Functions listed of each profile: beyond, each is below half a percent. */
const PROFILE_ROWS = 40;

const RUN: Readonly<Record<PartName, (options: Options, folder: string, report: Report) => Promise<Measured>>> = {
  floor: overFloor,
  road: overFloor,
  all: overFloor,
  sustained,
  growth,
  memory,
  start,
  decisions,
  peers,
};

/** @returns the exit code: 0 only if every payment was carried to its end and all books agree */
export async function bench(args: readonly string[]): Promise<number> {
  const options = readOptions(args, (text) => void process.stdout.write(text));
  if (!options) return 0;
  assertProcessorTimes();
  const startedAt = new Date();
  const report = reports.reporter();
  await locks.withLock(paths.setupLock, report.note, () => builds.buildWhatChanged(report));
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  // PostgreSQL runs as another user where we are root, and has to pass through.
  chmodSync(folder, 0o711);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  // A signal's default end would skip the `exit` listeners, and with them the end of everything started here.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
  try {
    const { findings, table } = await RUN[options.part](options, folder, report);
    process.stdout.write(table);
    if (options.json !== null) writeOutcome(options.json, options.part, options.seed, startedAt, findings);
    return findings.violations.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Against the floor: the product, the floor, or both. */
async function overFloor(options: Options, folder: string, report: Report): Promise<Measured> {
  const run = await runBench(options, folder, report);
  const findings = findingsOf(run, options, loadavg());
  if (options.profile !== null) writeProfiles(options, run);
  return { findings, table: tableOf(run, findings) };
}

function writeProfiles({ profile }: Options, { pids }: Run): void {
  const folder = resolve(profile ?? '.');
  for (const name of ['orchestrator', 'worker']) {
    const [file] = globSync(join(folder, `CPU.*.${pids[name]}.*.cpuprofile`));
    if (file !== undefined) writeFileSync(join(folder, `${name}.txt`), `${profileText(file, PROFILE_ROWS)}\n`);
  }
}
