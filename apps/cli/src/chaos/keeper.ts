/**
 * Keeps the processes of a private product up, as the supervisor of `npm start` does: what dies is started again, unless a fault holds it
 * down. Remembers every end, so that a fault can prove that it happened.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PrivateProduct, ProcessName } from './private-product';

/** A process that ended. */
export interface EndedProcess {
  readonly name: ProcessName;
  readonly pid: number;
  /** Signal or exit code: `SIGKILL`, `exit code 1`. */
  readonly how: string;
}

/** What systemd and Kubernetes take at least; `npm start` takes as long. */
const START_AGAIN_AFTER_MS = 250;
/** A start that fails (its database is gone) is tried again, not faster than this. */
const TRY_AGAIN_MS = 500;
const LOOK_EVERY_MS = 50;
/** PostgreSQL replays its log, the API waits for PostgreSQL: seconds; half a minute is a product that does not come back. */
const READY_BOUND_MS = 30_000;

export class Keeper {
  /** In the order in which they ended. */
  readonly ends: EndedProcess[] = [];
  /** How often each was started again. */
  starts = 0;
  private product: PrivateProduct | null = null;
  private readonly pids = new Map<ProcessName, number>();
  private readonly held = new Set<ProcessName>();
  private readonly turns = new Map<ProcessName, Promise<unknown>>();
  private readonly starting = new Map<ProcessName, Promise<void>>();
  private over = false;

  /** Called by the product for each process that ends. */
  readonly onEnd = (name: ProcessName, pid: number, how: string): void => {
    this.ends.push({ name, pid, how });
    if (this.pids.get(name) === pid) this.pids.delete(name);
    if (!this.held.has(name)) this.starting.set(name, this.startAgain(name));
  };

  /** From now on whatever ends is started again. */
  keep(product: PrivateProduct): void {
    this.product = product;
    for (const [name, pid] of Object.entries(product.place.pids)) this.pids.set(name as ProcessName, pid);
  }

  /** From now on nothing is started again. */
  release(): void {
    this.over = true;
  }

  /** Faults of the same process take turns: one kill would otherwise take the credit of the other. */
  inTurn<T>(name: ProcessName, work: () => Promise<T>): Promise<T> {
    const before = this.turns.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.turns.set(
      name,
      mine.catch(() => undefined),
    );
    return mine;
  }

  /** The process's pid, once it runs again if it does not. @throws if it does not within half a minute */
  async running(name: ProcessName): Promise<number> {
    const begun = performance.now();
    for (;;) {
      const pid = this.pids.get(name);
      if (pid !== undefined) return pid;
      if (performance.now() - begun > READY_BOUND_MS) throw new Error(`${name} does not run`);
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** From now on it is not started again, until it is brought back. */
  hold(name: ProcessName): void {
    this.held.add(name);
  }

  /** Kills a process and keeps it down. @returns the pid it had, or null if it was not running */
  async takeDown(name: ProcessName): Promise<number | null> {
    this.held.add(name);
    // A start that is under way would otherwise come after the kill.
    await this.starting.get(name);
    const pid = await this.hand()
      .kill(name)
      .catch(() => null);
    this.pids.delete(name);
    return pid;
  }

  /** Starts a process that was taken down. @param env for this start only. @returns its pid */
  async bringBack(name: ProcessName, env: Readonly<Record<string, string>> = {}): Promise<number> {
    const pid = await this.hand().start(name, env);
    this.pids.set(name, pid);
    this.starts += 1;
    this.held.delete(name);
    return pid;
  }

  /** Its pid now; none while it is down. */
  pidOf(name: ProcessName): number[] {
    const pid = this.pids.get(name);
    return pid === undefined ? [] : [pid];
  }

  /**
   * Starts a process anew with something armed in it, and waits until it has ended by a signal. One that ends by itself (its database was
   * gone when it started) takes what is armed with it, so it is armed again, for as long as there is load.
   * @returns its last pid, and how that ended; null: it had not when `until` fired
   */
  async untilItEnds(
    name: ProcessName,
    armed: Readonly<Record<string, string>>,
    until: AbortSignal,
  ): Promise<{ readonly pid: number; readonly how: string | null }> {
    for (;;) {
      await this.takeDown(name);
      const pid = await this.bringBack(name, armed);
      const how = await this.endOf(pid, until);
      if (how === null || how.startsWith('SIG') || until.aborted) return { pid, how };
      await sleep(TRY_AGAIN_MS);
    }
  }

  /**
   * Starts a process anew with an environment of its own, and waits until it is ready with it: one that ended on the way (its database was
   * gone) was started again without. @throws if it is not ready within half a minute
   */
  async readyWith(name: 'orchestrator' | 'worker', env: Readonly<Record<string, string>>): Promise<void> {
    const begun = performance.now();
    for (;;) {
      await this.takeDown(name);
      const pid = await this.bringBack(name, env);
      await this.ready(name);
      if (this.pids.get(name) === pid) return;
      if (performance.now() - begun > READY_BOUND_MS) throw new Error(`${name} does not stay up`);
    }
  }

  /** Waits until this very process has ended. @returns how it ended; null: it had not when `until` fired */
  async endOf(pid: number, until: AbortSignal): Promise<string | null> {
    for (;;) {
      const end = this.ends.find((each) => each.pid === pid);
      if (end) return end.how;
      if (until.aborted) return null;
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** Waits until the process answers that it is ready. @throws if it does not within half a minute */
  async ready(name: 'orchestrator' | 'worker' | 'worker_2' | 'bank_simulator'): Promise<void> {
    const { urls } = this.hand().place;
    const url = `${urls[name === 'orchestrator' ? 'api' : name]}/health/ready`;
    const begun = performance.now();
    for (;;) {
      const ok = await fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
        async (answer) => (await answer.arrayBuffer(), answer.ok),
        () => false,
      );
      if (ok) return;
      if (performance.now() - begun > READY_BOUND_MS)
        throw new Error(`${name} was not ready within ${READY_BOUND_MS / 1_000} s`);
      await sleep(LOOK_EVERY_MS);
    }
  }

  private async startAgain(name: ProcessName): Promise<void> {
    await sleep(START_AGAIN_AFTER_MS);
    while (!this.over && this.product !== null && !this.held.has(name) && !this.pids.has(name)) {
      try {
        this.pids.set(name, await this.product.start(name));
        this.starts += 1;
        return;
      } catch (error) {
        if (this.over || !(error instanceof Error)) return;
        await sleep(TRY_AGAIN_MS);
      }
    }
  }

  private hand(): PrivateProduct {
    if (this.product === null) throw new Error('the keeper has no product yet');
    return this.product;
  }
}
