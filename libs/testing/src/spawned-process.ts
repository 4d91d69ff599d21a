// A Node script run beside a spec: its output kept, ended with the spec.
import { type ChildProcess, spawn } from 'node:child_process';

/** A process under test. */
export interface SpawnedProcess {
  readonly pid: number;
  /** What it has written to stdout and stderr so far (the last megabyte). */
  output(): string;
  /** Resolves when its output matches; rejects if it ends before, or after `boundMs` (10 s). */
  untilOutput(pattern: RegExp, boundMs?: number): Promise<string>;
  /** How it ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Sends a signal (SIGTERM) and waits for its end; SIGKILL after `boundMs` (10 s). */
  end(signal?: NodeJS.Signals, boundMs?: number): Promise<void>;
}

/** A chatty process must not eat the memory of the test run. */
const KEPT_CHARACTERS = 1_000_000;
/** A Node process of ours starts and ends within a second; ten is for a machine under load. */
const BOUND_MS = 10_000;

/**
 * Starts a Node script on the Node that runs the tests.
 * @param script absolute path of a JavaScript file
 * @param options arguments, and environment on top of ours
 */
export function spawnProcess(
  script: string,
  options: { args?: string[]; env?: NodeJS.ProcessEnv } = {},
): SpawnedProcess {
  const env = { ...process.env, ...options.env };
  const child = spawn(process.execPath, [script, ...(options.args ?? [])], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const listeners = new Set<() => void>();
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-KEPT_CHARACTERS);
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = untilEnd(child);
  return {
    pid: child.pid ?? -1,
    output: () => output,
    ended,
    untilOutput: (pattern, boundMs = BOUND_MS) =>
      new Promise((resolve, reject) => {
        const settle = (error?: Error): void => {
          clearTimeout(timer);
          listeners.delete(look);
          if (error) reject(error);
          else resolve(output);
        };
        const look = (): void => {
          if (pattern.test(output)) settle();
        };
        const timer = setTimeout(() => settle(new Error(`No ${pattern} within ${boundMs} ms in:\n${output}`)), boundMs);
        listeners.add(look);
        void ended.then(() => settle(new Error(`The process ended without ${pattern}:\n${output}`)));
        look();
      }),
    end: async (signal = 'SIGTERM', boundMs = BOUND_MS) => {
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), boundMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

function untilEnd(child: ChildProcess): SpawnedProcess['ended'] {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ code: null, signal: null }));
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}
