import { FlowWorld, steady } from '../spec-kit/flow-world';

/** 200 slots of 250 ms: 800 answers a second. */
const CAPACITY = 800;
const bank = { slots: () => 200, meanMs: 250 };

function goodput(world: FlowWorld, forMs: number): number {
  return (world.tallies.reduce((sum, { answered }) => sum + answered, 0) * 1_000) / forMs / CAPACITY;
}

describe('the flow of a channel', () => {
  it('lets everybody in while the bank can serve everybody', () => {
    const world = new FlowWorld({ seed: 1, customers: [steady('m', CAPACITY * 0.7)], ...bank }).run(20_000);
    world.forget();
    world.run(20_000);
    expect(world.tallies[0]!.admitted).toBe(world.tallies[0]!.offered);
    expect(world.flow.level).toBe('normal');
  });

  it.each([2, 10])(
    'serves all that the bank can at %d times as many, with a queue that is neither empty nor too long',
    (times) => {
      const world = new FlowWorld({ seed: 7, customers: [steady('m', CAPACITY * times)], ...bank }).run(20_000);
      world.forget();
      world.run(20_000);
      expect(goodput(world, 20_000)).toBeGreaterThan(0.95);
      for (const { waiting } of world.history) {
        expect(waiting).toBeGreaterThan(0.5 * CAPACITY);
        expect(waiting).toBeLessThan(2 * CAPACITY);
      }
      expect(world.tallies[0]!.expired).toBe(0);
      expect(world.flow.level).toBe('congested');
    },
  );
});
