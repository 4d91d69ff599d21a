/** Where is the product that runs here? `npm start` writes it to `.data/run.json`; scripts and commands read it there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Everything that a run makes lies here, below the folder a command is called in (npm: the repository's root). */
export const DATA_FOLDER = '.data';

/** The part of `.data/run.json` that commands use. */
export interface RunningProduct {
  readonly state: string;
  readonly urls: { readonly api: string; readonly worker?: string; readonly bank_simulator: string };
  readonly keys: {
    readonly merchant: { readonly id: string; readonly api_key: string };
    readonly operator: { readonly api_key: string };
  };
  readonly databases: { readonly postgres_url: string; readonly redis_url: string };
  readonly pids: Readonly<Record<string, number>>;
}

/** @returns null if there is no such file, or nothing is ready behind it */
export function readRunningProduct(file = join(DATA_FOLDER, 'run.json')): RunningProduct | null {
  let run: Omit<RunningProduct, 'pids'> & Partial<Pick<RunningProduct, 'pids'>>;
  try {
    run = JSON.parse(readFileSync(file, 'utf8')) as typeof run;
  } catch {
    return null;
  }
  // Without processes it is kept by somebody else, on other machines: whether it is there shows when it is called.
  if (run.pids === undefined) return { ...run, pids: {} };
  const supervisor = run.pids['supervisor'];
  const ready = run.state === 'ready' && supervisor !== undefined && isAlive(supervisor);
  return ready ? { ...run, pids: run.pids } : null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
