import fc from 'fast-check';
import type { Commit } from '#dispatch';
import { Batcher, type BatchLane, SLOW_MS } from './batcher';
import { Undecided, Unreachable } from './connection';

interface Row {
  readonly key: string;
  readonly n: number;
}

/** A lane that writes what it is given and remembers the batches. */
function lane(batches: Row[][], fault?: (rows: readonly Row[]) => Error | null): BatchLane<Row, number> {
  return {
    async run(rows) {
      await Promise.resolve();
      const error = fault?.(rows);
      if (error) throw error;
      batches.push([...rows]);
      return rows.map(({ n }) => n);
    },
  };
}
const over = (lanes: BatchLane<Row, number>[], changes = {}) =>
  new Batcher(lanes, { sizeMax: 8, lingerMs: 0, waitingMax: 1_000, keyOf: (row: Row) => row.key, ...changes });
const values = (commits: readonly Commit<number>[]) =>
  commits.map((commit) => (commit.kind === 'committed' ? commit.value : commit.kind));

describe('a batcher', () => {
  it('answers every caller for its own row, whatever the order and the keys', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 60 }),
        fc.integer({ min: 1, max: 3 }),
        async (keys, lanes) => {
          const batches: Row[][] = [];
          const batcher = over(Array.from({ length: lanes }, () => lane(batches)));
          const rows = keys.map((key, n) => ({ key, n }));
          expect(values(await Promise.all(rows.map((row) => batcher.submit(row))))).toEqual(rows.map(({ n }) => n));
          for (const batch of batches) {
            expect(batch.length).toBeLessThanOrEqual(8);
            const batchKeys = batch.map(({ key }) => key);
            // One row per key, in the order of keys: two moves of one payment never share a statement, and batches cannot deadlock.
            expect(batchKeys).toEqual([...new Set(batchKeys)].sort());
          }
          // Of one key, rows are written in the order in which they came.
          for (const key of new Set(keys)) {
            if (lanes > 1) continue;
            const written = batches.flat().filter((row) => row.key === key);
            expect(written.map(({ n }) => n)).toEqual([...written.map(({ n }) => n)].sort((x, y) => x - y));
          }
        },
      ),
    );
  });

  it('refuses only the row that PostgreSQL refuses', async () => {
    const batcher = over([lane([], (rows) => (rows.some(({ n }) => n === 3) ? new Error('check constraint') : null))]);
    const commits = await Promise.all([1, 2, 3, 4].map((n) => batcher.submit({ key: `k${n}`, n })));
    expect(values(commits)).toEqual([1, 2, 'not_committed', 4]);
    expect(commits[2]).toEqual({ kind: 'not_committed', reason: 'rejected', detail: 'check constraint' });
  });

  it('does not repeat what may have been stored: an undecided batch stays undecided for each of its callers', async () => {
    let runs = 0;
    const undecided = () => {
      runs += 1;
      return new Undecided('connection lost');
    };
    const commits = await Promise.all([1, 2].map((n) => over([lane([], undecided)]).submit({ key: `k${n}`, n })));
    expect(commits).toEqual([1, 2].map(() => ({ kind: 'indeterminate', detail: 'connection lost' })));
    expect(runs).toBe(2);
  });

  it('says that nothing was stored when the server could not be asked', async () => {
    const commit = await over([lane([], () => new Unreachable('down'))]).submit({ key: 'k', n: 1 });
    expect(commit).toEqual({ kind: 'not_committed', reason: 'unavailable', detail: 'down' });
  });

  describe('with two connections', () => {
    beforeEach(() => void jest.useFakeTimers());
    afterEach(() => void jest.useRealTimers());

    /** Commits end when told to. */
    function held() {
      const batches: number[][] = [];
      const ends: (() => void)[] = [];
      const one: BatchLane<Row, number> = {
        run: (rows) => {
          batches.push(rows.map(({ n }) => n));
          return new Promise((resolve) => ends.push(() => resolve(rows.map(({ n }) => n))));
        },
      };
      const batcher = over([one, { ...one }], { lingerMs: 2 });
      const submit = (...ns: number[]) => ns.forEach((n) => void batcher.submit({ key: `k${n}`, n }));
      return { batches, ends, submit };
    }

    it('gathers behind a commit under way, and leaves as one when it returns', async () => {
      const { batches, ends, submit } = held();
      submit(1);
      await jest.advanceTimersByTimeAsync(2);
      submit(2);
      await jest.advanceTimersByTimeAsync(5);
      submit(3);
      expect(batches).toEqual([[1]]);
      ends[0]!();
      await jest.advanceTimersByTimeAsync(0);
      expect(batches).toEqual([[1], [2, 3]]);
    });

    it('waits for nobody with a full batch', async () => {
      const { batches, submit } = held();
      submit(0);
      await jest.advanceTimersByTimeAsync(2);
      submit(1, 2, 3, 4, 5, 6, 7, 8);
      expect(batches).toEqual([[0], [1, 2, 3, 4, 5, 6, 7, 8]]);
    });

    it('takes the other connection when a commit is slow', async () => {
      const { batches, submit } = held();
      submit(1);
      await jest.advanceTimersByTimeAsync(2);
      submit(2);
      await jest.advanceTimersByTimeAsync(SLOW_MS - 1);
      expect(batches).toEqual([[1]]);
      await jest.advanceTimersByTimeAsync(1);
      expect(batches).toEqual([[1], [2]]);
    });
  });

  it('holds a bounded number of rows and turns the rest away at once', async () => {
    const never: BatchLane<Row, number> = { run: () => new Promise(() => undefined) };
    const batcher = over([never], { waitingMax: 3, sizeMax: 1 });
    for (let n = 0; n < 4; n += 1) void batcher.submit({ key: `k${n}`, n });
    expect(await batcher.submit({ key: 'k9', n: 9 })).toMatchObject({ kind: 'not_committed', reason: 'unavailable' });
  });
});
