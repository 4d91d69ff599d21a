import * as fc from 'fast-check';
import { drawInProportion } from './draw-in-proportion';

/** Chance that repeats: mulberry32, enough for counting. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe('drawing channels in proportion to headroom', () => {
  it('sends payers to each as often as it has room', () => {
    const random = chance(7);
    const first = { wide: 0, narrow: 0 };
    const room = { wide: 30, narrow: 10 };
    for (let payer = 0; payer < 4_000; payer += 1) {
      const [one] = drawInProportion(['wide', 'narrow'] as const, (channel) => room[channel], random);
      first[one!] += 1;
    }
    // 3,000 expected; five standard deviations are 137.
    expect(Math.abs(first.wide - 3_000)).toBeLessThan(137);
  });

  it('shows every channel that has room, once, and none without', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1e6, noNaN: true })), fc.integer(), (weights, seed) => {
        const places = weights.map((_, place) => place);
        const drawn = drawInProportion(places, (place) => weights[place]!, chance(seed));
        expect([...drawn].sort((a, b) => a - b)).toEqual(places.filter((place) => weights[place]! > 0));
      }),
    );
  });
});
