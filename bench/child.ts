/** A measuring program as a process of its own, spoken to over Node's channel: its processor time can then be told apart. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

export interface Child {
  readonly pid: number;
  send(message: object): void;
  /** The next message of this kind. @throws Error if the program ends first */
  next<T>(kind: string): Promise<T>;
  end(): Promise<void>;
}

/** A program of ours that does not leave within this has nothing left to write. */
const END_BOUND_MS = 3_000;

/** @param program file in bench/ */
export function startChild(program: string, environment: Readonly<Record<string, string>>): Child {
  const child: ChildProcess = fork(join(import.meta.dirname, program), {
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const killWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithUs);
  return {
    pid: child.pid ?? -1,
    send: (message) => void child.send(message),
    next: <T>(kind: string) =>
      new Promise<T>((resolve, reject) => {
        const hear = (message: unknown): void => {
          if ((message as { kind?: unknown }).kind !== kind) return;
          child.off('message', hear);
          resolve(message as T);
        };
        child.on('message', hear);
        void gone.then(() => reject(new Error(`bench/${program} ended before it said "${kind}".`)));
      }),
    async end() {
      process.removeListener('exit', killWithUs);
      child.kill();
      const timer = setTimeout(() => child.kill('SIGKILL'), END_BOUND_MS);
      await gone;
      clearTimeout(timer);
    },
  };
}
