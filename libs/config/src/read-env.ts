/**
 * Reads the environment once, into one validated object per process. What is missing or wrong is said by the variable's name,
 * with what to set, all of it at once, and the process does not start: half-configured is worse than down.
 */
import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';

/** The environment cannot be used. The message is for whoever starts the process. */
export class EnvError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The environment is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'EnvError';
  }
}

/**
 * @param shape class whose property names are the variables' names
 * @param source usually `process.env`; an empty value counts as not set
 * @throws EnvError
 */
export function readEnv<T extends object>(shape: new () => T, source: Readonly<Record<string, string | undefined>>): T {
  const wanted = new shape();
  const given: Record<string, string> = {};
  for (const name of Object.keys(wanted)) {
    const value = source[name];
    if (value !== undefined && value !== '') given[name] = value;
  }
  const env = plainToInstance(shape, { ...wanted, ...given }, { exposeDefaultValues: true });
  const problems = validateSync(env).map(({ property, constraints }) => {
    const state = given[property] === undefined ? 'is not set' : 'is not usable';
    return `${property} ${state}: ${Object.values(constraints ?? {}).join('; ')}.`;
  });
  if (problems.length > 0) throw new EnvError(problems);
  return Object.freeze(env);
}
