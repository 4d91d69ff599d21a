import * as fc from 'fast-check';
import { ALL_LET_IN, type LoadShed, type Strain, mustShed, stepLoadShed } from './load-shed';

const WELL: Strain = { loopDelayMs: 5, heapShare: 0.3, residentShare: 0 };
const after = (strain: Strain, steps: number, from: LoadShed = ALL_LET_IN): LoadShed => {
  let state = from;
  for (let n = 0; n < steps; n += 1) state = stepLoadShed(state, strain);
  return state;
};
const sheds = (state: LoadShed) => [
  mustShed(state, 'bulk', 0.5),
  mustShed(state, 'paying', 0.5),
  mustShed(state, 'read', 0.5),
];

describe('a process that protects itself', () => {
  it('lets everybody in while it is well, to the last cohort', () => {
    const state = after(WELL, 100);
    expect(mustShed(state, 'bulk', 127 / 128)).toBe(false);
    expect(state).toEqual(ALL_LET_IN);
  });

  it('turns bulk away first, paying customers later, and reads last, when its event loop runs late', () => {
    const late = { ...WELL, loopDelayMs: 60 };
    expect(sheds(after(late, 1))).toEqual([false, false, false]);
    expect(sheds(after(late, 2))).toEqual([true, false, false]);
    expect(sheds(after({ ...WELL, loopDelayMs: 300 }, 2))).toEqual([true, true, false]);
    expect(sheds(after({ ...WELL, loopDelayMs: 1_200 }, 3))).toEqual([true, true, true]);
    expect(after(late, 9).because).toBe('loop_delay');
  });

  it('turns no paying customer away for a lateness that a payer hardly sees, however long it lasts (chaos, random, seed 302)', () => {
    expect(sheds(after({ ...WELL, loopDelayMs: 200 }, 600))).toEqual([true, false, false]);
    expect(sheds(after({ ...WELL, loopDelayMs: 900 }, 600))).toEqual([true, true, false]);
  });

  it('lets a kind in again when what is left of the lateness is not enough for it', () => {
    const nothing = after({ ...WELL, loopDelayMs: 1_200 }, 3);
    expect(sheds(after({ ...WELL, loopDelayMs: 60 }, 41, nothing))).toEqual([true, false, false]);
  });

  it('falls faster the later it is, but by one kind at most at a time', () => {
    expect(after({ ...WELL, loopDelayMs: 5_000 }, 1).openness).toBe(2);
    expect(after({ ...WELL, loopDelayMs: 100 }, 1).openness).toBeLessThan(
      after({ ...WELL, loopDelayMs: 50 }, 1).openness,
    );
  });

  it('sheds for memory that runs out as for lateness', () => {
    expect(after({ ...WELL, heapShare: 0.9 }, 3)).toMatchObject({ because: 'heap' });
    expect(sheds(after({ ...WELL, residentShare: 0.95 }, 4))).toEqual([true, false, false]);
  });

  it('stays as it is between strained and well, so that it does not swing', () => {
    const state = after({ ...WELL, loopDelayMs: 300 }, 4);
    expect(after({ ...WELL, loopDelayMs: 35 }, 50, state)).toEqual(state);
  });

  it('lets each kind in again within two seconds, the most urgent first', () => {
    const nothing = after({ ...WELL, loopDelayMs: 1_200 }, 3);
    expect(sheds(after(WELL, 15, nothing))).toEqual([true, true, false]);
    expect(sheds(after(WELL, 35, nothing))).toEqual([true, false, false]);
    expect(after(WELL, 61, nothing)).toEqual(ALL_LET_IN);
  });

  it('never turns a paying customer away while it lets bulk of the same place in, nor a read before either', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 3, noNaN: true }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (openness, place) => {
          const [bulk, paying, read] = (['bulk', 'paying', 'read'] as const).map((work) =>
            mustShed({ openness, because: null }, work, place),
          );
          expect(Number(bulk) >= Number(paying) && Number(paying) >= Number(read)).toBe(true);
        },
      ),
    );
  });
});
