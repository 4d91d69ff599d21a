import type { FlowSnapshot } from '#policy';
import type { Published, TakenSeat } from '#redis';
import { ICBC, entryOf, snapshotOf } from '../spec-kit/flow';
import { ControllerLoop } from './controller-loop';

const WORD = snapshotOf([entryOf(ICBC, 40)], ['w']);

/** Everything around the loop, by hand; `did` is the order in which it acted. */
function around() {
  const world = {
    nowMs: 10_000,
    heldTerm: null as number | null,
    free: true,
    heardMs: Infinity,
    heardTerm: 0,
    reports: 1,
    published: 'published' as Published,
    asserted: true,
    did: [] as string[],
  };
  let seq = 0;
  const loop = new ControllerLoop({
    seat: {
      heldTerm: () => world.heldTerm,
      take: (heard: number): Promise<TakenSeat | null> => {
        world.did.push(`ask for the seat above ${heard}`);
        if (!world.free) return Promise.resolve(null);
        world.heldTerm = heard + 1;
        return Promise.resolve({ term: heard + 1, found: null });
      },
      publish: ({ seq: n }: FlowSnapshot, state: string | null) => {
        world.did.push(`publish ${n}${state === null ? '' : ' with state'}`);
        if (world.published === 'lost') world.heldTerm = null;
        return Promise.resolve(world.published);
      },
      leave: () => Promise.resolve(void world.did.push('leave')),
    },
    flow: {
      get snapshot() {
        return world.heardTerm > 0 ? { ...WORD, term: world.heardTerm } : null;
      },
      ageMs: () => world.heardMs,
      hearReports: (on) => void world.did.push(on ? 'hear reports' : 'hear none'),
    },
    site: {
      begin: () => (world.did.push('begin'), 'nothing'),
      step: (term) => Promise.resolve({ ...WORD, term, seq: (seq += 1) }),
      saved: () => '{}',
      ghostsOf: () => 0,
      get heardWorkers() {
        return world.reports;
      },
    },
    valve: {
      assert: (settings) => {
        world.did.push(`assert ${settings.length}`);
        return Promise.resolve(world.asserted);
      },
    },
    channels: { get: () => entryOf(ICBC, 40) },
    monotonicMs: () => world.nowMs,
    log: { info: () => {}, warn: () => {}, error: (message) => void world.did.push(message) },
  });
  const tick = async (): Promise<string[]> => {
    world.did.length = 0;
    world.nowMs += 200;
    await loop.tick();
    return [...world.did];
  };
  return { loop, tick, world };
}

describe('a candidate', () => {
  it('leaves the seat alone while a controller is heard, and asks for it after a second of silence', async () => {
    const { tick, world } = around();
    Object.assign(world, { heardMs: 900, heardTerm: 4 });
    expect(await tick()).toEqual([]);
    world.heardMs = 1_000;
    expect(await tick()).toEqual(['ask for the seat above 4', 'begin', 'hear reports']);
  });

  it('asks again where another was quicker', async () => {
    const { tick, world } = around();
    world.free = false;
    expect(await tick()).toEqual(['ask for the seat above 0']);
    expect(await tick()).toEqual(['ask for the seat above 0']);
  });
});

describe('a controller', () => {
  it('tells Redis the limits before it tells everybody their part of them', async () => {
    const { tick } = around();
    await tick();
    expect(await tick()).toEqual(['assert 1', 'publish 1 with state']);
  });

  it('says only what changed, and everything again after a second, with its state', async () => {
    const { tick } = around();
    await tick();
    await tick();
    for (let n = 2; n <= 5; n += 1) expect(await tick()).toEqual(['assert 0', `publish ${n}`]);
    expect(await tick()).toEqual(['assert 1', 'publish 6 with state']);
  });

  it('waits for the first report, so that it does not take silence for idleness, but not for ever', async () => {
    const { tick, world } = around();
    world.reports = 0;
    await tick();
    expect(await tick()).toEqual([]);
    expect(await tick()).toEqual([]);
    expect(await tick()).toEqual(['assert 1', 'publish 1 with state']);
  });

  it('that has lost its seat steps down and asks for it at once: Redis may have been wiped', async () => {
    const { tick, world } = around();
    await tick();
    await tick();
    Object.assign(world, { published: 'lost', heardMs: 0, heardTerm: 1 });
    await tick();
    world.published = 'published';
    expect(await tick()).toEqual(['hear none', 'ask for the seat above 1', 'begin', 'hear reports']);
    expect(await tick()).toEqual(['assert 1', 'publish 3 with state']);
  });

  it('repeats every limit where Redis did not confirm them', async () => {
    const { tick, world } = around();
    await tick();
    world.asserted = false;
    await tick();
    expect(await tick()).toEqual(['assert 1', 'publish 2']);
  });

  it('leaves its seat at an orderly end', async () => {
    const { loop, tick, world } = around();
    await tick();
    await loop.stop();
    expect(world.did.at(-1)).toBe('leave');
  });
});
