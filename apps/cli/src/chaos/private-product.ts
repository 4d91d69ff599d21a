/**
 * A whole product of our own, to be broken: the hand that starts, kills and freezes its processes. The processes belong to
 * `scripts/private-product.cjs`, which ends them and removes their folder when this process goes, however it goes.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

export const PROCESSES = ['postgres', 'redis', 'bank_simulator', 'orchestrator', 'worker', 'worker_2'] as const;
export type ProcessName = (typeof PROCESSES)[number];

/** Where the product is. */
export interface ProductPlace {
  readonly urls: Readonly<Record<'api' | 'worker' | 'worker_2' | 'bank_simulator', string>>;
  readonly databases: { readonly postgres_url: string; readonly redis_url: string };
  readonly merchant: { readonly id: string; readonly api_key: string };
  readonly operator: { readonly api_key: string };
  /** Those that run. */
  readonly processes: readonly ProcessName[];
  readonly pids: Readonly<Partial<Record<ProcessName, number>>>;
  /** Temporary: databases and books. */
  readonly folder: string;
  /** The small file system under PostgreSQL; null: none was asked for, or none can be mounted here. */
  readonly disk: string | null;
}

export interface ProductWish {
  /** Folder for the processes' logs. */
  readonly logs: string;
  readonly workers: 1 | 2;
  readonly env: Readonly<Record<string, string>>;
  /** Folder of another build than `dist`: one with a bug planted in it. */
  readonly build?: string;
  /** PostgreSQL on a small file system of its own, to be filled up. */
  readonly ownDisk?: boolean;
}

/** A process ended: by which signal (`SIGKILL`) or exit code. */
export type OnEnd = (name: ProcessName, pid: number, how: string) => void;

interface Answer {
  readonly id?: number;
  readonly value?: unknown;
  readonly error?: string;
  readonly ended?: ProcessName;
  readonly pid?: number;
  readonly how?: string;
}

export class PrivateProduct {
  private readonly waiting = new Map<number, { done: (value: unknown) => void; failed: (error: Error) => void }>();
  private asked = 0;
  private placed: ProductPlace | null = null;

  private constructor(
    private readonly child: ChildProcess,
    onEnd: OnEnd,
  ) {
    child.on('message', (message) => this.hear(message as Answer, onEnd));
    child.once('exit', () => {
      for (const { failed } of this.waiting.values()) failed(new Error('the private product ended'));
      this.waiting.clear();
    });
  }

  /** @throws Error with the end of the log of whatever did not start */
  static async bringUp(wish: ProductWish, onEnd: OnEnd): Promise<PrivateProduct> {
    const child = fork(join('scripts', 'private-product.cjs'), [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const product = new PrivateProduct(child, onEnd);
    try {
      product.placed = (await product.ask('bringUp', { ...wish })) as ProductPlace;
      return product;
    } catch (error) {
      child.disconnect();
      throw error;
    }
  }

  get place(): ProductPlace {
    if (this.placed === null) throw new Error('the private product is not up yet');
    return this.placed;
  }

  /** @param env on top of the usual, for this start only. @returns its pid, before it is ready */
  async start(name: ProcessName, env: Readonly<Record<string, string>> = {}): Promise<number> {
    return (await this.ask('start', { name, env })) as number;
  }

  /** As a crash would. @returns the pid it had. @throws if it was not running */
  async kill(name: ProcessName): Promise<number> {
    return (await this.ask('kill', { name })) as number;
  }

  /** @param family its children too. @returns how many processes got it. @throws if it was not running */
  async signal(name: ProcessName, signal: NodeJS.Signals, family = false): Promise<number> {
    return (await this.ask('signal', { name, signal, family })) as number;
  }

  /** Ends everything and removes the folder. */
  async end(): Promise<void> {
    await this.ask('end', {});
    const gone = new Promise<void>((done) => this.child.once('exit', () => done()));
    this.child.disconnect();
    await gone;
  }

  private hear({ id, value, error, ended, pid, how }: Answer, onEnd: OnEnd): void {
    if (ended !== undefined) onEnd(ended, pid ?? 0, how ?? '');
    if (id === undefined) return;
    const waiter = this.waiting.get(id);
    this.waiting.delete(id);
    if (error === undefined) waiter?.done(value);
    else waiter?.failed(new Error(error));
  }

  private ask(deed: string, request: Record<string, unknown>): Promise<unknown> {
    this.asked += 1;
    const id = this.asked;
    return new Promise((done, failed) => {
      this.waiting.set(id, { done, failed });
      this.child.send({ ...request, id, do: deed });
    });
  }
}
