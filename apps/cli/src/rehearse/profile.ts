/** How much load on which machine: `load-tests/profiles/<name>.json`, and what the command line changes of it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StageSize } from './plan-stage';

export const LOAD_TESTS = 'load-tests';

export interface Profile {
  /** For which machine it is meant. */
  readonly what: string;
  readonly payments: number;
  readonly rate_per_second: number;
  /** Virtual payers made before the start; more are made when answers are slow, up to `payers_max`. */
  readonly payers_ready: number;
  readonly payers_max: number;
  /** How long a payer waits for the final state, s. */
  readonly follow_seconds: number;
  /** How large stages are. */
  readonly stages: StageSize;
}

/** @throws if there is none of that name, with the names there are */
export function readProfile(name: string): Profile {
  const file = join(LOAD_TESTS, 'profiles', `${name}.json`);
  if (!existsSync(file))
    throw new Error(`There is no profile ${name}; there are ${namesIn('profiles', '.json').join(', ')}.`);
  return JSON.parse(readFileSync(file, 'utf8')) as Profile;
}

/** Names of profiles or scenarios. */
export function namesIn(folder: 'profiles' | 'scenarios', ending: string): string[] {
  return readdirSync(join(LOAD_TESTS, folder))
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .sort();
}

/** What the comment at the head of a scenario says it asks: its first sentence. */
export function questionOf(scenario: string): string {
  const head = readFileSync(join(LOAD_TESTS, 'scenarios', `${scenario}.ts`), 'utf8').split('\n\n')[0] ?? '';
  const comment = head.split('\n').filter((line) => line.startsWith('//'));
  return (
    comment
      .map((line) => line.slice(2).trim())
      .join(' ')
      .split(/(?<=[.?!]) /)[0] ?? ''
  );
}
