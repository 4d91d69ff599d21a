import * as fc from 'fast-check';
import { CONGESTION_LEVELS } from '#domain';
import { type LevelFacts, createLevel, stepLevel } from './level';

const calm: Omit<LevelFacts, 'nowMs'> = { closed: false, waitShare: 0, use: 0.5, share: 1 };
const queue: Omit<LevelFacts, 'nowMs'> = { ...calm, waitShare: 0.2, use: 1 };
const jam: Omit<LevelFacts, 'nowMs'> = { ...calm, waitShare: 0.7, use: 1, share: 0.4 };

/** The levels shown, a tick each. */
function shown(facts: readonly Omit<LevelFacts, 'nowMs'>[], first = createLevel(0)): string[] {
  let state = first;
  return facts.map((fact, tick) => (state = stepLevel(state, { ...fact, nowMs: (tick + 1) * 200 })).level);
}
const times = <One>(count: number, one: One): One[] => new Array<One>(count).fill(one);

describe('the congestion level', () => {
  it('rises once it has been so for two ticks: one may be noise', () => {
    expect(shown([...times(2, jam), calm])).toEqual(['normal', 'normal', 'normal']);
    expect(shown(times(4, jam)).at(-1)).toBe('congested');
  });

  it('falls only after three seconds on end', () => {
    const levels = shown([...times(3, jam), ...times(14, calm), jam, ...times(15, calm), ...times(3, calm)]);
    expect(levels.slice(2, -3)).toEqual(times(31, 'congested'));
    expect(levels.at(-1)).toBe('normal');
  });

  it('falls by the way of what it has become', () => {
    expect(shown([...times(3, jam), ...times(20, queue)]).at(-1)).toBe('busy');
  });

  it('does not flap where the wait wanders about a mark', () => {
    const around = [0.1, 0.14, 0.09, 0.13, 0.11, 0.15].map((waitShare) => ({ ...calm, waitShare }));
    const levels = shown([...times(3, queue), ...times(20, around).flat()]);
    expect(new Set(levels.slice(3))).toEqual(new Set(['busy']));
  });

  it('says closed and open at once: somebody decided that with care', () => {
    const closed = { ...calm, closed: true };
    expect(shown([calm, closed, closed, jam, calm])).toEqual(['normal', 'closed', 'closed', 'congested', 'congested']);
    expect(shown([closed, calm])).toEqual(['closed', 'normal']);
  });

  it('never changes more than twice in three seconds, whatever happens, unless the channel closes or opens', () => {
    const facts = fc.record({
      closed: fc.constant(false),
      waitShare: fc.double({ min: 0, max: 2, noNaN: true }),
      use: fc.double({ min: 0, max: 2, noNaN: true }),
      share: fc.constantFrom(1, 1, 0.5),
    });
    fc.assert(
      fc.property(fc.array(facts, { minLength: 15, maxLength: 15 }), (all) => {
        const levels = shown(all);
        const changes = levels.filter((level, tick) => tick > 0 && level !== levels[tick - 1]).length;
        expect(changes).toBeLessThanOrEqual(CONGESTION_LEVELS.length - 2);
      }),
    );
  });
});
