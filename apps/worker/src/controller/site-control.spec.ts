import type { ChannelId } from '#domain';
import { type SiteState, replaySite } from '#policy';
import { CMB, ICBC, entryOf, reportOf } from '../spec-kit/flow';
import { SiteControl } from './site-control';

function control(changes: { readonly drawn?: number } = {}) {
  const world = {
    nowMs: 50_000,
    waiting: 7 as number | null,
    errors: [] as string[],
    trace: [] as string[],
    held: 2,
    dead: [] as string[],
  };
  const site = new SiteControl({
    controllerId: 'me',
    channels: { all: () => [entryOf(ICBC, 40), entryOf(CMB, 20)], nowMs: () => 0 },
    backlogs: (ids: readonly ChannelId[]) => {
      const { waiting } = world;
      const one = (id: ChannelId) => [id, { waiting: waiting ?? 0, active: 0, delayed: 0 }] as const;
      return Promise.resolve(waiting === null ? null : new Map(ids.map(one)));
    },
    held: { refresh: () => {}, of: () => world.held },
    dead: { look: () => {}, take: () => world.dead.splice(0) },
    monotonicMs: () => world.nowMs,
    random: () => changes.drawn ?? 0.25,
    log: { info: () => {}, warn: () => {}, error: (message) => void world.errors.push(message) },
    trace: { write: (line) => void world.trace.push(line), close: () => {} },
  });
  const step = (term = 1) => {
    world.nowMs += 200;
    site.hear({ kind: 'worker', report: reportOf('w1', world.nowMs) });
    return site.step(term);
  };
  return { site, step, world };
}

describe('the controller’s memory', () => {
  it('makes one snapshot of all channels, numbered within its term, with parts for the workers it heard', async () => {
    const { site, step } = control();
    expect(site.begin(null)).toBe('nothing');
    await step(5);
    const word = await step(5);
    expect(word).toMatchObject({ controllerId: 'me', term: 5, seq: 2 });
    expect(word!.channels.map(({ channelId }) => channelId)).toEqual([ICBC, CMB]);
    expect(word!.channels[0]).toMatchObject({ backlog: 7, heldByUnknown: 2 });
    expect(Object.keys(word!.channels[0]!.workers)).toEqual(['w1']);
    const { limits, workers } = word!.channels[0]!;
    expect(workers['w1']!.inFlight.pay).toBe(limits.pay.effective);
  });

  it('goes on where a predecessor stopped, on its own clock', async () => {
    const first = control();
    first.site.begin(null);
    for (let n = 0; n < 5; n += 1) await first.step();
    const found = { text: first.site.saved(), ageMs: 800 };
    const second = control();
    second.world.nowMs = 9;
    expect(second.site.begin(found)).toBe('the state of 800 ms ago');
    expect(await second.step(2)).toMatchObject({ term: 2, seq: 1 });
    const left = JSON.parse(found.text) as SiteState;
    expect((JSON.parse(second.site.saved()) as SiteState).nowMs).toBe(left.nowMs + 800 + 200);
  });

  it('prefers its own memory where that is newer than what it finds', async () => {
    const { site, step, world } = control();
    site.begin(null);
    await step();
    const text = site.saved();
    world.nowMs += 500;
    expect(site.begin({ text, ageMs: 499 })).toBe('the state of 499 ms ago');
    expect(site.begin({ text, ageMs: 501 })).toBe('own memory');
    world.nowMs += 400_000;
    expect(site.begin(null)).toBe('nothing');
  });

  it.each([
    '',
    '{}',
    '{"nowMs":1,"channels":7}',
    '{"nowMs":1,"channels":{"icbc.quickpay":{}},"workers":{},"doors":{}}',
  ])('begins anew from a state it cannot use: %s', async (text) => {
    const { site, step } = control();
    site.begin({ text, ageMs: 1 });
    await step();
    const word = (await step())!;
    expect(word.channels.every(({ limits }) => Number.isSafeInteger(limits.pay.effective))).toBe(true);
  });

  it('says who acts on what, and forgets who has left or said nothing for long', async () => {
    const { site, step, world } = control();
    site.begin(null);
    site.hear({ kind: 'worker', report: { ...reportOf('w2'), snapshotSeq: 8, registryVersion: 4 } });
    site.hear({ kind: 'door', report: { doorId: 'd1', seq: 1, snapshotSeq: 9, channels: [] } });
    expect((await step())!.hands).toEqual([
      { id: 'd1', kind: 'door', snapshotSeq: 9, registryVersion: null, silentMs: 200 },
      { id: 'w1', kind: 'worker', snapshotSeq: 0, registryVersion: null, silentMs: 0 },
      { id: 'w2', kind: 'worker', snapshotSeq: 8, registryVersion: 4, silentMs: 200 },
    ]);
    site.hear({ kind: 'worker', report: { ...reportOf('w2', 2), leaving: true } });
    world.nowMs += 10_000;
    expect((await step())!.hands).toMatchObject([{ id: 'w1' }]);
  });

  it('gives what a dead worker had to the others', async () => {
    const { site, step, world } = control();
    site.begin(null);
    for (let n = 1; n <= 15; n += 1) {
      site.hear({ kind: 'worker', report: { ...reportOf('w2', n), snapshotSeq: n, snapshotTerm: 1 } });
      await step();
    }
    const shares = (word: Awaited<ReturnType<typeof step>>) =>
      Object.entries(word!.channels[0]!.workers).map(([id, { inFlight }]) => [id, inFlight.pay]);
    expect(shares(await step())).toHaveLength(2);
    world.dead.push('w2');
    for (let n = 0; n < 15; n += 1) await step();
    const word = await step();
    expect(shares(word)).toEqual([['w1', word!.channels[0]!.limits.pay.effective]]);
  });

  it('keeps the last counts of the queues while they cannot be asked', async () => {
    const { site, step, world } = control();
    site.begin(null);
    await step();
    world.waiting = null;
    expect((await step())!.channels[0]).toMatchObject({ backlog: 7, heldByUnknown: 2 });
  });

  it('leaves a trace from which every step can be repeated, byte for byte', async () => {
    const { site, step, world } = control();
    site.begin(null);
    for (let n = 0; n < 20; n += 1) await step();
    site.begin(null);
    await step(2);
    expect(replaySite(world.trace)).toEqual({ steps: 21, difference: null });
  });
});
