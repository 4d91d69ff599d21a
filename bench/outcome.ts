/** What a measuring command leaves behind: the one JSON shape of design.md, "Commands". */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';

export interface Figure {
  readonly name: string;
  readonly value: number | null;
  readonly unit: string;
  readonly goal: string | null;
  readonly met: boolean | null;
}

export interface Violation {
  readonly rule: string;
  readonly evidence: Readonly<Record<string, unknown>>;
}

export interface Findings {
  readonly figures: readonly Figure[];
  readonly violations: readonly Violation[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What a part of the bench hands back. */
export interface Measured {
  readonly findings: Findings;
  /** For people. */
  readonly table: string;
}

export function described(name: string, value: number, unit: string): Figure {
  return { name, value, unit, goal: null, met: null };
}

export function atMost(name: string, value: number, limit: number, unit: string): Figure {
  return { name, value, unit, goal: `<= ${limit}`, met: value <= limit };
}

export function atLeast(name: string, value: number, least: number, unit: string): Figure {
  return { name, value, unit, goal: `>= ${least}`, met: value >= least };
}

export function writeOutcome(
  file: string,
  part: string,
  seed: number,
  startedAt: Date,
  { figures, violations, detail }: Findings,
): void {
  const outcome = {
    command: part === 'all' ? 'bench' : `bench ${part}`,
    commit: commit(),
    seed,
    started_at: startedAt.toISOString(),
    seconds: (Date.now() - startedAt.getTime()) / 1000,
    machine: {
      cpus: cpus().length,
      cpu: cpus()[0]?.model ?? 'unknown',
      memory_mb: Math.round(totalmem() / 1_048_576),
      platform: process.platform,
      node: process.version,
    },
    ok: violations.length === 0,
    figures,
    violations,
    detail,
  };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(outcome, null, 2)}\n`);
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}
