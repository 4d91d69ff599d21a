/** The table of runs, one line of NDJSON each, so that hours of them can be broken off, taken up again, and read afterwards. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RunReport } from './one-run';

/** One row: enough to run it again and to add it up. */
export interface RunRow {
  readonly schedule: string;
  readonly seed: number;
  /** Number of the run in its schedule. */
  readonly part: number;
  readonly commit: string;
  readonly at: string;
  readonly word: RunReport['word'];
  readonly reasons: readonly string[];
  readonly faults: readonly string[];
  /** How many of them happened, and how many could not be injected on this machine. */
  readonly happened: number;
  readonly skipped: number;
  readonly posted: number;
  readonly accepted: number;
  readonly repeated: number;
  readonly settled_after_s: number;
  readonly not_final: number;
  readonly accepted_lost: number;
  readonly charged_twice: number;
  readonly folder: string | null;
}

export function rowOf(schedule: string, part: number, commit: string, report: RunReport): RunRow {
  const { seed, word, reasons, sightings, posted, accepted, repeated, folder } = report;
  return {
    ...{ schedule, seed, part, commit, at: new Date().toISOString(), word, reasons },
    faults: sightings.map(({ fault, step, process }) => [fault, step ?? process].filter(Boolean).join(' ')),
    happened: sightings.filter(({ outcome }) => outcome === 'happened').length,
    skipped: sightings.filter(({ outcome }) => outcome === 'skipped').length,
    ...{ posted, accepted, repeated },
    settled_after_s: report.settledAfterS,
    not_final: report.notFinal,
    accepted_lost: report.acceptedLost,
    charged_twice: report.chargedTwice,
    folder,
  };
}

export class RunTable {
  readonly rows: RunRow[];

  /** @param file null: kept in memory only */
  constructor(private readonly file: string | null) {
    this.rows =
      file === null || !existsSync(file)
        ? []
        : readFileSync(file, 'utf8')
            .split('\n')
            .filter((line) => line !== '')
            .map((line) => JSON.parse(line) as RunRow);
  }

  /** Whether this run is in the table already: a void one proves nothing and is run again. */
  has(schedule: string, seed: number, part: number): boolean {
    return this.rows.some(
      (row) => row.schedule === schedule && row.seed === seed && row.part === part && row.word !== 'void',
    );
  }

  add(row: RunRow): void {
    this.rows.push(row);
    if (this.file === null) return;
    mkdirSync(dirname(this.file), { recursive: true });
    appendFileSync(this.file, `${JSON.stringify(row)}\n`);
  }
}
