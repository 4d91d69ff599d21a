/** What was asked of `npm run simulate`. */
import { randomInt } from 'node:crypto';
import { InvalidArgumentError } from 'commander';

export interface SimulateOptions {
  readonly seed?: number;
  readonly seeds?: number;
  readonly jobs?: number;
  readonly json?: string;
  readonly html?: string;
  readonly pictures?: string;
  readonly list?: true;
}

/** So many seeds take an hour; more is a slip. */
const SEEDS_MAX = 1_000;

export function parseSeeds(value: string): number {
  const seeds = Number(value);
  if (Number.isInteger(seeds) && seeds >= 1 && seeds <= SEEDS_MAX) return seeds;
  throw new InvalidArgumentError(`the number of seeds is a whole number from 1 to ${SEEDS_MAX}.`);
}

/** Threads hold a world each, up to a few hundred MB; more than this nobody has cores for. */
const JOBS_MAX = 64;

export function parseJobs(value: string): number {
  const jobs = Number(value);
  if (Number.isInteger(jobs) && jobs >= 1 && jobs <= JOBS_MAX) return jobs;
  throw new InvalidArgumentError(`the number of jobs at a time is a whole number from 1 to ${JOBS_MAX}.`);
}

/** The seeds of a report: chosen now unless given, so that nobody tunes to them; neighbours share nothing (prng.ts). */
export function seedsOf(options: SimulateOptions, unsaid: number): { readonly first: number; readonly all: number[] } {
  const first = options.seed ?? randomInt(1, 1_000_000_000);
  return { first, all: Array.from({ length: options.seeds ?? unsaid }, (_, i) => first + i) };
}
