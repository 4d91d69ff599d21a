import { DeadWorkers } from './dead-workers';

describe('a silent worker', () => {
  let alive: Set<string> | Error;
  let asked: (readonly string[])[];
  let nowMs: number;
  let dead: DeadWorkers;
  beforeEach(() => {
    alive = new Set();
    asked = [];
    nowMs = 0;
    dead = new DeadWorkers(
      (ids) => {
        asked.push(ids);
        return alive instanceof Error ? Promise.reject(alive) : Promise.resolve(alive);
      },
      { info: () => {}, warn: () => {}, error: () => {} },
    );
  });

  const look = async (silence: Record<string, number>): Promise<readonly string[]> => {
    nowMs += 1_000;
    dead.look(silence, nowMs);
    await new Promise(setImmediate);
    return dead.take();
  };

  it('without a connection to PostgreSQL in two looks is dead, and is said to be once', async () => {
    expect(await look({ one: 100, two: 1_100 })).toEqual([]);
    expect(await look({ one: 100, two: 2_100 })).toEqual(['two']);
    expect(asked).toEqual([['two'], ['two']]);
    expect(await look({ one: 100 })).toEqual([]);
  });

  it('that has one is deaf, and keeps its part', async () => {
    alive = new Set(['two']);
    for (let n = 1; n < 10; n += 1) expect(await look({ two: n * 1_000 + 1 })).toEqual([]);
  });

  it('that is heard again, or connects again, was not dead', async () => {
    await look({ two: 1_100 });
    await look({ two: 100 });
    expect(await look({ two: 1_100 })).toEqual([]);
    alive = new Set(['two']);
    await look({ two: 2_100 });
    alive = new Set();
    expect(await look({ two: 3_100 })).toEqual([]);
  });

  it('is not known to be dead while PostgreSQL does not answer', async () => {
    await look({ two: 1_100 });
    alive = new Error('gone');
    await look({ two: 2_100 });
    alive = new Set();
    expect(await look({ two: 3_100 })).toEqual([]);
    expect(await look({ two: 4_100 })).toEqual(['two']);
  });
});
