/**
 * Many callers, one commit: gathers rows and writes them in one statement. See notes on group commit in ARCHITECTURE.md.
 *
 * While a connection is free, rows wait at most `lingerMs`; while all are busy, they gather and leave together when one frees. A batch
 * holds at most one row per key: of two transitions of one payment in one statement, one would vanish (money.md section 5).
 */
import type { Commit } from '#dispatch';
import { Undecided, Unreachable } from './connection';

export interface BatchLane<Item, Result> {
  /** Writes the rows in one statement. @returns one result per row, in the order of the rows */
  run(items: readonly Item[]): Promise<readonly Result[]>;
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

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (commit: Commit<Result>) => void;
}

export class Batcher<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private timer: NodeJS.Timeout | null = null;
  private due = false;
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
      const lane = this.free.pop();
      if (!lane) return; // flushed when a lane frees
      const batch = this.takeBatch();
      this.due = this.waiting.length >= this.options.sizeMax;
      void this.write(lane, batch).finally(() => {
        this.free.push(lane);
        if (this.due) this.flush();
      });
    }
    if (this.waiting.length > 0) this.timer ??= setTimeout(() => this.flush(), this.options.lingerMs);
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
    let results: readonly Result[];
    try {
      results = await lane.run(batch.map(({ item }) => item));
    } catch (error) {
      if (batch.length > 1 && !(error instanceof Unreachable) && !(error instanceof Undecided)) {
        // Refused as a whole: row by row, so that one bad row harms no other.
        for (const row of batch) await this.write(lane, [row]);
        return;
      }
      const commit = fateOf(error);
      for (const { resolve } of batch) resolve(commit);
      return;
    }
    batch.forEach(({ resolve }, position) => resolve({ kind: 'committed', value: results[position]! }));
  }
}

function fateOf(error: unknown): Commit<never> {
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof Unreachable) return { kind: 'not_committed', reason: 'unavailable', detail };
  if (error instanceof Undecided) return { kind: 'indeterminate', detail };
  return { kind: 'not_committed', reason: 'rejected', detail };
}
