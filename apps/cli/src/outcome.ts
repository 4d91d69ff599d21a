// What does a command that measures leave behind? One shape for all of them (design.md, Commands), so that a
// script, a CI job and a report read every verdict the same way.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { InvalidArgumentError } from 'commander';

/** One measured number. `goal` and `met` are null where there is no better or worse. */
export interface Figure {
  readonly name: string;
  readonly value: number | null;
  readonly unit: string;
  readonly goal: string | null;
  readonly met: boolean | null;
}

/** A rule that was broken, with the smallest evidence that shows it. */
export interface Violation {
  readonly rule: string;
  readonly evidence: Record<string, unknown>;
}

/** What a command found out; `completeOutcome` adds where, when and on what it was found. */
export interface Findings {
  readonly command: string;
  /** Null where the command uses no chance. */
  readonly seed: number | null;
  readonly startedAt: Date;
  readonly ok: boolean;
  readonly figures: readonly Figure[];
  readonly violations: readonly Violation[];
  readonly detail: Record<string, unknown>;
}

/** The one JSON shape. `seconds` is the time from the command's start to now. */
export interface Outcome {
  readonly command: string;
  readonly commit: string;
  readonly seed: number | null;
  readonly started_at: string;
  readonly seconds: number;
  readonly machine: Machine;
  readonly ok: boolean;
  readonly figures: readonly Figure[];
  readonly violations: readonly Violation[];
  readonly detail: Record<string, unknown>;
}

export interface Machine {
  readonly cpus: number;
  readonly cpu: string;
  readonly memory_mb: number;
  readonly platform: string;
  readonly node: string;
}

export function completeOutcome(findings: Findings): Outcome {
  const { command, seed, startedAt, ok, figures, violations, detail } = findings;
  return {
    command,
    commit: commit(),
    seed,
    started_at: startedAt.toISOString(),
    seconds: (Date.now() - startedAt.getTime()) / 1000,
    machine: machine(),
    ok,
    figures,
    violations,
    detail,
  };
}

/** A number that describes and has no goal. */
export function described(name: string, value: number | null, unit: string): Figure {
  return { name, value, unit, goal: null, met: null };
}

/** A number that must not exceed `limit`; one that could not be measured (null) has not met it. */
export function atMost(name: string, value: number | null, limit: number, unit: string): Figure {
  return { name, value, unit, goal: `<= ${limit}`, met: value !== null && value <= limit };
}

/** A number that must reach `floor`; one that could not be measured (null) has not. */
export function atLeast(name: string, value: number | null, floor: number, unit: string): Figure {
  return { name, value, unit, goal: `>= ${floor}`, met: value !== null && value >= floor };
}

/** Writes `--json F` and prepares its folder. */
export function writeOutcome(file: string, outcome: Outcome): void {
  writeResult(file, `${JSON.stringify(outcome, null, 2)}\n`);
}

/** Writes a result where the user asked for it, and prepares its folder. */
export function writeResult(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** Rows as aligned columns: the first to the left, the others, mostly numbers, to the right. */
export function alignedTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return `${rows.map(line).join('\n')}\n`;
}

/** Reads `--seed N` for commander. */
export function parseSeed(value: string): number {
  const seed = Number(value);
  if (value.trim() !== '' && Number.isSafeInteger(seed)) return seed;
  throw new InvalidArgumentError('a seed is a whole number, for instance 20121111.');
}

/** What was measured on: ratios travel between machines, other numbers do not. */
export function machine(): Machine {
  return {
    cpus: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    memory_mb: Math.round(totalmem() / 1_048_576),
    platform: process.platform,
    node: process.version,
  };
}

/** The commit measured; `unknown` outside a git checkout, such as in an image. */
export function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}

/** Whether files differ from that commit; null outside a git checkout. */
export function isDirty(): boolean | null {
  try {
    const changes = execFileSync('git', ['status', '--porcelain'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return changes.trim() !== '';
  } catch {
    return null;
  }
}
