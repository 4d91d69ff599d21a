/**
 * Many callers, one commit: gathers rows and writes them in one statement. See notes on group commit in ARCHITECTURE.md.
 *
 * Rows wait at most `lingerMs` for company, and while a commit is under way, for its end: they leave together when it returns. A second
 * connection is taken only where that would be the worse: for a full batch, or when the commit is slow.
 *
 *   lane 1  ──[ 12 rows ]──[ 17 rows ]──[ 14 rows ··· a slow disk ··· ]──
 *   lane 2                               SLOW_MS ──▶ [ 20 rows ]──
 *
 * A batch holds at most one row per key: of two transitions of one payment in one statement, one would vanish (money.md section 5).
 */
import type { Commit } from '#dispatch';
import { Undecided, Unreachable } from './connection';

export interface BatchLane<Item, Result> {
  /**
   * Writes the rows in one statement.
   * @returns one result per row, in the order of the rows; an error for a row whose own fate differs from its batch's
   */
  run(items: readonly Item[]): Promise<readonly (Result | Error)[]>;
}

export interface BatcherOptions<Item> {
  /** Rows in one statement. 128: a batch of 8 already takes 80 % of the cost away, beyond 128 only latency grows (stack.md C5). */
  readonly sizeMax: number;
  readonly lingerMs: number;
  /** Rows that may wait; beyond it the journal says `unavailable` rather than hold the process's memory. */
  readonly waitingMax: number;
  /** Rows of one key never share a batch; also the order of rows within a batch. */
  readonly keyOf: (item: Item) => string;
}

/**
 * A commit that takes longer is slow, and what has gathered behind it takes another connection. Twice what a full batch takes on a disk
 * that is well (5 to 8 ms), and well below the 40 ms in which 99 of 100 acceptances should be answered.
 */
export const SLOW_MS = 15;

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (commit: Commit<Result>) => void;
}

export class Batcher<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private timer: NodeJS.Timeout | null = null;
  private due = false;
  /** Commits under way that are expected back in a moment. */
  private quick = 0;
  private readonly free: BatchLane<Item, Result>[];

  constructor(
    lanes: readonly BatchLane<Item, Result>[],
    private readonly options: BatcherOptions<Item>,
  ) {
    this.free = [...lanes];
  }

  submit(item: Item): Promise<Commit<Result>> {
    if (this.waiting.length >= this.options.waitingMax) {
      return Promise.resolve({
        kind: 'not_committed',
        reason: 'unavailable',
        detail: 'too many rows wait for a commit',
      });
    }
    return new Promise((resolve) => {
      this.waiting.push({ item, resolve });
      if (this.waiting.length >= this.options.sizeMax) this.flush();
      else this.timer ??= setTimeout(() => this.flush(), this.options.lingerMs);
    });
  }

  private flush(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.due = this.waiting.length > 0;
    while (this.due) {
      if (this.quick > 0 && this.waiting.length < this.options.sizeMax) return; // flushed when it returns, or turns out slow
      const lane = this.free.pop();
      if (!lane) return; // flushed when a lane frees
      const batch = this.takeBatch();
      this.due = this.waiting.length >= this.options.sizeMax;
      const noLongerQuick = this.expectBack();
      void this.write(lane, batch).finally(() => {
        this.free.push(lane);
        noLongerQuick();
        if (this.due) this.flush();
      });
    }
    if (this.waiting.length > 0) this.timer ??= setTimeout(() => this.flush(), this.options.lingerMs);
  }

  /** @returns to be called when the commit has returned */
  private expectBack(): () => void {
    this.quick += 1;
    let quick = true;
    const noLonger = (): void => {
      if (quick) this.quick -= 1;
      quick = false;
    };
    const timer = setTimeout(() => {
      noLonger();
      if (this.due) this.flush();
    }, SLOW_MS);
    return () => {
      clearTimeout(timer);
      noLonger();
    };
  }

  private takeBatch(): Waiting<Item, Result>[] {
    const { keyOf, sizeMax } = this.options;
    const batch = new Map<string, Waiting<Item, Result>>();
    const later: Waiting<Item, Result>[] = [];
    for (const row of this.waiting) {
      const key = keyOf(row.item);
      if (batch.size < sizeMax && !batch.has(key)) batch.set(key, row);
      else later.push(row);
    }
    this.waiting = later;
    return [...batch.keys()].sort().map((key) => batch.get(key)!);
  }

  private async write(lane: BatchLane<Item, Result>, batch: readonly Waiting<Item, Result>[]): Promise<void> {
    let results: readonly (Result | Error)[];
    try {
      results = await lane.run(batch.map(({ item }) => item));
    } catch (error) {
      if (batch.length > 1 && !(error instanceof Unreachable) && !(error instanceof Undecided)) {
        // Refused as a whole: half by half, so that one bad row is found in a few statements and harms no other.
        const middle = batch.length >> 1;
        await this.write(lane, batch.slice(0, middle));
        await this.write(lane, batch.slice(middle));
        return;
      }
      const commit = fateOf(error);
      for (const { resolve } of batch) resolve(commit);
      return;
    }
    batch.forEach(({ resolve }, position) => {
      const result = results[position]!;
      resolve(result instanceof Error ? fateOf(result) : { kind: 'committed', value: result });
    });
  }
}

function fateOf(error: unknown): Commit<never> {
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof Unreachable) return { kind: 'not_committed', reason: 'unavailable', detail };
  if (error instanceof Undecided) return { kind: 'indeterminate', detail };
  return { kind: 'not_committed', reason: 'rejected', detail };
}
