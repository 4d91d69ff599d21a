import { TIER } from '#domain';
import { FlowWorld, type FlowWorldSetting, steady } from '../spec-kit/flow-world';

/** 60 slots of 150 ms: 400 answers a second. */
const CAPACITY = 400;
const bank = { slots: () => 60, meanMs: 150, limits: { inFlightMax: 600 } };

/** After ten seconds of warming up, so many more are counted. */
function counted(setting: Partial<FlowWorldSetting> & Pick<FlowWorldSetting, 'seed' | 'customers'>, forMs = 15_000) {
  const world = new FlowWorld({ ...bank, ...setting }).run(10_000);
  world.forget();
  return world.run(forMs);
}
const goodput = (world: FlowWorld, forMs: number): number =>
  (world.tallies.reduce((sum, { answered }) => sum + answered, 0) * 1_000) / forMs / CAPACITY;

describe('the flow of a channel', () => {
  it('lets everybody in while the bank can serve everybody', () => {
    const world = counted({ seed: 1, customers: [steady('m', CAPACITY * 0.6)] });
    expect(world.tallies[0]!.admitted).toBe(world.tallies[0]!.offered);
    expect(world.flow.doors['door-0']!.tiers[TIER.paying].share).toBe(1);
  });

  it('turns away at the door what the bank cannot serve: the queue never runs dry, and nobody expires in it', () => {
    const world = counted({ seed: 2, customers: [steady('m', CAPACITY * 5)] });
    expect(goodput(world, 15_000)).toBeGreaterThan(0.85);
    for (const { waiting } of world.history) expect(waiting).toBeGreaterThan(0);
    expect(world.tallies[0]!.expired).toBe(0);
    expect(world.flow).toMatchObject({ level: 'congested', reason: { code: 'payers_turned_away' } });
  });

  it('bounds the queue by time when demand jumps tenfold at all doors at once', () => {
    const perSecond = (nowMs: number): number => (nowMs < 12_000 ? 200 : 2_000);
    const customers = [{ ...steady('m', 0), perSecond }];
    const world = counted({ seed: 3, customers, doors: 6 }, 8_000);
    const longest = Math.max(...world.history.map(({ waiting }) => waiting));
    // What was let in before the jump was seen, and the bound itself: less than three seconds of the bank.
    expect(longest).toBeLessThan(3 * CAPACITY);
    expect(world.tallies[0]!.expired).toBe(0);
  });

  it('serves paying customers in full while bulk surges twelvefold', () => {
    const bulk = (nowMs: number): number => (nowMs < 12_000 ? 20 : 12 * CAPACITY);
    const customers = [steady('till', CAPACITY * 0.5), { ...steady('debits', 0, TIER.bulk), perSecond: bulk }];
    const world = counted({ seed: 4, customers, doors: 4 });
    const [paying, debits] = world.tallies;
    expect(paying!.admitted / paying!.offered).toBeGreaterThan(0.999);
    expect(debits!.admitted).toBeGreaterThan(0);
    expect(debits!.admitted / debits!.offered).toBeLessThan(0.2);
  });

  it('shares among merchants by need, not by who asks loudest', () => {
    const customers = [steady('loud', CAPACITY * 4), steady('usual', CAPACITY * 0.5), steady('small', CAPACITY * 0.1)];
    const [loud, usual, small] = counted({ seed: 5, customers }).tallies;
    expect(small!.admitted / small!.offered).toBeGreaterThan(0.9);
    expect(loud!.admitted / usual!.admitted).toBeLessThan(1.4);
    expect(loud!.admitted / usual!.admitted).toBeGreaterThan(0.7);
  });

  it('sees a bank that shrank, and lets in what is left of it', () => {
    const slots = (nowMs: number): number => (nowMs < 15_000 ? 60 : 24);
    const world = counted({ seed: 6, customers: [steady('m', CAPACITY * 3)], slots }, 25_000);
    const late = world.history.filter(({ atMs }) => atMs > 25_000);
    for (const { waiting } of late) expect(waiting).toBeLessThan(2 * 0.4 * CAPACITY);
    const drain = late.reduce((sum, { flow }) => sum + flow.wait.drainPerSecond, 0) / late.length;
    expect(drain / CAPACITY).toBeGreaterThan(0.3);
    expect(drain / CAPACITY).toBeLessThan(0.5);
  });

  it('tells nine of ten payers an upper end that holds', () => {
    const world = counted({ seed: 7, customers: [steady('m', CAPACITY * 2)] }, 60_000);
    const kept = world.outcomes.filter(({ actualMs, expired, forecast }) => !expired && actualMs <= forecast.p90Ms);
    expect(kept.length / world.outcomes.length).toBeGreaterThan(0.83);
    expect(kept.length / world.outcomes.length).toBeLessThan(0.97);
  });

  it('under a pause lets in what may wait, sends nothing, and goes on where it was', () => {
    const hold = (nowMs: number) => (nowMs > 12_000 && nowMs < 14_000 ? 'pause' : null);
    const world = counted({ seed: 8, customers: [steady('m', CAPACITY * 0.5)], hold }, 10_000);
    const paused = world.history.filter(({ flow }) => flow.hold === 'pause');
    expect(paused.every(({ flow }) => flow.limits.pay.effective === 0)).toBe(true);
    expect(paused.at(-1)!.waiting).toBeGreaterThan(100);
    expect(world.queue.length).toBeLessThan(50);
    expect(world.tallies[0]!.admitted / world.tallies[0]!.offered).toBeGreaterThan(0.9);
  });

  it('closes at the door under an order, and opens after it', () => {
    const hold = (nowMs: number) => (nowMs > 12_000 && nowMs < 16_000 ? 'maintenance' : null);
    const world = counted({ seed: 9, customers: [steady('m', CAPACITY * 0.5)], hold }, 6_100);
    expect(world.flow).toMatchObject({ level: expect.not.stringMatching('closed') as string });
    const held = world.history.filter(({ flow }) => flow.hold === 'maintenance');
    expect(held.every(({ flow }) => flow.level === 'closed' && flow.reason.code === 'held_by_operator')).toBe(true);
    expect([...world.refusals.keys()]).toContain('1 held_by_operator');
  });

  it('goes on for a minute without a word from the controller: seven tenths at least, and nothing beyond the queue’s bound', () => {
    const connected = (nowMs: number): boolean => nowMs < 15_000 || nowMs > 75_000;
    const world = counted({ seed: 10, customers: [steady('m', CAPACITY * 2)], connected }, 5_000);
    world.forget();
    world.run(60_000);
    expect(goodput(world, 60_000)).toBeGreaterThan(0.7);
    expect(world.queue.length).toBeLessThan(2.5 * CAPACITY);
  });
});
