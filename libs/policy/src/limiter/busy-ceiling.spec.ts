import { boundedBy, countRefused, cutToTaken, takenInside } from './busy-ceiling';
import { newCohort } from './cohort';

const cohort = { ...newCohort(0), workedMs: Array<number>(100).fill(250) };
const refusal = { startedMs: 0, endedMs: 10, class: 'busy' as const };
const nothing = { nowMs: 0, ceiling: 100, started: 0, ended: [], underWaySinceMs: [] };

describe('a bank that says busy', () => {
  it('is taken at what it really holds: refusals weigh by the time they took', () => {
    // 100 refusals of 15 ms within half a second are three calls in flight that never were inside.
    expect(takenInside({ ...cohort, busy: 100, busyMs: 1_500 }, 203, 500)).toBeCloseTo(200, 5);
  });

  it('is not taken at its word for two refusals, or for one in a hundred', () => {
    expect(takenInside({ ...cohort, busy: 2, busyMs: 30 }, 203, 500)).toBeNull();
    expect(
      takenInside({ ...cohort, workedMs: Array<number>(400).fill(250), busy: 4, busyMs: 60 }, 203, 500),
    ).toBeNull();
  });

  it('is asked for more only when the refusals that taught us the ceiling are paid for', () => {
    const { ceiling } = cutToTaken(200, 0, null);
    const dear = countRefused(ceiling, { ...nothing, ended: Array<typeof refusal>(160).fill(refusal) });
    // 160 refusals at 2 % of 800 answers a second: ten seconds.
    expect(boundedBy(dear, 9_900, 300, 0.8).limit).toBe(200);
    expect(boundedBy(dear, 10_100, 300, 0.8).limit).toBe(202);
  });

  it('is asked in steps that double, and without bound once it has taken half more', () => {
    let { ceiling, limit }: ReturnType<typeof boundedBy> = cutToTaken(100, 0, null);
    const steps: number[] = [];
    while (ceiling !== null) {
      ({ ceiling, limit } = boundedBy(ceiling, 60_000, 10_000, 1));
      steps.push(Math.round(limit));
    }
    expect(steps).toEqual([101, 103, 107, 116, 134, 177, 10_000]);
  });

  it('goes back to what was proven when a step was too much', () => {
    const { ceiling } = boundedBy(cutToTaken(100, 0, null).ceiling, 60_000, 10_000, 1);
    expect(cutToTaken(90, 61_000, ceiling).limit).toBe(100);
  });

  it('is left alone for as long as it asks, up to half a minute', () => {
    const { ceiling } = cutToTaken(100, 0, null);
    const asked = countRefused(ceiling, { ...nothing, ended: [{ ...refusal, retryAfterMs: 8_000 }] });
    expect(boundedBy(asked, 7_900, 200, 1).limit).toBe(100);
    expect(boundedBy(asked, 8_100, 200, 1).limit).toBe(101);
  });
});
