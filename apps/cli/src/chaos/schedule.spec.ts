import { STEPS } from '#dispatch';
import { seededRandom } from '#simulation';
import { SCHEDULE_NAMES, randomRun, scheduleOf } from './schedule';

describe('schedules of faults', () => {
  it('kill a process at every named step', () => {
    const killed = scheduleOf('crash-points').runs.flatMap(({ faults }) => faults.map(({ step }) => step));
    expect(STEPS.filter((step) => !killed.includes(step))).toEqual([]);
  });

  it.each(SCHEDULE_NAMES)('%s can be read, and every fault begins while payments come', (name) => {
    for (const { faults, seconds } of scheduleOf(name).runs) {
      expect(faults.length).toBeGreaterThan(0);
      expect(faults.filter(({ at_s: atS }) => atS >= seconds)).toEqual([]);
    }
  });

  it('for CI take at most six minutes: a run is its load, some twenty seconds of peace and a start', () => {
    const seconds = scheduleOf('ci').runs.reduce((sum, run) => sum + run.seconds + 45, 0);
    expect(seconds).toBeLessThanOrEqual(6 * 60);
  });

  it('come out the same for the same seed, and differ between seeds', () => {
    const run = (seed: number) => JSON.stringify(randomRun(seededRandom(seed, 'schedule')));
    expect(run(7)).toBe(run(7));
    expect(new Set([1, 2, 3, 4, 5].map(run)).size).toBe(5);
  });

  it('say what there is when a name is wrong', () => {
    expect(() => scheduleOf('postgress')).toThrow(/no schedule postgress; there are crash-points, redis, postgres/);
  });
});
