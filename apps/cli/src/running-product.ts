/** Where is the product that runs here? `npm start` writes it to `.data/run.json`; scripts and commands read it there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Everything that a run makes lies here, below the folder a command is called in (npm: the repository's root). */
export const DATA_FOLDER = '.data';

/** The part of `.data/run.json` that commands use. */
export interface RunningProduct {
  readonly state: string;
  readonly urls: { readonly api: string; readonly bank_simulator: string };
  readonly keys: {
    readonly merchant: { readonly id: string; readonly api_key: string };
    readonly operator: { readonly api_key: string };
  };
  readonly databases: { readonly postgres_url: string; readonly redis_url: string };
  readonly pids: Readonly<Record<string, number>>;
}

/** @returns null if there is no such file, or nothing is ready behind it */
export function readRunningProduct(file = join(DATA_FOLDER, 'run.json')): RunningProduct | null {
  let run: RunningProduct;
  try {
    run = JSON.parse(readFileSync(file, 'utf8')) as RunningProduct;
  } catch {
    return null;
  }
  const supervisor = run.pids?.['supervisor'];
  return run.state === 'ready' && supervisor !== undefined && isAlive(supervisor) ? run : null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
