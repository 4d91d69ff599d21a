/** What the simulator reads from its environment, once, at start. Each error names the variable and a value that would do. */
import { readFileSync } from 'node:fs';
import type { BankSimulatorOptions } from './start';

/** @throws Error naming the variable. */
export function optionsFrom(env: Readonly<Record<string, string | undefined>>): BankSimulatorOptions {
  const secret = env['BANK_SECRET'] ?? '';
  if (secret.length < 16) {
    fail(
      'BANK_SECRET',
      'must be the shared HMAC secret, at least 16 characters; the API and workers need the same one',
    );
  }
  const dataFolder = env['BANK_SIMULATOR_DATA'] ?? '';
  if (dataFolder === '') fail('BANK_SIMULATOR_DATA', 'must be a folder for the ledger, such as .data/bank-simulator');
  const publicUrl = env['BANK_SIMULATOR_PUBLIC_URL'];
  if (publicUrl !== undefined && !/^https?:\/\/.*[^/]$/.test(publicUrl)) {
    fail('BANK_SIMULATOR_PUBLIC_URL', 'must be an http or https address without a slash at its end');
  }
  const file = env['BANK_SIMULATOR_TIMELINE'];
  return {
    secret,
    dataFolder,
    publicUrl,
    host: env['BANK_SIMULATOR_HOST'] ?? '127.0.0.1',
    port: wholeNumber('BANK_SIMULATOR_PORT', env['BANK_SIMULATOR_PORT'] ?? '0', 65_535),
    seed: wholeNumber('BANK_SIMULATOR_SEED', env['BANK_SIMULATOR_SEED'] ?? '1', Number.MAX_SAFE_INTEGER),
    ...(file === undefined || file === '' ? {} : { timeline: timelineFile(file) }),
  };
}

function timelineFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return fail('BANK_SIMULATOR_TIMELINE', `must name a readable JSON file: ${(error as Error).message}`);
  }
}

function wholeNumber(name: string, text: string, max: number): number {
  const value = Number(text);
  if (/^[0-9]+$/.test(text) && value <= max) return value;
  return fail(name, `must be a whole number from 0 to ${max}, not "${text}"`);
}

function fail(name: string, message: string): never {
  throw new Error(`${name} ${message}`);
}
